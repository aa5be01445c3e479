"""Engines of the workspace run in processes of their own: the same numbers, nothing lost, and whatever they do ends there."""

from __future__ import annotations

import pickle
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from analytics.__main__ import main
from analytics.errors import Cancelled, ScenarioError
from analytics.parallel import quiet
from analytics.plugins.apart import Apart
from analytics.plugins.plain import packed, unpacked
from analytics.plugins.registry import import_file
from analytics.scenarios import Comparison, Scenario, composition
from analytics.scenarios import compare as compared
from analytics.scenarios.apart.crossing import crossed, received
from analytics.scenarios.apart.message import laid, unlaid
from analytics.scenarios.contract import Answers, Ask, Engine, Lever, Prepares, Suggests
from analytics.scenarios.framing import study_of
from analytics.scenarios.memory import Memory
from analytics.scenarios.questions import questions_of
from analytics.scenarios.registry import REGISTRY
from analytics.scenarios.study import recorded
from analytics.scenarios.values import Choice, Number
from data import City, Classification
from data.confined import Ended, Limits, can_confine
from data.words import PSEUDO, Sentence, say, use_language
from tests.small_city import small_city

pytestmark = pytest.mark.skipif(not can_confine(), reason="this system cannot confine plug-ins")

FOLDER = Path(__file__).parent / "engines"
NAMES = ("closed_streets", "street_visits")
LIMITS = Limits(seconds=20, memory=512 << 20, answer=1 << 20, written=1 << 20)
PLAN = Scenario(
    "plan",
    {"streets.closed": ["mill"], "signals.green": 1.1, "buses.more": {"W03": 0.25}, "fare.price": 3},
)


def apart(path: Path, limits: Limits | None = None) -> tuple[Any, Apart]:
    """The engine of a file as its proxy, and the file."""
    own = REGISTRY.proxies
    assert own is not None
    file = Apart(path, registry=own.registry, refusals=own.refusals, limits=limits or own.limits)
    (facts,) = file.load()
    return own.proxy(facts, file), file


@pytest.fixture(scope="module")
def here() -> list[Engine]:
    """Both engines in this process."""
    for name in NAMES:
        import_file(FOLDER / f"{name}.py")
    return [REGISTRY.plugins.pop(name) for name in NAMES]


@pytest.fixture(scope="module")
def there() -> Iterator[list[Any]]:
    """Both engines in processes of their own."""
    found = [apart(FOLDER / f"{name}.py") for name in NAMES]
    yield [engine for engine, _ in found]
    for _, file in found:
        file.close()


