"""What Meridian states beside its tables: what things cost, and the parts of the city that people speak of."""

from __future__ import annotations

from data import City
from data.sample.plan import plan_of_meridian


def test_the_north_and_the_south_side_are_the_banks_of_the_river(meridian: City) -> None:
    regions = meridian.of("regions")
    north, south = set(regions["north_side"].area_ids), set(regions["south_side"].area_ids)
    plan = plan_of_meridian()
    assert not north & south
    assert north | south == set(plan.neighbourhoods.index)
    assert len(south) == 27
    # Every neighbourhood of the south lies below every one of the north that stands at about the same length of the river.
    middles = plan.neighbourhoods.geometry.representative_point()
    for area in south:
        beside = [other for other in north if abs(middles[other].x - middles[area].x) < 300]
        assert all(middles[other].y > middles[area].y for other in beside)


def test_the_centre_lies_on_both_banks(meridian: City) -> None:
    regions = meridian.of("regions")
    centre = set(regions["centre"].area_ids)
    assert centre & set(regions["north_side"].area_ids)
    assert centre & set(regions["south_side"].area_ids)
    distance = plan_of_meridian().neighbourhoods["distance"]
    assert distance[list(centre)].max() < distance.median() * 1.5


def test_costs_have_a_range_and_say_that_they_are_imaginary(meridian: City) -> None:
    costs = meridian.of("costs")
    assert {name: (cost.unit, cost.every.value) for name, cost in costs.items()} == {
        "site_opening": ("site", "once"),
        "site_running": ("site", "year"),
        "crew": ("crew", "year"),
        "overtime": ("crew", "hour"),
        "road_lane_km": ("km", "once"),
        "staff_hour": ("person", "hour"),
    }
    for cost in costs.values():
        assert cost.low < cost.amount < cost.high
        assert cost.high - cost.amount > cost.amount - cost.low  # dearer more often than cheaper
        assert (cost.currency, cost.year, cost.provenance.synthetic) == ("EUR", 2026, True)
