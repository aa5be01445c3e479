"""The track record of a model: from what was predicted and observed at past origins to scores by origin, stratum and series."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import Forecaster
from analytics.forecasting.results import Backtest, Score
from analytics.forecasting.scoring import LEVELS, NEARLY_NONE, Scales, naive_scales, scaled_losses, scaled_scores
from analytics.forecasting.uncertainty.distribution import Distribution, quantiles_of
from analytics.forecasting.uncertainty.draws import copula_of, sample_totals
from analytics.forecasting.uncertainty.factor import common_factor
from analytics.forecasting.uncertainty.pit import Step, pit, step_of
from analytics.resampling import mean_interval, ratio_interval
from analytics.streams import Streams
from data import Series
from data.frequency import Frequency

__all__ = ["Window", "losses_in", "track_record_of"]

Array = npt.NDArray[np.float64]

KEYS = ["area_id", "category"]
TRACK_DRAWS = 200  # the fifth from either end is the 95 % range
ROUNDING = 9  # digits of the factor that are kept: the same on every machine
STEPS_AHEAD = 4  # strata of the horizon, where it is not counted in weeks
THIRDS = ("low", "middle", "high")


@dataclass(frozen=True, eq=False)
class Window:
    """One origin: what was known, what came, and what was said of it."""

    history: pd.DataFrame
    ahead: pd.DataFrame
    distribution: Distribution

    @property
    def cutoff(self) -> pd.Timestamp:
        """The last period that was known."""
        return self.history.index[-1]  # type: ignore[no-any-return]

    @cached_property
    def step(self) -> Step:
        """Where in the distribution each outcome lies, for whatever looks at that."""
        return step_of(self.distribution, self.observed)

    @property
    def observed(self) -> Array:
        """What came, (period, column)."""
        return self.ahead.to_numpy(dtype=float)

    @cached_property
    def quantiles(self) -> Array:
        """What was said, (level, period, column) at ``LEVELS``."""
        return quantiles_of(self.distribution, LEVELS)


def track_record_of(
    series: Series, model: Forecaster, windows: Sequence[Window], errors: Array | None, baseline: Backtest | None,
    *, horizon: int, seed: int, began: float,
) -> Backtest:  # fmt: skip
    """The backtest that windows amount to; ``began`` is when the work on them did (seconds).

    Parameters
    ----------
    series : the series that was tested on.
    model : the model that was tested.
    windows : one an origin, the oldest first.
    errors : scaled past errors (origin, step, column) of a model without quantiles.
    baseline : the seasonal naive's backtest; None where this is it.
    horizon : periods ahead that were tested.
    seed : of the intervals, the randomised PITs and the draws.
    began : when the work began, in seconds of ``time.perf_counter``.

    Returns
    -------
    Scores with their intervals, by origin, stratum and column, and the track of the total, where its areas add up to one.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    covered = [_covered(window, rng) for window in windows]
    scales = _scales(windows)
    detail = _detail(windows, covered, scales)
    stated = [(window.distribution, window.observed) for window in windows]
    strengths = common_factor(stated, steps=[window.step for window in windows])
    rho, kappa = (round(strength, ROUNDING) for strength in strengths)
    scored, total = windows[0].observed.shape[1], series.values.shape[1]
    summed = scored == total and series.adds_up
    return Backtest(
        made_from=(series.provenance,),
        config={"horizon": horizon, "origins": len(windows)},
        seed=seed,
        series=series.name,
        model=model.name,
        model_version=model.version,
        cutoffs=tuple(window.cutoff for window in windows),
        horizon=horizon,
        scores=_scores(detail, baseline, seed=seed),
        by_origin=_by_origin(detail),
        by_stratum=pd.concat([_by_kind_of_series(detail, series), _by_steps_ahead(windows, covered, scales, series)]),
        detail=detail,
        track=_track(series, windows, rho, kappa, seed=seed) if summed else pd.DataFrame(),
        series_scored=scored,
        series_total=total,
        correlation=rho,
        persistence=kappa,
        errors=errors,
        seconds=time.perf_counter() - began,
    )


def _covered(window: Window, rng: np.random.Generator) -> dict[str, Array]:
    """Whether each outcome lay in the central 80 and 95 %, (period, column), NaN for gaps."""
    fell = pit(window.step, window.observed, uniform=rng.random(window.observed.shape))
    gap = np.isnan(fell)
    inside = {"coverage_80": np.abs(fell - 0.5) <= 0.4, "coverage_95": np.abs(fell - 0.5) <= 0.475}
    return {name: np.where(gap, np.nan, each.astype(float)) for name, each in inside.items()}


def losses_in(windows: Sequence[Window]) -> pd.DataFrame:
    """The scaled quantile loss ``sql`` of each cutoff and column, as the track record has it in its detail.

    Parameters
    ----------
    windows : one an origin, the oldest first.

    Returns
    -------
    pd.DataFrame
        One row a cutoff and column.
    """
    scales, tables = _scales(windows), []
    for window in windows:
        scores = scaled_scores(scales, window.observed, window.distribution.mean, window.quantiles)
        tables.append(_named(pd.DataFrame({"sql": scores["sql"]}), window))
    return pd.concat(tables, ignore_index=True)


def _scales(windows: Sequence[Window]) -> Scales:
    """One scale for all: by its own, a window before which nothing had come yet would outweigh all others."""
    return naive_scales(windows[-1].history)