@pytest.fixture(scope="module")
def city() -> City:
    return small_city(classification=Classification.RESTRICTED)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs its engines, whatever others have kept."""
    monkeypatch.setattr(composition, "_MEMORY", Memory())


def compare(city: City, engines: Sequence[Any], *scenarios: Scenario, **more: Any) -> Comparison:
    return compared(city, [Scenario("today"), *scenarios], draws=200, periods=2, engines=engines, **more)


# The same numbers


def test_an_engine_gives_the_same_apart_to_the_last_bit(city: City, here: list[Engine], there: list[Any]) -> None:
    first, second = (compare(city, engines, PLAN) for engines in (here, there))
    assert set(first.paired) == {("plan", name) for name in ("delay", "queue", "visits", "wait")}
    for key, values in first.paired.items():
        np.testing.assert_array_equal(second.paired[key], values)
    for name in ("differences", "receipt", "made_from", "caveats", "levers", "measures", "classification"):
        assert getattr(second, name) == getattr(first, name), name
    assert "horizon_long" in [each.code for each in second.caveats]


def test_an_option_against_itself_is_exactly_no_difference(city: City, there: list[Any]) -> None:
    found = compare(city, there, replace(PLAN, name="again"), PLAN, baseline="plan")
    for name in ("delay", "queue", "visits", "wait"):
        assert not np.asarray(found.paired["again", name]).any()


def test_results_are_kept_as_those_of_any_other(city: City, there: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    first = compare(city, there, PLAN)
    parts: list[str] = []
    for engine in there:
        call = engine.file.call
        monkeypatch.setattr(
            engine.file,
            "call",
            lambda name, part, *v, call=call, **o: (parts.append(part), call(name, part, *v, **o))[1],
        )
    again = compare(city, there, PLAN)
    assert "run" not in parts
    assert again.differences == first.differences


def test_an_engine_apart_fills_the_contracts_that_it_fills_here(here: list[Engine], there: list[Any]) -> None:
    for contract in (Engine, Prepares, Answers, Suggests):
        assert [isinstance(each, contract) for each in there] == [isinstance(each, contract) for each in here]
    for own, other in zip(here, there, strict=True):
        for name in ("name", "title", "version", "limits", "inputs"):
            assert getattr(other, name) == getattr(own, name)


def test_questions_and_plans_cross(city: City, here: list[Any], there: list[Any]) -> None:
    asked, answered = ({each.name: each for each in engines} for engines in (here, there))
    assert questions_of(city, engines=answered) == questions_of(city, engines=asked)
    study = study_of(city, draws=200, periods=2)
    here[1].prepare(study, progress=quiet)
    plans = [engines[1].suggest(study, Ask(most=2), progress=quiet) for engines in (here, there)]
    assert plans[0] == plans[1]
    assert len(plans[1]) == 2
    with pytest.raises(ScenarioError, match="visits") as caught:
        there[1].suggest(study, Ask(budget=0.0), progress=quiet)
    assert caught.value.code == "no_suggestions"


def test_a_city_that_lacks_something_is_told_so(there: list[Any]) -> None:
    assert there[1].applies(small_city(layers={})).startswith("Visits need residents")


def test_it_answers_in_the_language_of_who_asks(city: City, tmp_path: Path) -> None:
    says = "from data.words import say; return say('words.points', {'number': '1.2'})"
    engine, file = hostile(tmp_path, applies=says)
    for each in (PSEUDO, "en"):
        with use_language(each):
            assert engine.applies(city) == say("words.points", {"number": "1.2"})
    file.close()


def test_what_is_no_table_can_be_read_too(city: City, tmp_path: Path) -> None:
    wanted = replace(city, targets={"fewer": "what the city wants"})
    engine, file = hostile(tmp_path, run="assert study.city.targets['fewer']; return ones(study.draws)")
    found = compare(wanted, [engine], Scenario("plan", {"harm.done": 0.5}))
    assert [each.name for each in found.made_from] == []
    file.close()


def test_each_city_has_its_own_tables(here: list[Engine], there: list[Any], city: City) -> None:
    other = small_city(layers={"ward": ("W03", "W04")})
    for each in (other, city):
        first, second = (compare(each, engines, PLAN) for engines in (here, there))
        assert second.differences == first.differences


# What stays there, and what is known of it here


def test_what_was_prepared_is_prepared_again_where_its_process_has_ended(
    city: City, here: list[Any], there: list[Any]
) -> None:
    study, engine = study_of(city, draws=200, periods=2), there[1]
    hours = xr.DataArray(np.ones((200, 2, 3)), dims=["draw", "hour", "link"])
    given: tuple[Any, ...] = (
        {"buses.more": 0.0, "fare.price": 2.0}, {"visits.habit": None}, {"delay": hours}, study.streams,
    )  # fmt: skip
    engine.prepare(study, progress=quiet)
    here[1].prepare(study, progress=quiet)
    before = engine.run(study, *given)
    engine.file.close()
    after = engine.run(study, *given)
    for name, wanted in here[1].run(study, *given).items():
        assert wanted.equals(before[name])
        assert wanted.equals(after[name])
        assert before[name].to_numpy().strides == wanted.to_numpy().strides


def test_each_table_is_sent_once_and_only_when_it_is_asked_for(
    city: City, there: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    study, engine = study_of(city, draws=200, periods=2), there[1]
    engine.file.close()
    call, questions = engine.file.call, []

    def watched(*values: Any, answer: Callable[[Any], Any], **named: Any) -> Any:
        return call(*values, answer=lambda asks: questions.append(asks) or answer(asks), **named)

    monkeypatch.setattr(engine.file, "call", watched)
    for _ in range(2):
        with recorded() as asked:
            engine.declare(study)
            engine.evidence(study, moved=(), assumed=())
        assert [(kind, name) for kind, name, _ in asked] == [("areas", "ward"), ("series", "requests")]
    assert questions == [{"table": ["areas", "ward"]}, {"table": ["series", "requests"]}]
    with recorded() as asked:
        there[0].declare(study)
    assert [(kind, name) for kind, name, _ in asked] == [("areas", "")]


def test_the_share_that_is_done_is_told_and_may_stop_the_work(city: City, tmp_path: Path) -> None:
    engine, file = hostile(tmp_path, prepare="while True: progress(0.5, 'Counting')")
    told: list[tuple[float, Any]] = []

    def stop(share: float, doing: Any) -> None:
        told.append((share, doing))
        raise Cancelled

    study = study_of(city, draws=200, periods=2)
    with pytest.raises(Cancelled):
        engine.prepare(study, progress=stop)
    assert told == [(0.5, "Counting")]
    assert engine.applies(city) is None  # asked of another process
    file.close()


# Whatever an engine does ends in one sentence

HEAD = """
import os, signal, sys, time
import numpy as np
import xarray as xr
from analytics.results import Caveat, Severity
from analytics.scenarios.contract import Declaration, Evidence, Lever
from analytics.scenarios.measure import Measure
from analytics.scenarios.registry import register
from analytics.scenarios.values import Number

