"""Meridian's signals: what is planted is the best there is, and the optimiser finds it from the counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from analytics.signals.choices import corridor_during
from analytics.signals.corridors import coordinated, corridor_hours
from analytics.signals.day import plan_for_day
from analytics.signals.delay import delays, mean_delay
from analytics.signals.optimise import Flows, best_timing
from analytics.signals.tables import Junction, junctions_of
from analytics.signals.timings import Timing
from data import City, Junctions
from data.sample.junctions import DAY_SPREAD, PARTS, PlantedJunction, planted_junctions

PLANTED = {each.junction_id: each for each in planted_junctions()}


@pytest.fixture(scope="module")
def table(meridian: City) -> Junctions:
    found: Junctions = meridian.of("junctions")["signals"]
    return found


@pytest.fixture(scope="module")
def junctions(table: Junctions) -> Mapping[str, Junction]:
    return junctions_of(table)


def planted_flows(junction: Junction, planted: PlantedJunction, part: int) -> np.ndarray:
    return np.array([[planted.flows[each.name][part] for each in junction.layout.movements]])


def test_twelve_junctions_six_of_them_along_one_street(table: Junctions) -> None:
    assert table.rows == len(PLANTED) == 12
    assert table.along("Guild Street") == ("S01", "S02", "S03", "S04", "S05", "S06")
    assert table.days == 5
    assert table.provenance.synthetic
    assert table.findings == ()
    assert (np.diff(table.frame["distance"].to_numpy()[:6]) > 500).all()


@pytest.mark.parametrize("name", PLANTED)
def test_the_planted_plan_is_found(name: str, junctions: Mapping[str, Junction]) -> None:
    junction, planted = junctions[name], PLANTED[name]
    assert tuple(each.minimum for each in junction.layout.phases) == planted.minimums
    for part, best in enumerate(planted.best):
        flows = planted_flows(junction, planted, part)
        truth = Timing(tuple(float(each) for each in best.greens))
        assert truth.cycle(junction.layout) == best.cycle
        assert mean_delay(junction.layout, truth, flows) == pytest.approx(best.seconds, abs=0.002), "the same formula"
        found = best_timing(junction.layout, Flows(flows)).timing
        assert mean_delay(junction.layout, found, flows) <= best.seconds * 1.0005
        assert abs(found.cycle(junction.layout) - best.cycle) <= 1


@pytest.mark.parametrize("name", ["S01", "S08", "S12"])
def test_counts_lead_to_the_planted_plan_and_the_parts_of_the_day(name: str, junctions: Mapping[str, Junction]) -> None:
    junction, planted = junctions[name], PLANTED[name]
    found = plan_for_day(junction)
    starts = [each.start for each in found.programs]
    assert set(starts) <= {0, *PARTS[1:]}, "cut where traffic changes, if at all"
    for part, best in enumerate(planted.best):
        flows = planted_flows(junction, planted, part)
        timing = found.at(PARTS[part])
        assert mean_delay(junction.layout, timing, flows) <= best.seconds * (1.015 if len(starts) == 3 else 1.1)


def test_means_and_days_of_the_counts_are_those_planted(junctions: Mapping[str, Junction]) -> None:
    for name, junction in junctions.items():
        planted = PLANTED[name]
        part = np.searchsorted(PARTS, junction.minutes, side="right") - 1
        means = np.array([planted.flows[each.name] for each in junction.layout.movements]).T[part]
        assert junction.flows.sum() == pytest.approx(means.sum(), rel=4 * DAY_SPREAD / np.sqrt(5))
        assert (np.abs(junction.flows - means) / np.sqrt(means + 1)).mean() < 3


def test_a_corridor_of_six_beats_uncoordinated_timing(table: Junctions) -> None:
    """The same greens at the best cycle of each, and today's common start, both lose more than one cycle with offsets."""
    at = np.flatnonzero(junctions_of(table)["S01"].minutes >= PARTS[2])
    corridor = corridor_during(table, "Guild Street", at)
    together = coordinated(corridor, longest=table.longest_cycle, tried=2)
    alone = [best_timing(layout, own).timing for layout, own in zip(corridor.layouts, corridor.flows, strict=True)]
    today = [junctions_of(table)[each].today.at(PARTS[2]) for each in table.along("Guild Street")]
    hours = {
        name: corridor_hours(corridor, plan)
        for name, plan in (("together", together), ("alone", alone), ("today", today))
    }
    assert hours["together"] < hours["alone"] < hours["today"]
    level = [Timing(each.greens) for each in together]
    assert hours["together"] < corridor_hours(corridor, level), "offsets alone save, too"
    assert len({each.cycle(layout) for each, layout in zip(together, corridor.layouts, strict=True)}) == 1


def test_today_hardly_anybody_is_over_capacity(junctions: Mapping[str, Junction]) -> None:
    for junction in junctions.values():
        assert delays(junction.layout, junction.today.timings[0], junction.flows).ratio.max() < 1.1