def _named(table: pd.DataFrame, window: Window) -> pd.DataFrame:
    """A row a column of a window, with what it is called."""
    columns = window.history.columns
    return table.assign(cutoff=window.cutoff, **{name: columns.get_level_values(name).to_numpy() for name in KEYS})


def _detail(windows: Sequence[Window], covered: Sequence[dict[str, Array]], scales: Scales) -> pd.DataFrame:
    """One row a cutoff and column."""
    tables = []
    for window, inside in zip(windows, covered, strict=True):
        scores = scaled_scores(scales, window.observed, window.distribution.mean, window.quantiles)
        coverage = {name: pd.DataFrame(each).mean().to_numpy() for name, each in inside.items()}
        tables.append(_named(pd.DataFrame(scores | coverage), window))
    return pd.concat(tables, ignore_index=True)


def _by_origin(detail: pd.DataFrame) -> pd.DataFrame:
    grouped = detail.groupby("cutoff")
    table = grouped[["sql", "mase", "rmsse", "coverage_80", "coverage_95"]].mean()
    observed = grouped["total"].sum()
    # Nothing came: a share of it has no meaning.
    table["bias"] = grouped["error"].sum() / observed.where(observed != 0)
    table["n"] = grouped["n"].sum()
    return table.reset_index()


def _scores(detail: pd.DataFrame, baseline: Backtest | None, *, seed: int) -> dict[str, Score]:
    by_origin = _by_origin(detail)
    names = ("sql", "mase", "rmsse", "bias", "coverage_80", "coverage_95")
    scores = {name: Score(*mean_interval(by_origin[name].to_numpy(), seed=seed)) for name in names}
    if baseline is None:
        return scores | {"sql_ratio": Score(1.0, 1.0, 1.0)}
    both = detail.merge(baseline.detail, on=["cutoff", *KEYS], suffixes=("", "_baseline"))
    means = both.dropna(subset=["sql", "sql_baseline"]).groupby("cutoff")[["sql", "sql_baseline"]].mean()
    if means["sql_baseline"].mean() < NEARLY_NONE / 2:  # half, as origins may count double where models are compared
        return scores | {"sql_ratio": Score(np.nan, np.nan, np.nan)}
    ratio = ratio_interval(means["sql"].to_numpy(), means["sql_baseline"].to_numpy(), seed=seed)
    return scores | {"sql_ratio": Score(*ratio)}


def _by_kind_of_series(detail: pd.DataFrame, series: Series) -> pd.DataFrame:
    """Scores by size and by share of zeros: thirds of the series."""
    facts = pd.DataFrame({"size": series.values.mean(), "zeros": (series.values == 0).mean()})
    joined = detail.merge(facts.rename_axis(KEYS).reset_index(), on=KEYS)
    rows = []
    for stratum in ("size", "zeros"):
        rank = joined[stratum].rank(method="first", pct=True)
        for third, label in enumerate(THIRDS):
            part = joined[(rank > third / 3) & (rank <= (third + 1) / 3)]
            means = part[["sql", "coverage_80", "coverage_95"]].mean()
            rows.append({"stratum": stratum, "value": label, **means, "n": part["n"].sum()})
    return pd.DataFrame(rows)


def _by_steps_ahead(
    windows: Sequence[Window], covered: Sequence[dict[str, Array]], scales: Scales, series: Series
) -> pd.DataFrame:
    """Scores by how far ahead: weeks for days, quarters of the horizon otherwise."""
    horizon = len(windows[0].ahead)
    width = 7 if series.freq is Frequency.DAY else -(-horizon // STEPS_AHEAD)
    losses = [scaled_losses(scales, each.observed, each.quantiles) for each in windows]
    rows = []
    for start in range(0, horizon, width):
        steps = slice(start, min(start + width, horizon))
        cells = {"sql": losses} | {name: [each[name] for each in covered] for name in ("coverage_80", "coverage_95")}
        pooled = pd.DataFrame(
            {name: np.concatenate([each[steps].ravel() for each in kind]) for name, kind in cells.items()}
        )
        known = pooled["coverage_80"].count()
        rows.append({"stratum": "ahead", "value": f"{start + 1} to {steps.stop}", **pooled.mean(), "n": known})
    return pd.DataFrame(rows)


def _track(series: Series, windows: Sequence[Window], rho: float, kappa: float, *, seed: int) -> pd.DataFrame:
    """What was said about the total and what came, by cutoff and period."""
    # All windows share the normals of the first one's periods: differences between them are then not chance.
    totals = sample_totals(
        [window.distribution for window in windows],
        copula_of(series, pd.DatetimeIndex(windows[0].ahead.index), correlation=rho, persistence=kappa),
        Streams(seed, TRACK_DRAWS),
    )
    tables = []
    for window, total in zip(windows, totals, strict=True):
        predicted = np.quantile(total, LEVELS, axis=0, method="inverted_cdf")
        table = pd.DataFrame({f"q{level:g}": predicted[index] for index, level in enumerate(LEVELS)})
        table["observed"] = window.ahead.sum(axis=1, min_count=1).to_numpy()
        tables.append(table.assign(cutoff=window.cutoff, period=window.ahead.index))
    return pd.concat(tables, ignore_index=True)
