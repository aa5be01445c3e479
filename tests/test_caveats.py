"""Every caveat appears when it should, stays away when it should, and says so in one short sentence."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from analytics.caveats import RULES, assess
from analytics.hotspots.audit.feedback import Feedback
from analytics.results import Caveat, Severity, by_severity
from analytics.scenarios.engines.crews import Replay
from data import Provenance
from data.words import as_date
from data.words.catalogue import templates

MOST_WORDS = 16

OBSERVED = Provenance(name="requests", origin="city", licence="open", fingerprint="0", as_of=pd.Timestamp("2026-06-30"))
MADE = Provenance(name="sample requests", origin="made", licence="open", fingerprint="1", synthetic=True)
LEVER = {
    "lever": "population growth", "option": "Growth", "value": "40 %", "low": "−3 %", "high": "12 %", "times": 1.9,
}  # fmt: skip
JOINTLY = {"option": "Growth", "levers": ["Population growth", "Growth in jobs"], "distance": 2.7, "limit": 2.45}
YEAR = {"periods_a_year": 365.25, "period_word": "days"}
MODEL = {"model_title": "Pooled counts"}
METHOD = {"method_title": "Kernel mixture"}
LOOP = Feedback(1.2, 1.3, 1.5, loop=1.25, loop_low=1.2, loop_high=1.3, hit_rate_change=0.2)
EXPOSED = {
    "label": "Low income areas", "flags": 0.6, "residents": 0.3, "reports": 0.4, "low": 0.5, "high": 0.7, "verdict": "more",
}  # fmt: skip


def replayed(year: int, *, share: float = 0.91, median: float = 4.0) -> Replay:
    """A year in which 92 % were done within the target and half within 4.5 days."""
    return Replay(
        year=year, until=pd.Timestamp(year, 12, 31), requests=9_000, target_days=30, order="pressure", chosen_on=(),
        share=share, share_low=share - 0.1, share_high=share, actual_share=0.92, median=median, median_low=1.0,
        median_high=9.0, actual_median=4.5,
    )  # fmt: skip


ENERGY = {"energy_title": "Electricity", "energy_balance": 61.0}
AIR = {
    "air_monitor": "High Street", "air_unit": "µg/m³", "air_per_vehicle": 0.03, "air_low": 0.02, "air_high": 0.04,
    "air_hours": 17_000, "air_assumed": False,
}  # fmt: skip
HEAT = {
    "heat_title": "Deaths", "heat_first": pd.Timestamp("1995-07-14"), "heat_last": pd.Timestamp("1995-07-20"),
    "heat_observed": 1576.0, "heat_expected": 741.7, "heat_years": 13,
}  # fmt: skip
TRIED = {
    "name": "Mill Street", "verdict": "better", "pairs": 20, "low": -5.0, "high": -2.0, "more": -3.5, "saved": 3.5, "least": 2.0,
    "most": 5.0, "same_order": True,
}  # fmt: skip

FITTED = {
    "name": "Mill Street", "first": 101, "last": 103, "tried": 40, "version": "1.28.0", "made": pd.Timestamp("2024-02-01"),
    "before": 21.0, "after": 23.0, "check": TRIED,
}  # fmt: skip

ALWAYS = {"places_only", "excess_any_cause", "traffic_is_static", "air_not_dispersed", "trips_by_gravity"}
"""What is true of all maps of places, excesses, traffic, air beside a road and gravity models: it appears with its facts."""

# code -> (facts that make it appear, facts that do not). Both cases hold the same facts, or the second proves nothing.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "traffic_is_static": (
        {"traffic_hours_word": "7 to 8", "traffic_over_capacity": 0.2},
        {"traffic_hours_word": "7 to 8", "traffic_over_capacity": 0.0},
    ),
    "tolls_not_income": (
        {"tolls_moved": True, "toll_hours_a_year": 0.0, "traffic_trips_title": "Trips"},
        {"tolls_moved": True, "toll_hours_a_year": 250.0, "traffic_trips_title": "Trips"},
    ),
    "tolls_of_these_hours": (
        {"tolls_moved": True, "toll_hours_a_year": 250.0, "traffic_trips_title": "Trips"},
        {"tolls_moved": False, "toll_hours_a_year": 250.0, "traffic_trips_title": "Trips"},
    ),
    "traffic_gap_open": (
        {"traffic_gap": 2e-5, "traffic_gap_wanted": 1e-5},
        {"traffic_gap": 1e-5, "traffic_gap_wanted": 1e-5},
    ),
    "counts_apart": ({"counters": 20, "counters_near": 16}, {"counters": 20, "counters_near": 17}),
    "paths_not_unique": ({"paths_of_one_run": True}, {"paths_of_one_run": False}),
    "trips_not_counted": (
        {"traffic_counted": False, "traffic_trips_title": "Trips"},
        {"traffic_counted": True, "traffic_trips_title": "Trips"},
    ),
    "trips_warned_of": (
        {"traffic_trips_warning": "Made for a plan of 1998.", "traffic_trips_title": "Trips"},
        {"traffic_trips_warning": "", "traffic_trips_title": "Trips"},
    ),
    "fuel_speeds_beyond": (
        {"traffic_speeds_outside": 0.02, "traffic_speeds_known": (10.0, 120.0)},
        {"traffic_speeds_outside": 0.01, "traffic_speeds_known": (10.0, 120.0)},
    ),
    "fuel_of_petrol_cars": ({"traffic_all_petrol": True}, {"traffic_all_petrol": False}),
    "access_by_trip_ends": (
        {"traffic_jobs_known": False, "traffic_trips_title": "Trips"},
        {"traffic_jobs_known": True, "traffic_trips_title": "Trips"},
    ),
    "trips_outside_areas": (
        {"traffic_outside_areas": 0.02, "traffic_trips_title": "Trips"},
        {"traffic_outside_areas": 0.01, "traffic_trips_title": "Trips"},
    ),
    "desk_stated": ({"desk": "Desk", "desk_stated": ["handling", "patience"]}, {"desk": "Desk", "desk_stated": []}),
    "desk_nobody_leaves": ({"desk": "Desk", "desk_nobody_leaves": True}, {"desk": "Desk", "desk_nobody_leaves": False}),
    "desk_overloaded": (
        {"desk": "Desk", "desk_overloaded": ["mon-09"], "desk_least": 5},
        {"desk": "Desk", "desk_overloaded": [], "desk_least": 0},
    ),
    "desk_closed": ({"desk": "Desk", "desk_closed_share": 0.02}, {"desk": "Desk", "desk_closed_share": 0.01}),
    "desk_formula_apart": (
        {"desk": "Desk", "desk_simulated": 0.7, "desk_formula": 0.81},
        {"desk": "Desk", "desk_simulated": 0.7, "desk_formula": 0.79},
    ),
    "energy_poorly_explained": (
        {"energy_title": "Electricity", "energy_temperature": "Temperature", "energy_r2": 0.59},
        {"energy_title": "Electricity", "energy_temperature": "Temperature", "energy_r2": 0.6},
    ),
    "energy_one_side": (
        {
            "energy_title": "Electricity",
            "energy_balance": 61.0,
            "energy_days_below": 400,
            "energy_days_above": 29,
            "energy_least": 30,
        },
        {
            "energy_title": "Electricity",
            "energy_balance": 61.0,
            "energy_days_below": 400,
            "energy_days_above": 30,
            "energy_least": 30,
        },
    ),
    "energy_no_balance": (
        ENERGY | {"energy_at_edge": True},
        ENERGY | {"energy_at_edge": False},
    ),
    "energy_drifts": (
        {"energy_title": "Electricity", "energy_drift": -0.021},
        {"energy_title": "Electricity", "energy_drift": -0.02},
    ),
    "excess_any_cause": (HEAT, HEAT),
    "excess_trend": (
        HEAT | {"heat_trend_p": 0.049, "heat_with_trend": 720.0},
        HEAT | {"heat_trend_p": 0.05, "heat_with_trend": 720.0},
    ),
    "excess_few_years": (HEAT | {"heat_years": 4}, HEAT | {"heat_years": 5}),
    "excess_brought_forward": (
        {"heat_title": "Deaths", "heat_later": -120.0, "heat_later_high": -1.0},
        {"heat_title": "Deaths", "heat_later": -120.0, "heat_later_high": 0.0},
    ),
    "signals_unchecked": (
        {"junctions": "Centre", "signals_tried": []},
        {"junctions": "Centre", "signals_tried": [TRIED]},
    ),
    "signals_grow_with_trips": (
        {"junctions": "Centre", "signals_by_trips": True, "signals_follows": 0.25},
        {"junctions": "Centre", "signals_by_trips": False, "signals_follows": 0.25},
    ),
    "signals_partly_checked": (
        {"junctions": "Centre", "signals_changed": 2, "signals_tried": [TRIED]},
        {"junctions": "Centre", "signals_changed": 1, "signals_tried": [TRIED]},
    ),
    "signals_in_simulation": (
        {"junctions": "Centre", "signals_tried": [TRIED]},
        {"junctions": "Centre", "signals_tried": []},
    ),
    "signals_refined": (
        {"junctions": "Centre", "signals_refined": [FITTED]},
        {"junctions": "Centre", "signals_refined": []},
    ),
    "signals_simulation_differs": (
        {"junctions": "Centre", "signals_tried": [TRIED | {"verdict": "worse", "same_order": False}]},
        {"junctions": "Centre", "signals_tried": [TRIED]},
    ),
    "signals_few_days": (
        {"junctions": "Centre", "signals_days": 1, "signals_spread_assumed": True, "signals_spread": 0.1},
        {"junctions": "Centre", "signals_days": 3, "signals_spread_assumed": False, "signals_spread": 0.04},
    ),
    "signals_counts_old": (
        {"junctions": "Centre", "signals_age_years": 3.1},
        {"junctions": "Centre", "signals_age_years": 3.0},
    ),
    "signals_saturation": (
        {"junctions": "Centre", "signals_assumed": 1, "signals_movements": 12},
        {"junctions": "Centre", "signals_assumed": 0, "signals_movements": 12},
    ),
    "signals_over_capacity": (
        {"junctions": "Centre", "signals_over": ["Mill Street"]},
        {"junctions": "Centre", "signals_over": []},
    ),
    "signals_green_short": (
        {"junctions": "Centre", "signals_too_short": ["Mill Street"]},
        {"junctions": "Centre", "signals_too_short": []},
    ),
    "signals_follow_flow": (
        {"junctions": "Centre", "signals_actuated": True},
        {"junctions": "Centre", "signals_actuated": False},
    ),
    "signals_by_platoons": (
        {"junctions": "Centre", "signals_platoons": True},
        {"junctions": "Centre", "signals_platoons": False},
    ),
    "air_not_dispersed": (AIR, AIR),
    "air_no_background": (
        {"air_monitor": "High Street", "air_increment": False},
        {"air_monitor": "High Street", "air_increment": True},
    ),
    "air_other_hours": (
        {"air_monitor": "High Street", "air_trip_hours": "7:30 to 8:30"},
        {"air_monitor": "High Street", "air_trip_hours": ""},
    ),
    "air_relation_unclear": (AIR | {"air_low": 0.0}, AIR | {"air_low": 0.001}),
    "before_after_misleads": (
        {"naive_share": 0.11, "effect_low": -0.05, "effect_high": 0.08},
        {"naive_share": 0.08, "effect_low": -0.05, "effect_high": 0.08},
    ),
    "earlier_trends_differ": ({"earlier_trends_p": 0.049}, {"earlier_trends_p": 0.05}),
    "placebo_dates_fail": (
        {"placebo_dates": 10, "placebo_dates_clear": 0.8},
        {"placebo_dates": 10, "placebo_dates_clear": 0.9},
    ),
    "nothing_to_compare": ({"judged_alone": True}, {"judged_alone": False}),
    "short_past": ({"years_before": 1.9}, {"years_before": 2.0}),
    "short_since": ({"years_after": 0.9}, {"years_after": 1.0}),
    "methods_disagree": (
        {"other_shares": [-0.3, 0.02], "effect_low": -0.25, "effect_high": -0.1},
        {"other_shares": [-0.25, -0.1], "effect_low": -0.25, "effect_high": -0.1},
    ),
    "neighbours_changed": (
        {"next_door_share": 0.1, "next_door_low": 0.01, "next_door_high": 0.2},
        {"next_door_share": 0.1, "next_door_low": -0.01, "next_door_high": 0.2},
    ),
    "areas_with_gaps": ({"areas_with_gaps": ["A19"]}, {"areas_with_gaps": []}),
    "counts_scaled_up": ({"counts_scaled": 3}, {"counts_scaled": 0}),
    "began_within_a_period": ({"policy_broken": pd.Timestamp("2024-09-01")}, {"policy_broken": None}),
    "effect_from_elsewhere": ({"effects_assumed": ["graffiti"]}, {"effects_assumed": []}),
    "history_short": (
        {"history_periods": 300, "min_periods": 28, **YEAR},
        {"history_periods": 1460, "min_periods": 28, **YEAR},
    ),
    "horizon_long": (
        {"horizon_periods": 120, "history_periods": 1460, "backtest_horizon": 28, "period_word": "days"},
        {"horizon_periods": 28, "history_periods": 1460, "backtest_horizon": 28, "period_word": "days"},
    ),
    "season_untested": (
        {
            "season_untested_share": 0.26,
            "season_first": pd.Timestamp("2020-12-01"),
            "season_last": pd.Timestamp("2020-12-28"),
            **MODEL,
        },
        {
            "season_untested_share": 0.25,
            "season_first": pd.Timestamp("2020-12-01"),
            "season_last": pd.Timestamp("2020-12-28"),
            **MODEL,
        },
    ),
    "interval_undercovers": (
        {"coverage": {0.8: 0.71, 0.95: 0.93}, "coverage_n": 400, **MODEL},
        {"coverage": {0.8: 0.78, 0.95: 0.94}, "coverage_n": 400, **MODEL},
    ),
    "untested": (
        {"backtest_origins": 0, "history_periods": 20, "period_word": "days"},
        {"backtest_origins": 8, "history_periods": 20, "period_word": "days"},
    ),
    "few_origins": ({"backtest_origins": 3, **MODEL}, {"backtest_origins": 8, **MODEL}),
    "worse_than_naive": (
        {"sql_ratio": 1.04, "sql_ratio_high": 1.1, "baseline_title": "Same day last week", **MODEL},
        {"sql_ratio": 0.7, "sql_ratio_high": 0.8, "baseline_title": "Same day last week", **MODEL},
    ),
    "model_drift": (
        {"recent_sql": 0.5, "usual_sql": 0.3, "drift_limit": 0.4, "recent_origins": 2, **MODEL},
        {"recent_sql": 0.35, "usual_sql": 0.3, "drift_limit": 0.4, "recent_origins": 2, **MODEL},
    ),
    "coverage_failing": (
        {"recent_coverage": 0.6, "recent_outcomes": 400, "coverage": {0.8: 0.79, 0.95: 0.95}, **MODEL},
        {"recent_coverage": 0.77, "recent_outcomes": 400, "coverage": {0.8: 0.79, 0.95: 0.95}, **MODEL},
    ),
    "pinned_model": (
        {"pinned_reason": "The council knows it", **MODEL},
        {"pinned_reason": "", **MODEL},
    ),
    "missing_periods": (
        {"periods_missing": 3, "periods_total": 700, "series_title": "Service requests"},
        {"periods_missing": 0, "periods_total": 700, "series_title": "Service requests"},
    ),
    "data_stale": (
        {"made_from": [OBSERVED], "today": pd.Timestamp("2026-11-21")},
        {"made_from": [OBSERVED], "today": pd.Timestamp("2026-07-02")},
    ),
    "small_counts": (
        {"mean_count": 0.4, "small_share": 0.8, "small_n": 77, "series_title": "Service requests"},
        {"mean_count": 9.0, "small_share": 0.0, "small_n": 77, "series_title": "Service requests"},
    ),
    "circumstances_assumed": ({"circumstances_common": ["population growth 5 %"]}, {"circumstances_common": []}),
    "circumstance_as_plan": (
        {"circumstances_planned": [{"option": "Growth", "levers": ["population growth"]}]},
        {"circumstances_planned": []},
    ),
    "region_only": (
        {"region": "the south side", "region_areas": 12, "region_people": 310_000.0},
        {"region": "", "region_areas": 0, "region_people": None},
    ),
    "region_not_for": (
        {"region": "the south side", "region_not_for": ["Busiest month"]},
        {"region": "the south side", "region_not_for": []},
    ),
    "group_too_small": (
        {"group_sizes": [{"group": "disabled people", "people": 999.0}, {"group": "over 65", "people": 5_000.0}]},
        {"group_sizes": [{"group": "disabled people", "people": 1_000.0}]},
    ),
    "cost_without_range": ({"costs_without_range": ["A new site"]}, {"costs_without_range": []}),
    "costs_absent": ({"levers_without_cost": ["Change in demand"]}, {"levers_without_cost": []}),
    "cost_years_differ": ({"cost_years": [2019, 2024]}, {"cost_years": [2024, 2024]}),
    "levers_jointly_outside": ({"levers_jointly": [JOINTLY]}, {"levers_jointly": []}),
    "mind_fails_together": (
        {"mind_fails_together": 3, "mind_tried": 128},
        {"mind_fails_together": 0, "mind_tried": 128},
    ),
    "mind_unmoved": ({"mind_unmoved": ["Staff"]}, {"mind_unmoved": []}),
    "mind_unknown_odds": ({"mind_unknown_odds": ["Population growth"]}, {"mind_unknown_odds": []}),
    "mind_modelled_only": ({"mind_drawn": ["Demand"]}, {"mind_drawn": []}),
    "lever_extrapolates": ({"levers_outside": [LEVER]}, {"levers_outside": []}),
    "cross_sectional": (
        {"cross_sectional_drivers": ["population"], "periods_varying": 1},
        {"cross_sectional_drivers": [], "periods_varying": 8},
    ),
    "group_from_area_shares": (
        {"groups": ["over 65"], "groups_absent": ["disabled"]},
        {"groups": [], "groups_absent": []},
    ),
    "travel_is_straight": (
        {"sites_detour": 1.3, "sites_detour_stated": False},
        {"sites_detour": None, "sites_detour_stated": False},
    ),
    "travel_from_middles": ({"sites_spread": 800.0, "sites_unit": "m"}, {"sites_spread": 0.0, "sites_unit": "m"}),
    "off_the_network": ({"sites_off_network": ["A07"]}, {"sites_off_network": []}),
    "driver_absent": ({"drivers_absent": ["jobs"]}, {"drivers_absent": []}),
    "not_causal": ({"elasticity_drivers": ["population"]}, {"elasticity_drivers": []}),
    "police_initiated": (
        {"police_initiated": ["drug offences"], "series_title": "Drug offences"},
        {"police_initiated": [], "series_title": "Drug offences"},
    ),
    "open_requests": (
        {"open_share": 0.2, "open_requests": 40, "service_title": "Service requests"},
        {"open_share": 0.0, "open_requests": 0, "service_title": "Service requests"},
    ),
    "small_areas": (
        {"areas_small": 4, "areas_all": 77, "area_least": 30},
        {"areas_small": 0, "areas_all": 77, "area_least": 30},
    ),
    "trips_by_gravity": (
        {"gravity_trips": "Morning", "gravity_mean": 9.0, "gravity_wanted": 10.0, "gravity_fitted": False},
        {"gravity_trips": "Morning", "gravity_mean": 9.0, "gravity_wanted": 9.0, "gravity_fitted": True},
    ),
    "matrix_moved_far": (
        {"estimated_change": 0.1, "estimated_far_zones": ("A01",)},
        {"estimated_change": 0.25, "estimated_far_zones": ()},
    ),
    "matrix_undetermined": (
        {"estimated_counters": 5, "estimated_pairs": 6},
        {"estimated_counters": 6, "estimated_pairs": 6},
    ),
    "matrix_unsettled": (
        {"estimated_moving": 0.003, "estimated_still": 0.002},
        {"estimated_moving": 0.002, "estimated_still": 0.002},
    ),
    "few_promises": ({"promises_judged": 19}, {"promises_judged": 20}),
    "promises_unseen": (
        {"promises_unseen": 1, "promises_all": 4},
        {"promises_unseen": 0, "promises_all": 4},
    ),
    "crews_replay_miss": (
        {"crews_replays": [replayed(2012), replayed(2013, share=0.99)], "crews_title": "Road crews"},
        {"crews_replays": [replayed(2012), replayed(2013, share=0.939, median=5.49)], "crews_title": "Road crews"},
    ),
    "crews_not_replayed": (
        {"crews_replays": [], "crews_title": "Road crews"},
        {"crews_replays": [replayed(2012, share=0.99)], "crews_title": "Road crews"},
    ),
    "bulk_closing": (
        {
            "closed_on": pd.Timestamp("2014-03-01"),
            "closed_that_day": 900,
            "closed_on_usual_day": 40.0,
            "closed_all": 20000,
        },
        {
            "closed_on": pd.Timestamp("2014-03-01"),
            "closed_that_day": 90,
            "closed_on_usual_day": 40.0,
            "closed_all": 20000,
        },
    ),
    "mostly_missed": (
        {"missed_share": 0.7, "looked_share": 0.05},
        {"missed_share": 0.4, "looked_share": 0.05},
    ),
    "police_left_out": (
        {"police_left_out": ["narcotics"], "series_title": "Incidents"},
        {"police_left_out": [], "series_title": "Incidents"},
    ),
    "serial_hours": (
        {"serial_hours": 2850, "serial_counters": 40},
        {"serial_hours": 0, "serial_counters": 0},
    ),
    "places_only": ({"cell_metres": 200.0}, {"cell_metres": 50.0}),
    "reporting_bias": (
        {"half_where": "areas: low income", "half_before": 0.6, "half_after": 0.4},
        {"half_where": "areas: low income", "half_before": 0.6, "half_after": 0.58},
    ),
    "under_reporting": (
        {"silent_areas": ["Old Harbour"], "second_title": "Injuries treated", "series_title": "Assaults"},
        {"silent_areas": [], "second_title": "Injuries treated", "series_title": "Assaults"},
    ),
    "group_exposure": ({"exposed": [EXPOSED]}, {"exposed": [EXPOSED | {"low": 0.33}, EXPOSED | {"verdict": "few"}]}),
    "many_tests": (
        {"cells_tested": 4000, "cells_alone": 260, "cells_kept": 60},
        {"cells_tested": 4000, "cells_alone": 60, "cells_kept": 60},
    ),
    "mostly_noise": (
        {"flagged_cells": 200, "flagged_sure": 99},
        {"flagged_cells": 200, "flagged_sure": 100},
    ),
    "edge_effect": ({"edge_share": 0.35}, {"edge_share": 0.2}),
    "areal_unit": (
        {"coarser_kept": 0.6, "coarser_metres": 400},
        {"coarser_kept": 0.95, "coarser_metres": 400},
    ),
    "feedback_risk": (
        {"feedback_loop": LOOP, "police_initiated": []},
        {"feedback_loop": replace(LOOP, loop_low=0.98), "police_initiated": []},
    ),
    "no_better_than_count": (
        {"count_ratio": 1.04, "count_low": 0.97, "count_high": 1.1, "judged_at": 0.05, **METHOD},
        {"count_ratio": 1.2, "count_low": 1.1, "count_high": 1.3, "judged_at": 0.05, **METHOD},
    ),
    "no_better_than_all_years": (
        {"all_years_ratio": 1.04, "all_years_low": 0.97, "all_years_high": 1.1, "judged_at": 0.05, **METHOD},
        {"all_years_ratio": 1.2, "all_years_low": 1.1, "all_years_high": 1.3, "judged_at": 0.05, **METHOD},
    ),
    "never_seen": (
        {"cells_tested": 8732, "cells_never": 1708, "looked_share": 0.05},
        {"cells_tested": 8732, "cells_never": 12, "looked_share": 0.05},
    ),
    "miscalibrated_cells": (
        {"cells_coverage_90": 0.84, "cells_coverage_n": 40_000, **METHOD},
        {"cells_coverage_90": 0.91, "cells_coverage_n": 40_000, **METHOD},
    ),
    "alarms_withheld": (
        {"alarms_withheld": 4, "alarms_kept": 12, "alarms_per_week": 3.0, "alarms_since": pd.Timestamp("2025-07-01")},
        {"alarms_withheld": 0, "alarms_kept": 12, "alarms_per_week": 3.0, "alarms_since": pd.Timestamp("2025-07-01")},
    ),
    "not_watched": (
        {"unwatched_titles": ["Delay on roads"], "most_places": 12},
        {"unwatched_titles": [], "most_places": 12},
    ),
    "alarm_rate_unknown": (
        {"watched_years": 0.2, "watch_wanted": 0.5, "watched_titles": ["Service requests"]},
        {"watched_years": 1.0, "watch_wanted": 0.5, "watched_titles": ["Service requests"]},
    ),
    "synthetic_data": ({"made_from": [OBSERVED, MADE]}, {"made_from": [OBSERVED]}),
}


def codes(facts: dict[str, Any]) -> set[str]:
    return {caveat.code for caveat in assess(**facts)}


def test_every_rule_has_its_two_cases() -> None:
    assert set(CASES) == set(RULES)


@pytest.mark.parametrize("code", RULES)
def test_a_rule_sees_the_same_facts_in_both_cases(code: str) -> None:
    there, absent = CASES[code]
    assert set(there) == set(absent) >= set(inspect.signature(RULES[code]).parameters)


@pytest.mark.parametrize("code", RULES)
def test_it_appears_and_it_stays_away(code: str) -> None:
    there, absent = CASES[code]
    assert code in codes(there)
    assert (code in codes(absent)) == (code in ALWAYS)


@pytest.mark.parametrize("code", RULES)
def test_it_says_one_short_sentence_and_its_numbers(code: str) -> None:
    for caveat in assess(**CASES[code][0]):
        assert caveat.message.endswith(".")
        assert len(caveat.message.split()) <= MOST_WORDS
        assert caveat.detail
        assert "unknown" not in caveat.detail
        assert not set("{}") & set(caveat.message + caveat.detail)


def test_every_sentence_has_its_rule() -> None:
    known = {code.split(".")[1] for code in templates("analytics", "en") if code.startswith("caveats.")}
    assert known == set(RULES)


def test_every_rule_says_when_its_caveat_appears() -> None:
    written = templates("analytics", "en")
    for code in RULES:
        assert written[f"caveats.{code}.name"].islower()
        assert written[f"caveats.{code}.appears"].endswith(".")


def test_a_missing_fact_silences_only_the_rules_that_need_it() -> None:
    facts = CASES["synthetic_data"][0] | CASES["missing_periods"][0]
    del facts["periods_missing"]
    assert codes(facts) == {"synthetic_data"}


def test_stale_tables_are_each_dated_by_their_own_end() -> None:
    newer = replace(OBSERVED, name="jobs", as_of=pd.Timestamp("2026-08-01"))
    (stale,) = (
        each
        for each in assess(made_from=[OBSERVED, newer], today=pd.Timestamp("2026-11-21"))
        if each.code == "data_stale"
    )
    assert stale.message == "The newest data are of 1 August 2026: nothing later is known."
    old = OBSERVED.name.replace("_", " ")
    assert stale.detail.startswith(f"1 August 2026 (jobs) and {as_date(OBSERVED.as_of)} ({old}); up to ")
    beside = replace(newer, name="road_counts", as_of=newer.as_of + pd.Timedelta(hours=23))
    together = RULES["data_stale"](made_from=[newer, beside], today=pd.Timestamp("2026-11-21"))
    assert together is not None
    assert together.detail.startswith("1 August 2026 (jobs and road counts); up to ")


def test_the_gravest_comes_first_and_nothing_twice() -> None:
    note = Caveat("a", Severity.NOTE)
    caution = Caveat("b", Severity.CAUTION)
    stop = Caveat("c", Severity.DO_NOT_USE)
    assert by_severity([note, caution, stop, note]) == (stop, caution, note)


def test_a_lever_far_outside_must_not_be_used() -> None:
    near, far = (
        assess(levers_outside=[LEVER | {"times": 0.5, "option": "A"}]),
        assess(levers_outside=[LEVER | {"times": 4.0}]),
    )
    assert [near[0].severity, far[0].severity] == [Severity.CAUTION, Severity.DO_NOT_USE]


def test_nothing_clearly_better_is_a_note_and_clearly_worse_a_caution() -> None:
    facts = CASES["worse_than_naive"][0]
    tie = assess(**(facts | {"sql_ratio": 0.98, "sql_ratio_high": 1.02}))
    assert [caveat.severity for caveat in (*tie, *assess(**facts))] == [Severity.NOTE, Severity.CAUTION]


def severity_of(code: str, **facts: Any) -> Severity:
    [caveat] = [each for each in assess(**(CASES[code][0] | facts)) if each.code == code]
    return caveat.severity


@pytest.mark.parametrize(
    ("code", "facts", "milder", "graver"),
    [
        ("reporting_bias", {"half_after": 0.2}, Severity.NOTE, Severity.CAUTION),
        ("areal_unit", {"coarser_kept": 0.4}, Severity.NOTE, Severity.CAUTION),
        ("no_better_than_count", {"count_ratio": 0.9}, Severity.NOTE, Severity.CAUTION),
        ("no_better_than_all_years", {"all_years_ratio": 0.9}, Severity.NOTE, Severity.CAUTION),
        (
            "feedback_risk",
            {"police_initiated": ["drug offences"], "series_title": "Drugs"},
            Severity.NOTE,
            Severity.DO_NOT_USE,
        ),
    ],
)
def test_a_limit_that_is_larger_is_graver(code: str, facts: dict[str, Any], milder: Severity, graver: Severity) -> None:
    assert severity_of(code) == milder
    assert severity_of(code, **facts) == graver


def test_each_group_that_is_exposed_has_its_own_sentence() -> None:
    told = assess(exposed=[EXPOSED, EXPOSED | {"label": "Young areas"}, EXPOSED | {"label": "Old areas", "low": 0.1}])
    assert [caveat.message.split(" hold")[0] for caveat in told] == ["Low income areas", "Young areas"]


def test_counts_never_judged_are_not_called_miscalibrated() -> None:
    assert codes(CASES["miscalibrated_cells"][0] | {"cells_coverage_90": float("nan"), "cells_coverage_n": 0}) == set()


def test_a_replay_that_missed_by_far_says_do_not_use_and_the_worst_year_speaks() -> None:
    def of(*years: Replay) -> list[Caveat]:
        return list(assess(crews_replays=years, crews_title="Road crews"))

    assert of(replayed(2012, share=0.901)) == []
    (found,) = of(replayed(2012, share=0.95), replayed(2013, share=0.97), replayed(2014, median=6.0))
    assert (found.evidence["year"], found.severity) == (2013, Severity.CAUTION)
    (found,) = of(replayed(2012, share=0.95), replayed(2014, median=9.0))
    assert (found.evidence["year"], found.severity) == (2014, Severity.CAUTION)
    (found,) = of(replayed(2012, share=0.5))
    assert found.severity is Severity.DO_NOT_USE


def test_a_share_of_the_outline_is_more_of_what_has_seen_something() -> None:
    (found,) = assess(cells_tested=100, cells_never=20, looked_share=0.04)
    assert found.evidence["of_rest"] == pytest.approx(0.05)


def test_what_is_due_to_feedback_is_told_against_reports_alone_and_what_kilometres_are_counted() -> None:
    (loop,) = assess(**CASES["feedback_risk"][0])
    assert "flagged cells 1.25 × as dark as by the public’s reports alone" in loop.detail
    (static,) = assess(traffic_hours_word="morning peak", traffic_over_capacity=0.24)
    assert "24\u202f% of the kilometres driven are on links above their capacity" in static.detail
