"""What pages open with is made before anybody asks: the figures first, each thing once, and nothing of what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.answers import kept
from analytics.forecasting.contract import find_model
from analytics.hotspots import PartOfWeek
from analytics.openings import first_forecast, first_map
from analytics.parallel import quiet
from analytics.requests import (
    AuditRequest,
    CityRequest,
    ComparisonRequest,
    CorridorRequest,
    EnergyRequest,
    ForecastRequest,
    JunctionRequest,
    LostRequest,
    MapRequest,
    SeriesRequest,
    city_request,
)
from analytics.scenarios import Scenario, compare, composition, make_ready
from analytics.scenarios.engines.baseline import baseline_forecast
from dashboard.beforehand import Work, _begin_first, _signals, make
from dashboard.serving import first
from dashboard.shell.cached import city_for_routes
from dashboard.shell.cities import START
from dashboard.views.hotspots.work import LatelyRequest, audit_of, first_audit, hotspots_of, lately_of
from dashboard.views.outlook.work import ServiceRequest, outlook_of, service_of, weather_of
from dashboard.views.overview.known import read_back
from dashboard.views.overview.work import amounts_part, figures_part, unusual_part, weeks_part
from dashboard.views.scenarios.opening import first_comparison, first_offer
from dashboard.views.scenarios.work import (
    FirstComparison,
    NeedsRequest,
    OfferRequest,
    ReadyRequest,
    ReplaysRequest,
    _follows,
    comparison_of,
    needs_of,
    offer_of,
    ready_of,
    replays_of,
)
from dashboard.views.traffic.signals_work import lost_of
from dashboard.workers import jobs
from dashboard.workers.work import (
    chances_of,
    city_of,
    effects_of,
    from_files,
    kept_opening,
    opened,
    opened_to_watch,
)
from data import CivicastError, open_city
from data.store.results import save
from data.store.workspace import home
from data.words import PSEUDO, use_language
from tests.crews_city import crews_city
from tests.desk_city import desk_city
from tests.junction_city import junction_city
from tests.tiny_city import write_city

PICTURES = {"outlook_of", "hotspots_of", "lately_of", "audit_of", "comparison_of"}
DAYS = 120
TARGET_AND_COST = """
[targets.fewer]
title = "Fewer requests in May"
series = "requests"
from = 2024-04-20
until = 2024-05-20
at_most = 100

