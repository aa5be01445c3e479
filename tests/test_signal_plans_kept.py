"""Plans that took a search are read by the next process, for as long as roads, counts and the longest cycle are the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from junction_city import opened

from analytics.signals import choices
from analytics.signals.choices import best_plan, corridor_plans
from data import Junctions


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Junctions]:
    """As a process finds it that has asked for no plan yet."""
    for each in (best_plan, corridor_plans):
        each.cache.clear()
    yield opened(tmp_path / "junctions")
    for each in (best_plan, corridor_plans):
        each.cache.clear()


def never(*_: object, **__: object) -> None:
    raise AssertionError("searched again")


def test_the_next_process_reads_the_plan_of_a_junction(table: Junctions, monkeypatch: pytest.MonkeyPatch) -> None:
    found = best_plan(table, "J1")
    best_plan.cache.clear()
    monkeypatch.setattr(choices, "plan_for_day", never)
    assert best_plan(table, "J1") == found
    best_plan.cache.clear()
    with pytest.raises(AssertionError, match="searched again"):
        best_plan(replace(table, longest_cycle=table.longest_cycle - 30), "J1")


def test_the_next_process_reads_the_plans_of_a_corridor(table: Junctions, monkeypatch: pytest.MonkeyPatch) -> None:
    (name,) = table.corridors
    found = corridor_plans(table, name)
    assert set(found) == {"J1", "J2"}
    corridor_plans.cache.clear()
    monkeypatch.setattr(choices, "coordinated", never)
    assert corridor_plans(table, name) == found


def test_a_workspace_that_cannot_be_written_to_costs_no_plan(
    table: Junctions, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = best_plan(table, "J1")
    best_plan.cache.clear()
    no_folder = workspace / "a file"
    no_folder.write_text("")
    monkeypatch.setenv("CIVICAST_HOME", str(no_folder))
    assert best_plan(table, "J1") == found
