"""Signals: published answers of Webster and the handbook, and what must hold of any plan."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.signals import Layout, Movement, Phase, Timing, Turn, green_windows, time_space_diagram, timing_diagram
from analytics.signals.critical import critical_ratios, greens_within, webster_timing
from analytics.signals.delay import delays, mean_delay
from analytics.signals.handbook import control_delay, level_of_service, pedestrian_delay, uniform_delay
from analytics.signals.optimise import Flows, best_timing
from analytics.signals.webster import webster_cycle, webster_delay, webster_greens


def crossing(*, yellow: float = 3, all_red: float = 2, minimum: float = 5, left: bool = False) -> Layout:
    """Four approaches of one lane and two phases; with ``left``, turns through gaps from a lane of their own."""
    names = ("north", "south", "east", "west")
    moves = [Movement(each, Turn.THROUGH, (1,), 1800.0) for each in names]
    moves += [Movement(each, Turn.LEFT, (2,), 1700.0) for each in names] if left else []
    turns = ((4, 5), (6, 7)) if left else ((), ())
    phases = tuple(
        Phase(name, go, gap, yellow=yellow, all_red=all_red, minimum=minimum)
        for name, go, gap in (("A", (0, 1), turns[0]), ("B", (2, 3), turns[1]))
    )
    return Layout("J", "J", tuple(moves), phases)


def test_websters_cycles() -> None:
    homework = [0.208, 0.192, 0.200]
    assert webster_cycle(12, homework) == pytest.approx(57.5, abs=0.05)
    assert webster_cycle(12, [500 / 2400, 250 / 1300, 480 / 2400]) == pytest.approx(57.59, abs=0.005)
    assert round(webster_cycle(12, [1000 / 2500, 900 / 3000])) == 77
    assert webster_cycle(8, [960 / 2600, 600 / 2600]) == pytest.approx(42.5)
    assert webster_cycle(16, [500 / 1600, 300 / 1600]) == pytest.approx(58)
    assert webster_greens(60, 12, [500, 250, 480]) == pytest.approx((19.51, 9.76, 18.73), abs=0.005)


def test_webster_stops_at_the_longest_cycle() -> None:
    assert webster_cycle(12, [0.5, 0.49]) == 120
    assert webster_cycle(12, [0.6, 0.6], longest=150) == 150


def test_websters_delay_and_the_handbooks() -> None:
    assert webster_delay(60, 30, flow=600, saturation=1800) == pytest.approx(13.895, abs=0.0005)
    assert uniform_delay(60, 30, 2 / 3) == pytest.approx(11.25)
    assert control_delay(60, 30, flow=600, saturation=1800) == pytest.approx(15.149, abs=0.0005)
    assert control_delay(60, 30, flow=990, saturation=1800) == pytest.approx(76.181, abs=0.0005)
    with pytest.raises(ValueError, match="at or above capacity"):
        webster_delay(60, 30, flow=900, saturation=1800)
    assert pedestrian_delay(90, 30) == pytest.approx(20)


@pytest.mark.parametrize(
    ("delay", "letter"), [(10, "A"), (10.01, "B"), (20, "B"), (35, "C"), (55, "D"), (80, "E"), (80.1, "F")]
)
def test_levels_of_service(delay: float, letter: str) -> None:
    assert level_of_service(delay) == letter
    assert level_of_service(delay, 1.01) == "F"


def test_a_green_of_its_own_waits_as_the_handbook_says() -> None:
    layout = crossing(yellow=3, all_red=2)
    found = delays(layout, Timing((30.0, 20.0)), np.array([[600.0, 990, 100, 0], [300, 0, 0, 0]]))
    assert found.delay[0, :2] == pytest.approx([15.149, 76.181], abs=0.002)
    assert found.delay[0, 2] == pytest.approx(control_delay(60, 20, flow=100, saturation=1800), abs=1e-9)
    assert found.delay[0, 3] == 0
    assert found.ratio[0].tolist() == pytest.approx([2 / 3, 1.1, 100 / 600, 0])
    assert found.left_over[0].tolist() == pytest.approx([0, 22.5, 0, 0])


def test_two_lanes_of_one_movement_are_one_queue() -> None:
    moves = (Movement("north", Turn.THROUGH, (1, 2), 1800.0), Movement("east", Turn.THROUGH, (1,), 1800.0))
    layout = Layout("J", "J", moves, (Phase("A", (0,)), Phase("B", (1,))))
    found = delays(layout, Timing((30.0, 20.0)), np.array([[1200.0, 0]]))
    assert found.delay[0, 0] == pytest.approx(control_delay(60, 30, flow=1200, saturation=3600), abs=1e-6)


def test_a_queue_left_by_a_quarter_waits_in_the_next() -> None:
    layout, flows = crossing(), np.array([[990.0, 0, 0, 0], [600, 0, 0, 0]])
    apart = delays(layout, Timing((30.0, 20.0)), flows)
    after = delays(layout, Timing((30.0, 20.0)), flows, follows=[False, True])
    assert after.delay[0, 0] == apart.delay[0, 0]
    # 22.5 vehicles and 300 an hour to spare: gone in .075 h of .25, d3 = 1800 Q (1 + 0) t / (c T) with c = 900.
    assert after.delay[1, 0] - apart.delay[1, 0] == pytest.approx(1800 * 22.5 * 0.075 / (900 * 0.25))


def test_left_turns_wait_for_the_queue_across_and_then_for_gaps() -> None:
    layout, timing = crossing(left=True), Timing((30.0, 20.0))
    lefts = np.array([[0.0, each, 0, 0, 100, 0, 0, 0] for each in (0, 200, 400, 600, 700)])
    found = delays(layout, timing, lefts).delay[:, 4]
    assert (np.diff(found) > 0).all(), "the more come across, the longer"
    crowded = delays(layout, timing, np.array([[0.0, 900, 0, 0, 100, 0, 0, 0]]))
    # Whoever comes across fills the green: two sneak through each cycle of 60 s.
    assert crowded.ratio[0, layout.lanes.index(("north", 2))] == pytest.approx(100 / 120)


def test_a_movement_that_goes_on_keeps_its_green_between_phases() -> None:
    moves = tuple(Movement(each, Turn.THROUGH, (1,), 1800.0) for each in ("north", "south", "east"))
    layout = Layout("J", "J", moves, (Phase("A", (0, 1)), Phase("B", (0,)), Phase("C", (2,))))
    timing = Timing((10.0, 12.0, 14.0))
    windows = green_windows(layout, timing, 0)
    assert [(each.start, each.end, each.state) for each in windows] == [(0, 27, "green")]
    assert [(each.start, each.end) for each in green_windows(layout, timing, 2)] == [(32, 46)]
    diagram = timing_diagram(layout, timing)
    assert diagram.cycle == 51
    assert [each.windows[-1].end for each in diagram.phases] == [15, 32, 51]


def test_a_green_over_the_end_of_the_cycle_is_one_window() -> None:
    moves = tuple(Movement(each, Turn.THROUGH, (1,), 1800.0) for each in ("north", "south"))
    layout = Layout("J", "J", moves, (Phase("A", (0,)), Phase("B", (1,)), Phase("C", (0,))))
    windows = green_windows(layout, Timing((10.0, 12.0, 14.0)), 0)
    assert [(each.start, each.end) for each in windows] == [(32, 61)]


def test_critical_ratios_take_the_fullest_lane() -> None:
    layout = crossing()
    assert critical_ratios(layout, np.array([450.0, 900, 180, 90])).tolist() == pytest.approx([0.5, 0.1])
    assert webster_timing(layout, np.array([450.0, 900, 180, 90])).cycle(layout) == 50  # (1.5 · 10 + 5) / .4


def test_greens_fill_the_cycle_and_none_is_too_short() -> None:
    layout = crossing(minimum=12)
    for wanted in ([50.0, 1.0], [30.0, 21.0], [0.0, 0.0]):
        greens = greens_within(layout, np.array(wanted), 61)
        assert sum(greens) == 51
        assert min(greens) >= 12
    assert greens_within(layout, np.array([50.0, 1.0]), 61) == (39, 12)


def test_the_best_plan_is_that_of_trying_all() -> None:
    layout = crossing(left=True)
    flows = Flows(np.array([[420.0, 380, 250, 300, 60, 40, 30, 50], [500, 300, 200, 260, 50, 60, 40, 40]]))
    tried = {
        (first, second): mean_delay(layout, Timing((float(first), float(second))), flows.rows)
        for first in range(5, 60)
        for second in range(5, 60)
    }
    best = min(tried, key=lambda each: tried[each])
    found = best_timing(layout, flows)
    assert mean_delay(layout, found.timing, flows.rows) == pytest.approx(tried[best], rel=1e-4)
    assert found.hours <= flows.lost(layout, webster_timing(layout, flows.mean))


def test_minimum_greens_and_the_longest_cycle_bind() -> None:
    full = Flows(np.array([[1200.0, 900, 800, 700]]))
    found = best_timing(crossing(minimum=20), full, longest=90)
    assert found.timing.cycle(crossing()) == 90
    thin = best_timing(crossing(minimum=20), Flows(np.array([[60.0, 20, 20, 20]])))
    assert thin.timing.greens == (20, 20)
    assert thin.timing.fits(crossing(minimum=20), longest=120)
    assert not Timing((19.0, 20.0)).fits(crossing(minimum=20), longest=120)


def test_bands_of_a_corridor() -> None:
    layouts = [crossing(), crossing()]
    named = {"J": "north.through"}
    layouts = [layouts[0], Layout("K", "K", layouts[1].movements, layouts[1].phases)]
    named |= {"K": "north.through"}
    back = {"J": "south.through", "K": "south.through"}
    timings = (Timing((30.0, 20.0)), Timing((30.0, 20.0), offset=20.0))
    found = time_space_diagram(
        "High Street", layouts, timings, distances=(0, 200), along=named, back=back, speed=10
    )  # fmt: skip
    widths = {each.direction: each.end - each.start for each in found.bands}
    assert widths == {"along": 30, "back": 10}, "20 s later and 20 s away: all along; 40 s apart of 60 on the way back"


def test_a_green_begins_late_where_the_plan_leaves_no_time_to_clear_the_junction() -> None:
    moves = tuple(Movement(each, Turn.THROUGH, (1,), 1800.0) for each in ("north", "east"))

    def layout(first: float, second: float) -> Layout:
        return Layout("J", "J", moves, (Phase("A", (0,), (), 3, first), Phase("B", (1,), (), 3, second)))

    timing = Timing((30.0, 20.0))
    assert timing.served(layout(2, 4)) == (30, 5, 20, 7), "5 s and more are enough"
    # 3 s after A and 4 s after B: B begins two seconds late and A one, in the same cycle.
    assert timing.served(layout(0, 1)) == (29, 5, 18, 5)
    assert sum(timing.served(layout(0, 1))) == timing.cycle(layout(0, 1))
    assert (layout(0, 1).lost, layout(0, 1).unused) == (7, 10)
    flows = np.array([[600.0, 300.0]])
    tight = delays(layout(0, 1), timing, flows).delay[0]
    clear = [control_delay(57, green, flow=flow, saturation=1800) for green, flow in ((29, 600), (18, 300))]
    assert tight == pytest.approx(clear)
    cycle = webster_timing(layout(0, 1), flows[0]).cycle(layout(0, 1))
    assert cycle == round(webster_cycle(10, [1 / 3, 1 / 6]))
