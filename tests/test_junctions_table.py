"""Junctions in a city.toml: what they hold, and one sentence for each way to get them wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from data import CivicastError
from tests.junction_city import COUNTS, CROSSINGS, JUNCTIONS, MOVEMENTS, PLAN, SECTION, junction_city, opened
from tests.tiny_city import TOML


def test_junctions_are_read_as_they_are_stated(tmp_path: Path) -> None:
    found = opened(tmp_path)
    assert list(found.frame.index) == ["J1", "J2"]
    assert (found.corridors, found.along("High Street"), found.days) == (("High Street",), ("J1", "J2"), 3)
    assert len(found.movements) == 8
    assert found.movements["turn"].tolist()[:4] == ["through", "through", "left", "through"]
    assert found.movements["saturation"].isna().sum() == 2
    assert found.plans["green"].tolist() == [40, 30, 40, 30]
    assert found.provenance.as_of == pd.Timestamp("2024-01-03")
    first = found.counts.iloc[0]
    assert (first["minute"], first["vehicles"], first["day"]) == (420, 120, pd.Timestamp("2024-01-01"))
    assert json.dumps(found.describe(), default=str)


def test_counts_without_days_have_only_a_time_of_day(tmp_path: Path) -> None:
    found = opened(
        tmp_path, counts=COUNTS.replace("2024-01-01 ", "").replace("2024-01-02 ", "").replace("2024-01-03 ", "")
    )
    assert found.days == 0
    assert found.provenance.as_of is None
    assert found.counts["vehicles"].iloc[0] == 120 + 125 + 130, "what stands thrice is added up"


def test_counts_that_say_nothing_are_set_aside(tmp_path: Path) -> None:
    more = "J1,north,through,soon,5\nJ1,north,through,2024-01-03 08:00,many\nJ1,north,through,2024-01-03 08:15,-1\n"
    found = opened(tmp_path, counts=COUNTS + more)
    assert found.provenance.set_aside == {"time_unreadable": 1, "not_a_number": 1, "negative": 1}
    assert len(found.counts) == len(opened(tmp_path / "other").counts)


def test_the_fingerprint_follows_each_file(tmp_path: Path) -> None:
    before = opened(tmp_path).provenance.fingerprint
    others = {
        "counts": COUNTS.replace(",120\n", ",121\n"), "plan": PLAN.replace("40,3,2", "41,3,1"),
        "crossings": CROSSINGS.replace("12", "13"), "movements": MOVEMENTS.replace("1700", "1701"),
        "junctions": JUNCTIONS.replace("400", "401"),
    }  # fmt: skip
    for name, content in others.items():
        assert opened(tmp_path / name, **{name: content}).provenance.fingerprint != before, name


WRONG = {
    "no counts": ({"counts": "\n".join(each for each in COUNTS.split("\n") if "J2" not in each)}, "J2” has no counts"),
    "no plan": ({"plan": PLAN[: PLAN.index("J2")]}, "J2” has no plan"),
    "no movements": ({"movements": MOVEMENTS[: MOVEMENTS.index("J2")]}, "J2” has no movements"),
    "unknown junction": ({"counts": COUNTS + "J9,north,through,07:00,1\n"}, "names the junction “J9”"),
    "unknown movement": ({"counts": COUNTS + "J1,west,through,07:00,1\n"}, "names the movement “west.through”"),
    "planned movement": ({"plan": PLAN.replace("east.through", "west.through")}, "names the movement “west.through”"),
    "turn": ({"movements": MOVEMENTS.replace("left", "back")}, "a turn is “back”"),
    "lanes": ({"movements": MOVEMENTS.replace("left,2", "left,x")}, "has the lanes “x”"),
    "saturation": ({"movements": MOVEMENTS.replace("1700", "-5")}, "saturation flow above 0"),
    "twice": ({"movements": MOVEMENTS + "J1,north,through,1,1800\n"}, "stands twice"),
    "junction twice": ({"junctions": JUNCTIONS + "J1,x,15.05,50.05,,\n"}, "J1” stands twice"),
    "cycle": ({"plan": PLAN.replace("A,40", "A,50")}, "cannot fit: with yellow and all-red they last 90 seconds"),
    "minimums": ({"plan": PLAN.replace("2,8,", "2,80,")}, "need a cycle of 170 seconds"),
    "never green": ({"plan": PLAN.replace("south.left", "")}, "“south.left” at the junction “J1” never has green"),
    "negative green": ({"plan": PLAN.replace("B,30", "B,-30")}, "is no number of seconds"),
    "walked phase": ({"crossings": CROSSINGS.replace(",A,", ",C,")}, "is walked in the phase “C”"),
    "length": ({"crossings": CROSSINGS.replace(",12,", ",0,")}, "no length above 0"),
    "position": ({"junctions": JUNCTIONS.replace("15.055,50.05", ",")}, "J2” has no position"),
    "distance": ({"junctions": JUNCTIONS.replace("Street,400", "Street,")}, "give “distance” in metres"),
    "unnamed": ({"junctions": JUNCTIONS + ",x,15.05,50.05,,\n"}, "has no “junction_id”"),
    "longest": ({"toml": TOML + SECTION + "longest_cycle = 0\n"}, "longest_cycle"),
    "network": ({"toml": TOML + SECTION + 'network = "roads"\n'}, "roads"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_mistake_is_one_sentence(what: str, tmp_path: Path) -> None:
    files, words = WRONG[what]
    with pytest.raises(CivicastError) as error:
        junction_city(tmp_path, **files).of("junctions")["centre"].provenance  # noqa: B018
    assert words in str(error.value)
    assert str(error.value).count(". ") == 0


def test_programs_of_one_junction_have_the_same_phases(tmp_path: Path) -> None:
    header, *rows = PLAN.strip().split("\n")
    one = [f"{each},00:00" for each in rows]
    other = [f"{each.replace(',B,', ',C,')},07:00" for each in rows[:2]]
    with pytest.raises(CivicastError, match="have different phases"):
        opened(tmp_path, plan="\n".join([f"{header},start", *one, *other]))
