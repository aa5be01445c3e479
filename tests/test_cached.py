"""What is kept between two runs of a page: found again for the same values, made anew for any other."""

from __future__ import annotations

import base64
import gc
import json
from dataclasses import dataclass, replace
from math import isfinite

import example_results as examples
import numpy as np
import pytest
from test_charts import EVERY

from analytics.results import Caveat, Severity
from dashboard.figures.chart import Line
from dashboard.figures.charts import capture_chart
from dashboard.figures.render.screen import screen_figure, sent_figure
from dashboard.shell.cached import once, sent_once
from data.words import PSEUDO, say, use_language


@dataclass(frozen=True, eq=False)
class Result:
    number: int


@pytest.fixture
def asked() -> list[object]:
    return []


def test_what_is_asked_again_is_made_once_and_whatever_differs_is_made_anew(asked: list[object]) -> None:
    def made(result: Result, *, share: float, caveats: tuple[Caveat, ...] = ()) -> str:
        asked.append((result.number, share, [each.evidence["n"] for each in caveats]))
        return say("words.unknown")

    def with_caveat(number: int) -> tuple[Caveat, ...]:
        return (Caveat("data_stale", Severity.NOTE, {"n": number}),)

    first, same = Result(1), Result(1)
    for _ in range(2):
        once(made, first, share=0.05)
        once(made, first, share=0.06)
        once(made, same, share=0.05)  # equal, and another object: who made it may have meant another
        once(made, first, share=0.05, caveats=with_caveat(1))
        once(made, first, share=0.05, caveats=with_caveat(2))
    assert asked == [(1, 0.05, []), (1, 0.06, []), (1, 0.05, []), (1, 0.05, [1]), (1, 0.05, [2])]


def test_a_truth_is_no_number_and_a_language_no_other(asked: list[object]) -> None:
    def made(value: object) -> str:
        asked.append(value)
        return say("words.unknown")

    assert once(made, True) == once(made, 1) == once(made, 1.0)
    assert list(map(type, asked)) == [bool, int, float]
    with use_language(PSEUDO):
        assert once(made, 1).startswith("⟦")
    assert len(asked) == 4


def test_what_something_was_made_of_lives_as_long_as_it_is_kept() -> None:
    def made(result: Result) -> int:
        return result.number

    # Objects that are made and forgotten get one another's addresses.
    for number in range(50):
        assert once(made, Result(number)) == number
        gc.collect(1)  # the young ones: to look through all that is loaded takes a sixth of a second


def test_a_chart_is_drawn_once_in_a_theme_and_a_language() -> None:
    chart = EVERY["capture"]()
    light = sent_once(chart, theme="light")
    assert sent_once(chart, theme="light") is light
    assert sent_once(chart, theme="dark").to_dict() != light.to_dict()
    assert sent_once(replace(chart), theme="light") is not light
    with use_language(PSEUDO):
        assert sent_once(chart, theme="light") is not light


@pytest.mark.parametrize("name", EVERY)
def test_what_is_sent_is_what_plotly_checked(name: str) -> None:
    chart = EVERY[name]()
    sent, checked = sent_figure(chart, theme="light").to_dict(), screen_figure(chart, theme="light").to_dict()
    assert sent["layout"].pop("datarevision") == 1, "else what streamlit draws again is drawn twice"
    checked["layout"].pop("template")
    assert sent["layout"] == checked["layout"]
    assert len(sent["data"]) == len(checked["data"])
    for ours, theirs in zip(sent["data"], checked["data"], strict=True):
        assert ours.keys() == theirs.keys()
        for key, value in ours.items():
            assert plain(value) == plain(theirs[key]), key


def plain(value: object) -> object:
    """Tuples and arrays as lists, and numbers as they are sent: of seven digits, with gaps for what is none."""
    if isinstance(value, dict) and "bdata" in value:
        array = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"])
        return plain(array.reshape([int(each) for each in value.get("shape", str(array.size)).split(",")]))
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float):
        return float(f"{value:.7g}") if isfinite(value) else None
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def test_what_is_sent_holds_lists_alone() -> None:
    sent = sent_figure(EVERY["hotspots"](), theme="light").to_dict()
    kinds = {type(each) for trace in sent["data"] for each in trace.values()}
    # Of typed arrays plotly cannot tell that they are the same, and draws them twice.
    assert kinds <= {str, int, float, bool, list, dict}
    assert "bdata" not in json.dumps(sent)


def test_another_share_moves_the_curves_point_and_leaves_the_other_sentences() -> None:
    hotspots = examples.hotspots()
    lines = []
    for share in (0.05, 0.08):
        chart = capture_chart(hotspots, share=share)
        (line,) = [mark for mark in chart.marks if isinstance(mark, Line) and mark.strong]
        lines.append(dict(zip(np.asarray(line.x).round(4).tolist(), line.hover, strict=True)))
    one, other = lines
    assert {at for at in one if one[at] != other[at]} == {0.05, 0.08}
    assert (one[0.05], other[0.08]) == ("", ""), "the point says it"
    assert len(set(one.values())) == len(one), "each share has a sentence of its own"