class Hostile:
    name, title, version, limits, inputs = "hostile", "Hostile", "1", ("It is a test.",), ("Nothing",)

    def applies(self, city):
        {applies}

    def declare(self, study):
        {declare}

    def prepare(self, study, *, progress):
        {prepare}

    def run(self, study, levers, uncertainties, upstream, streams):
        {run}

    def evidence(self, study, *, moved, assumed):
        {evidence}

def ones(*shape):
    return {{"harm": xr.DataArray(np.ones(shape), dims=["draw", "place"][:len(shape)])}}

register(Hostile())
"""
GOOD = {
    "applies": "return None",
    "declare": (
        "return Declaration((Lever('harm.done', 'Harm', 'Any.', 'share', Number(0, 1)),), "
        "writes=(Measure('harm', 'Harm', 'ill'),))"
    ),
    "prepare": "pass",
    "run": "return ones(study.draws)",
    "evidence": "return Evidence()",
}  # fmt: skip
DEEDS = {
    "raises": ("run", "raise RuntimeError('I am lost')", "RuntimeError: I am lost"),
    "exits": ("declare", "sys.exit(3)", "SystemExit: 3"),
    "leaves": ("run", "os._exit(3)", "it ended its own process, with status 3"),
    "loops": ("applies", "while True: pass", "stopped after 0.5 seconds without an answer"),
    "takes_memory": ("prepare", "bytearray(8 << 30)", "more than the 512 MB of memory"),
    "signals": ("evidence", "os.kill(os.getpid(), signal.SIGSEGV)", "ended by SIGSEGV"),
    "says_nan": ("run", "return {'harm': ones(study.draws)['harm'] * np.nan}", "without a number"),
    "has_another_shape": ("run", "return ones(study.draws, 2)", "place (2)"),
    "answers_too_much": ("run", "return ones(study.draws, 100_000)", "larger than the 1 MB"),
    "answers_no_results": ("run", "return [1, 2]", "it gives “list” where “dict” is promised"),
    "answers_code": ("run", "return {'harm': print}", "is not plain"),
    "declares_nonsense": ("declare", "return Declaration(levers=(3,))", "the field “levers” of “Declaration”"),
    "declares_nothing": ("declare", "return None", "“NoneType” where “Declaration” is promised"),
    "knows_a_secret_caveat": (
        "evidence", "return Evidence(caveats=(Caveat('made_up', Severity.NOTE),))", "the caveat “made_up”",
    ),
    "asks_for_ever": (
        "applies", "while True:\n            city.areas.kept.clear(); city.areas['ward']", "stopped after 0.5 seconds",
    ),
    "asks_for_what_there_is_not": ("applies", "city.areas.ask({'table': ['areas', 'nowhere']})", "KeyError"),
}  # fmt: skip


def hostile(folder: Path, **parts: str) -> tuple[Any, Apart]:
    path = folder / "hostile.py"
    path.write_text(HEAD.format(**(GOOD | parts)))
    return apart(path, LIMITS)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_hostile_engine_ends_in_one_sentence(city: City, tmp_path: Path, deed: str) -> None:
    part, body, why = DEEDS[deed]
    engine, file = hostile(tmp_path, **{part: body})
    if "stopped" in why:
        file.limits = replace(LIMITS, seconds=0.5)
    with pytest.raises(ScenarioError, match=re.escape(why)) as caught:
        compare(city, [engine], Scenario("plan", {"harm.done": 0.5}))
    assert "\n" not in str(caught.value)
    file.close()


def test_asking_the_same_again_and_again_takes_its_own_time(city: City, tmp_path: Path) -> None:
    opened: list[str] = []

    class Slow(dict[str, Any]):
        def __getitem__(self, name: str) -> Any:
            opened.append(name)
            time.sleep(0.2)
            return super().__getitem__(name)

    engine, file = hostile(tmp_path, applies=DEEDS["asks_for_ever"][1])
    file.limits = replace(LIMITS, seconds=0.5)
    with pytest.raises(Ended, match=r"stopped after 0\.5 seconds"):
        engine.applies(replace(city, areas=Slow(city.areas)))
    assert len(opened) <= 5  # of 0.2 seconds each, of which only the first is not its own
    file.close()


def test_the_questions_of_others_are_answered_beside_it(city: City, tmp_path: Path, there: list[Any]) -> None:
    asks = "questions = (__import__('analytics.scenarios').scenarios.Question('harm', 'Harm', ('hostile',), 'harm'),)"
    engine, file = hostile(tmp_path, applies=f"os._exit(3)\n\n    {asks}")
    first, second = questions_of(city, engines={each.name: each for each in (engine, *there)})
    assert (first.question.name, first.answerable) == ("visits", True)
    assert second.question.name == "harm"
    assert "with status 3" in str(second.missing[0])
    file.close()


@pytest.mark.usefixtures("sample_city")
def test_questions_are_listed_whatever_one_of_them_lacks(
    here: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    REGISTRY.all()
    monkeypatch.setattr(REGISTRY, "plugins", {each.name: each for each in here})
    assert main(["questions", "meridian"]) == 0
    assert "has no areas named “ward”" in capsys.readouterr().out


def test_one_that_behaves_is_compared(city: City, tmp_path: Path) -> None:
    engine, file = hostile(tmp_path)
    assert [each.verdict for each in compare(city, [engine], Scenario("plan", {"harm.done": 0.5})).differences] == [
        "no_change"
    ]
    file.close()


def test_what_it_reads_past_the_study_is_known_each_time(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, file = hostile(tmp_path, run="study.city.series['requests']; return ones(study.draws)")
    for _ in range(2):
        monkeypatch.setattr(composition, "_MEMORY", Memory())
        found = compare(city, [engine], Scenario("plan", {"harm.done": 0.5}))
        assert [each.name for each in found.made_from] == ["requests"]
    file.close()


def test_what_it_reads_is_known_whatever_it_says(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hides = (
        "from analytics.scenarios import study as s; s._ASKED.set([]); study.city.series['requests']; return ones(200)"
    )
    engine, file = hostile(tmp_path, run=hides)
    assert compare(city, [engine], Scenario("plan", {"harm.done": 0.5})).classification is Classification.RESTRICTED
    file.close()
    monkeypatch.setattr(composition, "_MEMORY", Memory())
    engine, file = hostile(tmp_path)
    assert compare(city, [engine], Scenario("plan", {"harm.done": 0.5})).classification is Classification.PUBLIC
    file.close()


def test_more_work_has_more_time(city: City) -> None:
    engine, file = apart(FOLDER / "closed_streets.py")
    file.close()
    seconds: list[float] = []

    def call(*values: Any, seconds: float, **named: Any) -> dict[str, Any]:
        given.append(seconds)
        return {"found": crossed({}), "asked": []}

    given = seconds
    file.call = call  # type: ignore[method-assign]
    file.limits = replace(LIMITS, seconds=10)
    for draws, periods in ((500, 12), (20_000, 100)):
        study = study_of(city, draws=draws, periods=periods)
        engine.run(study, {}, {}, {}, study.streams)
    assert seconds == [pytest.approx(240 + 20 * 0.006), pytest.approx(240 + 20 * 2)]


# What crosses


def _same(value: np.ndarray[Any, Any]) -> None:
    back = unpacked(packed(value))
    np.testing.assert_array_equal(back, value)
    assert back.strides == value.strides
    assert back.flags.aligned


def test_arrays_keep_the_order_of_their_axes() -> None:
    whole = np.arange(24.0).reshape(2, 3, 4)
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)):
        _same(np.ascontiguousarray(whole.transpose(order)).transpose(np.argsort(order)))
        array = xr.DataArray(whole.transpose(order), dims=["a", "b", "c"])
        dims, lies = pickle.loads(pickle.dumps(laid(array)))  # noqa: S301 - made a moment ago
        back = unlaid((dims, lies))
        assert back.identical(array)
        assert back.to_numpy().strides == array.to_numpy().strides
        with pytest.raises(ValueError, match="read-only"):
            back.to_numpy()[0, 0, 0] = 1


def test_numbers_lie_where_they_can_be_used() -> None:
    back = unpacked(packed({"known": np.array([True, False, True]), "values": np.arange(3.0)}))
    assert back["values"].tolist() == [0, 1, 2]
    assert back["values"].flags.aligned


def test_labels_along_any_dimensions_come_back() -> None:
    riders = np.arange(6.0).reshape(2, 3)
    array = xr.DataArray(
        riders * 2,
        {
            "area_id": ["a", "b"],
            "riders": (["area_id", "draw"], riders),
            "both": (["area_id"], [True, False]),
            "q": 0.5,
        },
        ["area_id", "draw"],
    )
    back = unpacked(packed(array))
    xr.testing.assert_identical(back.assign_coords(area_id=back.area_id.astype(str)), array)


def test_sentences_keep_their_codes_and_others_become_text() -> None:
    sentence = Sentence("words.points", {"number": "1.2"})
    assert received(unpacked(packed(crossed(sentence))), object) == sentence
    unknown = crossed(sentence) | {"fields": crossed(sentence)["fields"] | {"code": "errors.nowhere"}}
    assert received(unknown, str) == "1.2 points"
    unfilled = crossed(sentence) | {"fields": crossed(sentence)["fields"] | {"evidence": crossed({})}}
    assert received(unfilled, str) == "1.2 points"


def test_a_lever_keeps_the_kind_of_what_it_holds() -> None:
    for kind in (Number(0, 1, 0.5), Choice(("a", "b"), at_most=1)):
        lever = Lever("a.b", "A", "B.", "euro", kind, seen=(0.0, 1.0))
        assert received(unpacked(packed(crossed(lever))), Lever) == lever
    bad = crossed(Lever("a.b", "A", "B.", "euro", Number(0, 1)))
    bad["fields"]["kind"] = 3
    with pytest.raises(TypeError, match="the field “kind” of “Lever” cannot hold"):
        received(bad, Lever)
