"""Checks of the pasts and the cells that cities have: empty, short, rare, elsewhere, of every kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.hotspots.cells import KINDS, Cells
from analytics.hotspots.checks.named import CHECKS, check
from analytics.hotspots.checks.trial import AS_OF, HORIZON, KNOWN, SIDE, SINCE, Trial
from analytics.plugins.checks import Evidence
from data import Incidents

__all__: list[str] = []


def _unsound(
    trial: Trial, incidents: Incidents | None = None, cells: Cells | None = None, *, as_of: pd.Timestamp = AS_OF
) -> Evidence:
    lowest = float(trial.ask(incidents, cells, as_of=as_of).min())
    return None if lowest >= 0 else {"lowest": lowest}


# Pasts


@check
def empty_recent_year(trial: Trial) -> Evidence:
    frame = trial.incidents.frame
    early = frame.loc[frame["time"] < AS_OF - pd.Timedelta(days=366)]
    return _unsound(trial, replace(trial.incidents, frame=early))


@check
def one_event(trial: Trial) -> Evidence:
    highest = float(trial.ask(trial.of([KNOWN - 100], [350], [350])).sum())
    return None if 0 <= highest <= HORIZON else {"highest": highest}


@check
def only_long_ago(trial: Trial) -> Evidence:
    return _unsound(trial, trial.of([0, 0, 1], [350, 350, 650], [350, 350, 650]))


@check
def short_history(trial: Trial) -> Evidence:
    return _unsound(trial, as_of=SINCE + pd.Timedelta(days=10))


@check
def all_on_one_day(trial: Trial) -> Evidence:
    return _unsound(trial, trial.of(np.full(60, KNOWN - 1), np.linspace(0, 900, 60), np.full(60, 350.0)))


@check
def events_off_the_map(trial: Trial) -> Evidence:
    rng = np.random.Generator(np.random.Philox(trial.seed))
    days = np.sort(rng.integers(0, KNOWN, 900))
    # Three hundred at one place of the map, twice as many beyond it: their cell is -1, the last from behind.
    x = np.where(np.arange(900) % 3 == 0, 350.0, SIDE + 5000.0)
    predicted = trial.ask(trial.of(days, x, np.full(900, 350.0)))
    busy = int(trial.cells.locate(np.array([350.0]), np.array([350.0]))[0])
    return None if predicted[-1] < predicted[busy] else {}


# Cells


@check
def a_single_cell(trial: Trial) -> Evidence:
    return _unsound(trial, cells=trial.cells_of("squares", size=2 * SIDE))


def _on(kind: str) -> Callable[[Trial], Evidence]:
    def on_cells(trial: Trial) -> Evidence:
        return _unsound(trial, cells=trial.cells_of(kind))

    return on_cells


CHECKS |= {f"on_{kind}": _on(kind) for kind in KINDS if kind != "squares"}
