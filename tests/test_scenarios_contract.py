"""The contract as engines meet it: called so that nothing escapes, run only where needed, kept by the tables that they read."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from analytics.errors import Cancelled, ScenarioError
from analytics.scenarios import (
    Choice,
    Comparison,
    Declaration,
    Evidence,
    Lever,
    Measure,
    Number,
    PerKey,
    Question,
    Scenario,
    Schedule,
    Streams,
    Study,
    compare,
    study_of,
)
from analytics.scenarios.checks.trial import altered
from analytics.scenarios.values import MONTHS
from data import City, Classification
from tests.small_city import small_city


def nothing(*arguments: Any, **named: Any) -> Any:
    return None


@dataclass
class Desk:
    """An engine by draw that asks for one table; ``before`` is called in each part, by its name."""

    name: str = "desk"
    title: str = "A desk"
    version: str = "1"
    limits: tuple[str, ...] = ("It is a test.",)
    inputs: tuple[str, ...] = ("Nothing",)
    table: tuple[str, str] = ("areas", "ward")
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    outcome: bool = True
    before: Callable[[str], None] = nothing
    runs: list[str] = field(default_factory=list)

    @property
    def questions(self) -> tuple[Question, ...]:
        return (
            Question(
                f"{self.name}_question", "How many?", (*self.needs, self.name), self.name, levers=(f"{self.name}.pace",)
            ),
        )

    def applies(self, city: City) -> Any:
        self.before("applies")
        return None if self.table[1] in getattr(city, self.table[0]) else "Add the table to the city.toml."

    def declare(self, study: Study) -> Declaration:
        self.before("declare")
        self.runs.append("declare")
        lever = Lever(f"{self.name}.pace", "Pace", "Of work.", "visits", Number(0, 10, 1), default=2)
        measure = Measure(self.name, "Visits", "visits", outcome=self.outcome)
        return Declaration(levers=(lever,), reads=self.reads, writes=(measure,))

    def prepare(self, study: Study, *, progress: Any) -> None:
        self.before("prepare")

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        self.before("evidence")
        return Evidence()

    def run(
        self, study: Study, levers: Mapping[str, Any], uncertainties: Mapping[str, Any], upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:  # fmt: skip
        self.before("run")
        self.runs.append("run")
        table = study.table(*self.table)
        people = float(getattr(table, "frame", getattr(table, "values", None)).iloc[0, 1])
        values = people * levers[f"{self.name}.pace"] + streams.normal("desk", ["all"])[0]
        return {self.name: xr.DataArray(values, dims="draw")}


@pytest.fixture(scope="module")
def city() -> City:
    return small_city()


def run(city: City, *engines: Desk, **how: Any) -> Comparison:
    option = Scenario("faster", levers={f"{engines[0].name}.pace": 3})
    return compare(city, [Scenario("today"), option], periods=2, draws=100, engines=list(engines), **how)


# Whatever an engine raises


@pytest.mark.parametrize("part", ["applies", "declare", "prepare", "run", "evidence"])
def test_what_an_engine_raises_anywhere_is_one_sentence(city: City, part: str) -> None:
    def fails(here: str) -> None:
        if here == part:
            raise KeyError("population")

    with pytest.raises(ScenarioError) as caught:
        run(city, Desk(before=fails, version=part))
    assert str(caught.value).startswith(f"A desk failed (KeyError: 'population') in “{part}”: take it out")
    assert pickle.loads(pickle.dumps(caught.value)).sentence == caught.value.sentence  # noqa: S301 - our own bytes


def test_a_user_who_stops_the_work_is_not_an_engine_that_failed(city: City) -> None:
    def stop(here: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        run(city, Desk(before=stop, version="stopped"))


# Only what is needed, and once


def test_an_engine_declares_once_and_runs_only_where_it_is_wanted(city: City) -> None:
    wanted, upstream, other = (
        Desk(reads=("source",), version="w"),
        Desk("source", version="w"),
        Desk("other", version="w"),
    )
    found = run(city, wanted, upstream, other, measures=["desk"])
    assert {each.measure for each in found.differences} == {"desk", "source"}
    assert wanted.runs == ["declare", "run", "run"]
    assert upstream.runs == ["declare", "run"]
    assert other.runs == ["declare"]


def test_what_nobody_measures_cannot_be_wanted(city: City) -> None:
    with pytest.raises(ScenarioError, match="no measure named “beauty”: there are desk"):
        run(city, Desk(), measures=["beauty"])


def test_an_engine_that_does_not_apply_is_left_out_with_what_reads_it(city: City) -> None:
    absent, reader, other = Desk("absent", table=("networks", "x")), Desk(reads=("absent",)), Desk("other")
    found = run(city, other, absent, reader)
    assert {each.measure for each in found.differences} == {"other"}
    with pytest.raises(ScenarioError, match=r"Add the table to the city\.toml"):
        run(city, absent)


def test_a_question_offers_its_own_levers_and_begins_with_its_own_measure(city: City) -> None:
    first, second = Desk(), Desk("other")
    found = run(city, second, first, question="other_question")
    assert found.primary == "other"
    with pytest.raises(ScenarioError, match="no question named “why”: there are desk_question and other_question"):
        run(city, first, second, question="why")


def test_a_question_compares_what_its_levers_move_and_not_what_they_only_rest_on(city: City) -> None:
    source, reader = Desk("source", version="q"), Desk("other", reads=("source",), needs=("source",), version="q")
    found = run(city, reader, source, question="other_question")
    assert {each.measure for each in found.differences} == {"other"}
    assert source.runs == ["declare", "run"]


# Kept by the tables that were read


def test_another_table_that_was_not_read_runs_nothing_again(city: City) -> None:
    engine = Desk(version="kept by tables")
    run(city, engine)
    first = engine.runs.count("run")
    run(altered(city, "drivers", "jobs"), engine)
    assert engine.runs.count("run") == first == 2
    run(altered(city, "areas", "ward"), engine)
    assert engine.runs.count("run") == 2 * first
    run(city, engine)
    assert engine.runs.count("run") == 2 * first


def test_a_table_that_was_read_restricts_the_result_though_the_engine_forgets_it(city: City) -> None:
    ward = city.areas["ward"]
    held = replace(ward, provenance=replace(ward.provenance, classification=Classification.RESTRICTED))
    found = run(replace(city, areas={"ward": held}), Desk(version="forgetful"))
    assert found.classification == Classification.RESTRICTED
    assert run(city, Desk(version="forgetful")).classification == Classification.PUBLIC


def test_a_study_gives_tables_by_kind_and_name_at_its_own_frequency(city: City) -> None:
    study = study_of(city, periods=3, freq="MS")
    assert study.table("series").freq == "MS"
    assert study.table("series", "requests").values.index[-1] == study.start - study.freq.offset
    assert study.table("drivers", "jobs").freq == "YS"
    assert study.find("series", "nothing") is None
    assert study.names("drivers") == ("population", "jobs")
    with pytest.raises(ScenarioError, match="has no areas named “moon”: it has ward"):
        study.table("areas", "moon")


# What a lever may hold


def lever(kind: Any, **more: Any) -> Lever:
    return Lever("x.y", "X", "It is x.", more.pop("unit", "desks"), kind, **more)


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (Number(0, 10, 1), 3, 3.0),
        (Number(0, 1, 0.1), 0.3, 0.3),
        (Number(-1, 1), 0.123, 0.123),
        (PerKey(0, 1, keys=("a", "b")), {"b": 0.5}, {"b": 0.5}),
        (PerKey(0, 1, keys=("a", "b")), 0.5, 0.5),
        (Choice(("a", "b", "c")), ["c", "a"], ("a", "c")),
        (Choice(("1", "2")), {2}, ("2",)),
        (Schedule(0, 1, MONTHS), 0.5, (0.5,) * 12),
        (Schedule(0, 1, ("day", "night")), {"night": 1}, (0.0, 1.0)),
    ],
)
def test_what_is_written_is_read_and_reads_back(kind: Any, written: Any, value: Any) -> None:
    each = lever(kind)
    assert each.read(written, scenario="plan") == value
    assert each.read(kind.plain(value), scenario="plan") == value
    assert each.moves(value)
    assert not each.moves(each.read(None, scenario="plan"))
    for edge in kind.edges():
        each.read(edge, scenario="plan")


@pytest.mark.parametrize(
    ("kind", "written", "sentence"),
    [
        (Number(0, 10, 1), 2.5, "plan sets x.y to 2.5 desks: it goes from 0 desks to 10 desks in steps of 1 desks."),
        (Number(0, 10), -0.05, "plan sets x.y to −0.05 desks: it must lie between 0 desks and 10 desks."),
        (Number(0, 10), True, "it must be a number, in desks"),
        (Choice(("a", "b"), at_least=1), [], "plan chooses 0 for x.y: choose from 1 to 2, such as a and b."),
        (Choice(("a", "b")), 3, "it must be a list of ids"),
    ],
)
def test_what_cannot_be_held_is_refused_in_words(kind: Any, written: Any, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        lever(kind).read(written, scenario="plan")
    assert sentence in str(caught.value)


def test_a_key_or_slot_that_is_not_named_rests_where_the_lever_does() -> None:
    greener = lever(Schedule(0.5, 1.5, ("day", "night")), default=1.0)
    assert greener.read({"night": 1.2}, scenario="plan") == (1.0, 1.2)
    assert greener.rest == (1.0, 1.0)
    assert not greener.moves(greener.read({"night": 1.0}, scenario="plan"))
    assert not lever(PerKey(-1, 1, keys=("a", "b"))).moves({"a": 0.0})
    assert lever(Number(3, 5)).rest == 3
    assert np.isclose(lever(Number(0, 1, 0.1)).read(0.1 + 0.2, scenario="plan"), 0.3)