[costs.site]
title = "A new site"
amount = 10
low = 5
high = 20
unit = "site"
every = "once"
year = 2024
currency = "CZK"
source = "An offer"
"""


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return city_of_days(tmp_path, DAYS)


@pytest.fixture
def old_city(tmp_path: Path) -> Path:
    """With months enough to be forecast."""
    return city_of_days(tmp_path, 600)


def city_of_days(folder: Path, n: int) -> Path:
    days = pd.date_range("2024-01-01", periods=n, freq="D").strftime("%Y-%m-%d")
    rows = "".join(f"{day},{ward},{3 + index % 7}\n" for index, day in enumerate(days) for ward in (1, 2))
    return write_city(folder, requests="day,ward,n\n" + rows)


class Done:
    """Does works at once in this process, but for first pictures, and remembers their names."""

    def __init__(self) -> None:
        self.names: list[list[str]] = []
        self.pictures: list[Any] = []

    def __call__(self, works: Sequence[Work]) -> list[Any]:
        self.names.append([function.__name__ for function, _ in works])
        return [self._done(work) for work in works]

    def _done(self, work: Work) -> Any:
        function, request = work
        if function.__name__ in PICTURES:
            self.pictures.append(request)
            return None
        try:
            return function(request, progress=quiet)
        except CivicastError:
            return None


def test_no_page_waits_to_be_told_that_a_city_has_no_targets(city: Path) -> None:
    assert read_back(city_request(str(city))).chances == ()
    city.write_text(city.read_text(encoding="utf-8") + TARGET_AND_COST, encoding="utf-8")
    assert "chances" in read_back(city_request(str(city))).missing


def test_the_figures_are_first_and_all_that_the_overview_shows_is_kept(city: Path) -> None:
    request, run = city_request(str(city)), Done()
    assert read_back(request).missing == {"figures", "sources", "weeks", "unusual"}
    make(request, run=run)
    assert run.names == [
        ["figures_part"], ["city_of", "sources_part", "weeks_part", "unusual_part", "amounts_part"],
        ["outlook_of"], ["effects_of"],
        ["hotspots_of"], ["lately_of"], ["audit_of"], ["offer_of"], ["comparison_of"], ["stated_before"],
    ]  # fmt: skip
    *pictures, comparison = run.pictures
    assert comparison.asked.question == "demand"
    assert [each.name for each in comparison.asked.scenarios] == ["Today", "Option A", "Option B"]
    assert pictures == [
        ForecastRequest(request, series="requests", horizon=28, reconcile=True, keep=True),
        MapRequest(request, incidents="theft"),
        LatelyRequest(request, incidents="theft", category=None, part=PartOfWeek()),
        AuditRequest(MapRequest(request, incidents="theft"), share=0.05),
    ]
    known = read_back(request)
    assert known.missing == frozenset()
    assert known.figures is not None
    assert [(each.name, each.value) for each in known.figures.weeks] == [("requests", 2 * sum(range(3, 10)))]
    assert [each.name for each in known.figures.apart] == ["theft"]
    # What would have been stated the day before is played back, so the page can say what has changed.
    assert known.change is not None
    assert known.change.since == known.figures.end - pd.Timedelta(days=1)


def test_the_figures_of_the_city_that_opens_first_are_begun_where_they_are_not_kept(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(START, str(city))
    begun: list[Work] = []
    _begin_first(begun.append)
    assert begun == [(figures_part, city_request(str(city)))]
    figures_part(city_request(str(city)), progress=quiet)
    _begin_first(begun.append)
    assert len(begun) == 1


def test_figures_that_a_server_begins_before_it_has_loaded_are_kept_for_the_page(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(START, str(city))
    first._figures(str(city))
    begun: list[Work] = []
    _begin_first(begun.append)
    assert begun == []


def test_pages_of_signals_are_made_from_where_most_time_is_lost_on(tmp_path: Path) -> None:
    city, request = junction_city(tmp_path), city_request(str(tmp_path / "city.toml"))
    asked: list[Any] = []

    def run(works: Sequence[Work]) -> list[Any]:
        asked.extend(works)
        return [{"J2": 3.0, "J1": 2.0}]

    made = [work for _, work in _signals(city, request, run=run)]
    assert asked == [(lost_of, LostRequest(request))]
    assert made == [
        JunctionRequest(request, junctions="centre", junction="J2"),
        JunctionRequest(request, junctions="centre", junction="J1"),
        CorridorRequest(request, junctions="centre", corridor="High Street"),
    ]
    assert list(_signals(replace(city, others={}), request, run=run)) == []


def test_what_is_kept_is_not_made_again(city: Path) -> None:
    request, again = city_request(str(city)), Done()
    make(request, run=Done())
    make(request, run=again)
    assert again.names[0] == ["city_of"]


def test_a_city_is_read_from_its_files_once_for_all_processes(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = city_request(str(city))
    first = city_of(request, progress=quiet)
    for forgotten in (opened, from_files):
        forgotten.cache_clear()

    def unread(*given: object) -> None:
        raise AssertionError("a table was read again")

    monkeypatch.setattr("dashboard.workers.work.open_city", unread)
    again = opened(request)
    assert again is not first
    assert again.fingerprint == first.fingerprint
    assert city_for_routes(city).fingerprint == first.fingerprint
    # Nobody else may read what lies there: the files themselves may be closed to others.
    assert (home() / "answers").stat().st_mode & 0o077 == 0


def test_the_overview_waits_for_no_table_that_it_is_not_made_from(city: Path) -> None:
    city.write_text(city.read_text() + TARGET_AND_COST)
    request = city_request(str(city))
    figures_part(request, progress=quiet)
    forgotten: Any
    for forgotten in (opened, opened_to_watch, from_files):
        forgotten.cache_clear()  # as in another process
    found = opened_to_watch(request)
    first = set(found.areas.tables.opened)
    assert {("series", "requests"), ("incidents", "theft"), ("targets", "fewer")} <= first
    for part in (weeks_part, unusual_part, chances_of, amounts_part):
        part(request, progress=quiet)
    assert opened_to_watch(request) is found
    assert set(found.areas.tables.opened) == first
    assert list(found.of("costs")) == ["site"]
    assert ("costs", "site") not in first


def test_what_a_view_opens_with_is_read_back_until_something_it_rests_on_changes(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = city_request(str(city))
    asked = first_forecast(open_city(city), request, "requests")
    computed: list[ForecastRequest] = []

    def computing(self: ForecastRequest, city: object, *, progress: object) -> str:
        computed.append(self)
        return f"forecast {len(computed)}"

    monkeypatch.setattr(ForecastRequest, "answer", computing)
    assert outlook_of(asked, progress=quiet) == kept_opening(asked) == outlook_of(asked, progress=quiet) == "forecast 1"
    # The page reads it back by itself: no worker is asked.
    monkeypatch.setattr("dashboard.workers.jobs.pool_of", None)
    job = jobs.submit(outlook_of, asked, asker="test")
    assert (job.done(), job.before(), job.progress(), job.result()) == (True, 0, (0.0, ""), "forecast 1")
    assert jobs.submit(outlook_of, asked, asker="another") is job
    # What somebody has chosen is not kept, and takes no place of what is.
    other = replace(asked, horizon=14)
    assert kept_opening(other) is None
    assert outlook_of(other, progress=quiet) == "forecast 2"
    assert kept_opening(replace(asked, model="theta")) is None
    assert kept_opening(asked) == "forecast 1"
    # A slow model that has been measured may be the better one.
    save("slow_backtest", "x", tables={}, record={})
    assert kept_opening(asked) is None
    assert outlook_of(asked, progress=quiet) == kept_opening(asked) == "forecast 3"
    models = {"seasonal_naive": replace(find_model("seasonal_naive"), version="another")}
    monkeypatch.setattr("analytics.openings.models", lambda: models)
    assert kept_opening(asked) is None
    assert kept_opening(replace(asked, city=replace(request, stamp="later"))) is None
    jobs.stop()


def test_what_stands_beside_a_forecast_is_read_back_of_a_whole_series_as_it_stands(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = city_request(str(city))
    asked = SeriesRequest(request, series="requests")
    (made,) = effects_of(asked, progress=quiet)
    service, weather = ServiceRequest(request, series="requests"), EnergyRequest(request, series="requests")
    for kind in (ServiceRequest, EnergyRequest):
        monkeypatch.setattr(kind, "answer", lambda self, city, *, progress=quiet: f"answer of {type(self).__name__}")
    service_of(service, progress=quiet)
    weather_of(weather, progress=quiet)
    area = replace(asked, area="1")
    assert effects_of(area, progress=quiet)
    spell = replace(weather, since=pd.Timestamp("2024-02-01"), until=pd.Timestamp("2024-02-03"))
    assert weather_of(spell, progress=quiet) == "answer of EnergyRequest"
    monkeypatch.setattr("dashboard.workers.jobs.pool_of", None)
    (again,) = jobs.submit(effects_of, asked, asker="test").result()
    pd.testing.assert_frame_equal(again.effects, made.effects)
    assert jobs.submit(service_of, service, asker="test").result() == "answer of ServiceRequest"
    assert jobs.submit(weather_of, weather, asker="test").result() == "answer of EnergyRequest"
    # What somebody has chosen takes no place of it, and is asked of a worker.
    for function, chosen in ((effects_of, area), (weather_of, spell)):
        with pytest.raises(TypeError):
            jobs.submit(function, chosen, asker="test")
    jobs.stop()


def test_a_map_that_a_view_opens_with_is_read_back(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = first_map(city_request(str(city)), "theft")
    monkeypatch.setattr(MapRequest, "answer", lambda self, city, *, progress: "map")
    assert hotspots_of(asked, progress=quiet) == kept_opening(asked) == "map"
    assert kept_opening(replace(asked, cell_size=100.0)) is None
    assert kept_opening(replace(asked, incidents="fires")) is None
    monkeypatch.setattr("analytics.openings.methods", dict)
    assert kept_opening(asked) is None


def test_an_audit_and_late_clusters_that_a_page_opens_with_are_read_back_and_no_others(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = first_map(city_request(str(city)), "theft")
    audit, late = first_audit(asked), LatelyRequest.of(asked)
    monkeypatch.setattr(MapRequest, "answer", lambda self, city, *, progress: "map")
    monkeypatch.setattr(AuditRequest, "answer", lambda self, city, *, hotspots, progress: f"{hotspots} at {self.share}")
    assert lately_of(late, progress=quiet) == ()  # fewer events than can be scanned
    assert audit_of(audit, progress=quiet) == "map at 0.05"
    assert audit_of(replace(audit, share=0.1), progress=quiet) == "map at 0.1"
    assert audit_of(first_audit(replace(asked, cell_size=100.0)), progress=quiet) == "map at 0.05"
    assert lately_of(replace(late, part=PartOfWeek(22, 6)), progress=quiet) == ()
    monkeypatch.setattr("dashboard.workers.jobs.pool_of", None)
    assert jobs.submit(audit_of, audit, asker="test").result() == "map at 0.05"
    assert jobs.submit(lately_of, late, asker="test").result() == ()
    # Other cells and days ahead have the same late clusters.
    assert LatelyRequest.of(replace(asked, cell_size=100.0, horizon_days=7)) == late
    for function, chosen in (
        (audit_of, replace(audit, share=0.1)),
        (audit_of, first_audit(replace(asked, cell_size=100.0))),
        (lately_of, replace(late, part=PartOfWeek(22, 6))),
    ):
        with pytest.raises(TypeError):  # asked of a worker, where there is none
            jobs.submit(function, chosen, asker="test")
    jobs.stop()
    monkeypatch.setattr("analytics.openings.methods", dict)  # others than those that were judged
    with pytest.raises(TypeError):
        jobs.submit(audit_of, audit, asker="test")


@dataclass(frozen=True)
class Compared:
    """Stands for a comparison."""

    city_open: bool = True

    def closed(self) -> Compared:
        return Compared(city_open=False)


def test_the_comparison_that_the_scenarios_open_with_is_read_back_and_no_other(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ComparisonRequest, "answer", lambda self, city, *, progress: Compared())
    monkeypatch.setattr("dashboard.workers.jobs.pool_of", None)
    asked = ComparisonRequest(city_request(str(city)), scenarios=(Scenario("Today"),))
    first = FirstComparison.of(asked)
    comparison_of(first, progress=quiet)
    for again in (first, asked):  # as the view opens, and as somebody comes back to it
        assert jobs.submit(comparison_of, again, asker="test").result() == Compared(city_open=False)
    other = replace(asked, scenarios=(*asked.scenarios, Scenario("More")))
    comparison_of(other, progress=quiet)
    assert [kept(FirstComparison.of(each)) for each in (asked, other)] == [Compared(city_open=False), None]
    # What another question begins with takes no place of it.
    comparison_of(FirstComparison.of(replace(asked, question="demand")), progress=quiet)
    # Nor does what somebody begins with who reads in another language.
    with use_language(PSEUDO):
        comparison_of(FirstComparison.of(asked), progress=quiet)
    assert kept(first) == Compared(city_open=False)
    monkeypatch.setattr("dashboard.views.scenarios.work.engines", dict)
    assert kept(FirstComparison.of(asked)) is None
    jobs.stop()


def test_a_question_is_begun_from_its_own_tables(old_city: Path) -> None:
    (old_city.parent / "thefts.csv").write_text("nothing\n", encoding="utf-8")
    request = city_request(str(old_city))
    baseline_forecast.cache.clear()
    ready_of(ReadyRequest(request), progress=quiet)
    offer = kept(OfferRequest(request, question="demand", subject=""))
    assert [each.name for each in offer.levers] == ["demand.change", "demand.change_error"]
    assert len(baseline_forecast.cache) == 1
    with pytest.raises(CivicastError):
        open_city(str(old_city)).opened()


def test_what_is_ready_is_not_computed_again(old_city: Path) -> None:
    make_ready(open_city(str(old_city)), question="demand", seed=1)
    ready = set(composition._MEMORY._results)
    found = compare(open_city(str(old_city)), [Scenario("Today")], question="demand", seed=1)
    assert found.receipt
    assert set(composition._MEMORY._results) == ready
    compare(open_city(str(old_city)), [Scenario("Today")], question="demand", seed=2)
    assert set(composition._MEMORY._results) > ready


def test_what_is_made_ready_may_be_any_question_of_its_city_and_a_comparison_follows_its_own() -> None:
    here, there = CityRequest("here"), CityRequest("there")
    asked = ComparisonRequest(here, scenarios=(), question="sites")
    follows = [ReadyRequest(here), ReadyRequest(here, question="sites"), asked, FirstComparison.of(asked)]
    others = [
        ReadyRequest(there),
        ReadyRequest(here, question="desks"),
        replace(asked, question="desks"),
        replace(asked, city=there),
    ]
    assert [_follows(each, FirstComparison.of(asked)) for each in follows] == [True] * 4
    assert [_follows(each, asked) for each in others] == [False] * 4


def test_replayed_years_and_the_people_that_a_desk_needs_are_read_back(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = city_request(str(city))
    crews, desk = ReplaysRequest(request, crews="road"), NeedsRequest(request, desk="hall")
    assert [each.year for each in crews.answer(crews_city())] == [2022, 2023]
    assert len(desk.answer(desk_city())) == 168
    for kind in (ReplaysRequest, NeedsRequest):
        monkeypatch.setattr(kind, "answer", lambda self, city, *, progress=quiet: f"answer of {type(self).__name__}")
    replays_of(crews, progress=quiet)
    needs_of(desk, progress=quiet)
    monkeypatch.setattr("dashboard.workers.jobs.pool_of", None)
    assert jobs.submit(replays_of, crews, asker="test").result() == "answer of ReplaysRequest"
    assert jobs.submit(needs_of, desk, asker="test").result() == "answer of NeedsRequest"
    assert [kept(replace(crews, crews="parks")), kept(replace(desk, desk="library"))] == [None, None]
    jobs.stop()


def test_what_a_question_offers_is_read_back_in_the_language_of_who_asks(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, opened_city = city_request(str(city)), open_city(str(city))
    asked = first_offer(opened_city, request)
    assert asked is not None
    offer = offer_of(asked, progress=quiet)
    monkeypatch.setattr("dashboard.workers.jobs.pool_of", None)
    again = jobs.submit(offer_of, asked, asker="test").result()
    assert again is not offer
    assert again == offer
    assert first_comparison(opened_city, asked, again) == first_comparison(opened_city, asked, offer)
    with use_language(PSEUDO):
        assert kept(OfferRequest(request, question=asked.question, subject=asked.subject)) is None
    jobs.stop()


def test_a_city_that_cannot_be_read_is_left_to_its_page(city: Path) -> None:
    (city.parent / "requests.csv").write_text("day,ward,n\n2024-01-01,7,3\n")
    run = Done()
    make(city_request(str(city)), run=run)
    assert run.names == [["figures_part"]]
