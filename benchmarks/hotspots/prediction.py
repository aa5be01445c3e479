"""Maps of each window beside what came, in Philadelphia and elsewhere: the mixture against counts and kernel densities."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cache, partial

import numpy as np
import pandas as pd

from analytics.hotspots.backtesting.scoring import Evaluation, evaluate, window_starts
from analytics.hotspots.backtesting.summary import summarise
from analytics.hotspots.cells import Squares, cells_over
from analytics.hotspots.contract import Method
from analytics.hotspots.registry import methods
from analytics.hotspots.smoothing.density import kernel_density_grid
from analytics.resampling import resamples
from benchmarks.hotspots import sets
from benchmarks.paired import RESAMPLED, Array
from benchmarks.rows import Row
from data import Incidents

__all__ = ["judged", "other_places", "philadelphia"]

OURS = "kernel_mixture"
KDE = "kernel_density"
YARDSTICKS = {"last_year": "count_last_year", "all_history": "count_all_history"}
SHARE = 0.02
CELL = 200.0  # metres
DAY = pd.Timedelta(days=1)
LEAST_WINS = {"last_year": 5, "all_history": 3}
QUICK_WINDOWS = 4


@cache
def judged(kind: str, year: int, *, quick: bool = False) -> Evaluation:
    """The windows of a kind and year of Philadelphia, by every method of the comparison.

    Cells are outlined by what happened before the year. Weekly kinds of the first year are mapped by all methods.
    """
    chosen = sets.KINDS[kind]
    whole, first = sets.philadelphia(), pd.Timestamp(f"{year}-01-01")
    number = ((first + pd.DateOffset(years=1)) - first).days // chosen.days
    starts = [first + window * chosen.days * DAY for window in range(QUICK_WINDOWS if quick else number)]
    every = chosen.days == 7 and year == sets.YEARS[0]
    used = list(methods()) if every else [OURS, KDE, *YARDSTICKS.values()]
    return evaluate(
        [*(methods()[name] for name in used), *densities()], sets.chosen(whole, chosen.categories),
        cells_over(whole, size=CELL, before=first), starts=starts, horizon_days=chosen.days, seed=0,
    )  # fmt: skip


def philadelphia(*, quick: bool = False) -> Iterator[Row]:
    """Hits at 2 % of the area over those of the yardsticks, by kind and year, and how many kinds win."""
    if not sets.parquet().is_file():
        print("Prediction in Philadelphia is left out: there are no data.", file=sys.stderr)
        return
    for year in sets.YEARS:
        found = [row for kind in sets.KINDS for row in _against(f"{kind}_{year}", judged(kind, year, quick=quick))]
        yield from found
        for name, least in LEAST_WINS.items():
            yield _wins(f"hits_vs_{name}_wins_{year}", [row for row in found if f"_{name}_" in row.name], least)
    yield from _against_density(quick=quick)
    yield from _challengers(quick=quick)


def other_places(*, quick: bool = False) -> Iterator[Row]:
    """The same for the last year of other places; no goals, since nothing was promised for them."""
    rows = []
    for name, other in sets.others().items():
        if not other.path.is_file():
            print(f"{name} is left out: there are no data.", file=sys.stderr)
            continue
        incidents = other.read()
        starts = window_starts(
            incidents, as_of=incidents.until + DAY, horizon_days=other.days,
            windows=QUICK_WINDOWS if quick else 365 // other.days,
        )  # fmt: skip
        cells = cells_over(incidents, size=other.size, before=starts[0])
        used = [methods()[each] for each in (OURS, KDE, *YARDSTICKS.values())]
        rows += _against(name, evaluate(used, incidents, cells, starts=starts, horizon_days=other.days, seed=0))
    yield from rows
    for name in YARDSTICKS:
        yield _wins(f"hits_vs_{name}_wins_elsewhere", [row for row in rows if f"_vs_{name}_" in row.name], None)


def _against(name: str, evaluation: Evaluation) -> list[Row]:
    """The mixture's hits over those of each yardstick; the interval resamples whole windows."""
    table = summarise(evaluation.shares, seed=0)
    at = table[np.isclose(table["share"], SHARE)].set_index("method")
    ours = at.loc[OURS]
    counted = f"{int(ours['windows'])} windows, {int(ours['events']):,} events"
    rows = []
    for yardstick, method in YARDSTICKS.items():
        low, high = (_known(ours[f"vs_{yardstick}_{end}"]) for end in ("low", "high"))
        rate, theirs = (100 * float(at.loc[each, "hit_rate"]) for each in (OURS, method))
        rows.append(
            Row(
                f"hits_vs_{yardstick}_{name}", rate, "% of events", most=False, peer=theirs, peer_name=method, low=low,
                high=high, note=f"{_verdict(low, high)}; {counted}",
            )
        )  # fmt: skip
    return rows


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _verdict(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "nothing caught by the yardstick"
    return "wins" if low > 1 else "loses" if high < 1 else "does not win"


def _wins(name: str, rows: Sequence[Row], least: int | None) -> Row:
    """How many of these rows win by the lower end of their interval, and which do not."""
    lost = [row.name.split("_vs_", 1)[1] for row in rows if not (row.low or 0) > 1]
    short = ", ".join(lost).replace("last_year_", "").replace("all_history_", "") or "none"
    return Row(name, len(rows) - len(lost), f"of {len(rows)}", least, most=False, note=f"do not win: {short}")


def _against_density(*, quick: bool) -> Iterator[Row]:
    """Hits over those of kernel densities, the mean over kinds and years: the usual one, then the best for each set."""
    names = [KDE, *(each.name for each in densities())]
    every = {(kind, year): _hits(kind, year, [OURS, *names], quick=quick) for year in sets.YEARS for kind in sets.KINDS}
    usual = {name: _ratio(total[0], total[1]) for name, (total, _) in every.items()}
    low, high = np.quantile(
        np.mean([_ratio(drawn[0], drawn[1]) for _, drawn in every.values()], axis=0), [0.025, 0.975]
    )
    kind, year = min(usual, key=usual.__getitem__)
    yield Row(
        "hits_vs_kde", float(np.mean(list(usual.values()))), "× KDE's hits", 1.10, most=False, low=float(low),
        high=float(high), on_point=True,
        note=f"mean over {len(usual)} sets; 150 m, last year; the least is {kind} {year}: {usual[kind, year]:.3f}",
    )  # fmt: skip
    best = {name: names[int(np.argmax(total[1:]))] for name, (total, _) in every.items()}
    ratios = [_ratio(total[0], total[1:].max()) for total, _ in every.values()]
    chosen = ", ".join(f"{name} {list(best.values()).count(name)}" for name in names)
    yield Row(
        "hits_vs_best_kde", float(np.mean(ratios)), "× its hits", most=False,
        note=f"of four settings the best for each set, as nobody could have known before: {chosen}; least {min(ratios):.3f}",
    )  # fmt: skip


def _hits(kind: str, year: int, names: Sequence[str], *, quick: bool) -> tuple[Array, Array]:
    """Hits of methods (method) over all windows, and of resampled windows (method, draw)."""
    shares = judged(kind, year, quick=quick).shares
    at = shares[np.isclose(shares["share"], SHARE)]
    hits = at.pivot_table(index="as_of", columns="method", values="hits")[list(names)].to_numpy(float)
    places = resamples(len(hits), seed=0, times=RESAMPLED)
    return hits.sum(axis=0), hits[places].sum(axis=1).T


@cache
def densities() -> tuple[Method, ...]:
    """Kernel densities of another bandwidth and of all years: what somebody may choose instead of 150 m and a year.

    With 300 m they were never the best of a set, so none is here.
    """
    return tuple(
        Method(
            f"kde_{bandwidth}_{past}", f"{bandwidth} m, {past}", "1", ("None",), ("Incidents",), 2,
            partial(_density, bandwidth=float(bandwidth), past=past),
        )
        for bandwidth, past in ((100, "year"), (100, "history"), (150, "history"))
    )  # fmt: skip


def _density(
    incidents: Incidents,
    cells: Squares,
    *,
    as_of: pd.Timestamp,
    horizon_days: int,
    seed: int,
    bandwidth: float,
    past: str,
) -> Array:
    days = 365 if past == "year" else (as_of - incidents.since).days
    frame = incidents.frame[incidents.frame["time"] >= as_of - days * DAY]
    grid = kernel_density_grid(
        frame["x"].to_numpy(), frame["y"].to_numpy(), x0=cells.x0, y0=cells.y0, size=cells.size, columns=cells.columns,
        rows=cells.rows, bandwidth=bandwidth,
    )  # fmt: skip
    return np.asarray(grid.ravel()[cells.index] * (horizon_days / days))


def _ratio(ours: Array, theirs: Array) -> Array:
    return np.asarray(ours / np.maximum(theirs, 1.0))


def _challengers(*, quick: bool) -> Iterator[Row]:
    """The mean hit rate of every method over the weekly kinds of the first year."""
    weekly = [kind for kind, chosen in sets.KINDS.items() if chosen.days == 7]
    found = pd.concat({kind: summarise(judged(kind, sets.YEARS[0], quick=quick).shares, seed=0) for kind in weekly})
    at = found[np.isclose(found["share"], SHARE)]
    for method, rates in at.groupby("method")["hit_rate"]:
        note = f"mean over {len(rates)} weekly kinds of {sets.YEARS[0]}"
        if method == "promap":
            note += "; ours, since open_cp, which has one too, can no longer be installed"
        yield Row(f"hits_of_{method}", 100 * float(rates.mean()), "% of events", note=note)
