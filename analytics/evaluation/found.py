"""What the methods find of a policy: against other areas, or against its own past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.evaluation.alone import Alone, judged_alone
from analytics.evaluation.asked import Asked
from analytics.evaluation.compared import FEWEST_DONORS, Compared, Judged, compared
from analytics.evaluation.displacement import Displacement, displacement
from analytics.evaluation.effects import Estimate, effect_of
from analytics.evaluation.placebos import band_of
from analytics.evaluation.results import STRUCTURAL
from analytics.evaluation.trends import EventStudy, event_study
from analytics.parallel import Progress
from data.words import Sentence

__all__ = ["Found", "by_areas", "by_past"]


@dataclass(frozen=True, eq=False)
class Found:
    """What the methods find, the leading one first."""

    estimates: tuple[Estimate, ...]
    line: pd.DataFrame
    dates: pd.DataFrame
    reason: Sentence
    shifted: tuple[float, ...] = ()
    rank: float | None = None
    study: EventStudy | None = None
    next_door: Displacement | None = None


# By areas


def by_areas(asked: Asked, *, seed: int, progress: Progress) -> Found:
    """The effect against areas without the policy, by the method that does best where there was none.

    Parameters
    ----------
    asked : with enough areas to compare.
    seed : of the placebo groups.
    progress : told how far it is.

    Returns
    -------
    Found
        With placebos over areas and dates, earlier trends and what happened next door.
    """
    panel = asked.panel
    found = compared(
        panel, neighbours=asked.neighbours, seed=seed, progress=lambda done, doing: progress(0.05 + 0.7 * done, doing)
    )
    progress(0.8, "")
    alone = judged_alone(asked.line(with_others=True), asked.split.before)
    lead = found.lead
    next_door = displacement(panel, lead.band, method=lead.name, neighbours=asked.neighbours, seed=seed)
    progress(0.95, "")
    own = [_estimate(asked, each) for each in found.judged]
    return Found(
        estimates=(*own, _estimate_alone(asked, alone)),
        line=_line_beside_areas(asked, lead),
        dates=_dates(asked, lead.dates, freedom=len(asked.controls) - 1, logs=asked.counts),
        reason=_reason(found, asked),
        shifted=tuple(map(float, asked.as_shares(lead.areas.effects, logs=asked.counts))),
        rank=lead.areas.rank(lead.size),
        study=event_study(panel, found.sets),
        next_door=next_door,
    )


def _estimate(asked: Asked, judged: Judged) -> Estimate:
    base = judged.fit.pair.base
    observed, expected = judged.fit.pair.target * base, judged.fit.expected * base
    effect = effect_of(judged.band, observed=observed[asked.after], expected=expected[asked.after], logs=asked.counts)
    return Estimate(judged.name, effect, _as_share(asked, judged.error, logs=asked.counts))


def _as_share(asked: Asked, error: float, *, logs: bool) -> float:
    return error if logs else float(asked.as_shares(np.array(error), logs=False))


def _line_beside_areas(asked: Asked, judged: Judged) -> pd.DataFrame:
    fit = judged.fit
    spread = np.sqrt((judged.areas.paths**2).mean(axis=0))
    band = band_of(0.0, error=1.0, freedom=len(asked.controls) - 1)
    columns = {
        "observed": fit.pair.target,
        "expected": fit.expected,
        "low": fit.expected + band.low * spread,
        "high": fit.expected + band.high * spread,
    }
    return pd.DataFrame(columns, index=asked.split.values.index) * fit.pair.base


def _reason(found: Compared, asked: Asked) -> Sentence:
    lead, second = found.judged[0], found.judged[1]
    errors = {key: _as_share(asked, each.error, logs=asked.counts) for key, each in (("error", lead), ("next", second))}
    evidence = {
        "method": Sentence(f"evaluation.methods.{lead.name}"),
        "second": Sentence(f"evaluation.methods.{second.name}"),
        "areas": len(asked.controls),
    }
    return Sentence("evaluation.least_error", evidence | errors)


# By its own past


def by_past(asked: Asked) -> Found:
    """The effect against the treated line's own past, the few areas that had no policy beside it."""
    alone = judged_alone(asked.line(with_others=bool(asked.controls)), asked.split.before)
    fit = alone.fit
    columns = {"observed": asked.observed, "expected": fit.expected, "low": fit.low, "high": fit.high}
    code = "few_areas" if asked.controls else "no_areas"
    freedom = max(asked.split.before - 3, 2)
    return Found(
        estimates=(_estimate_alone(asked, alone),),
        line=pd.DataFrame(columns, index=asked.split.values.index),
        dates=_dates(asked, alone.dates, freedom=freedom, logs=fit.logs),
        reason=Sentence(f"evaluation.{code}", {"n": len(asked.controls), "least": FEWEST_DONORS}),
    )


def _estimate_alone(asked: Asked, alone: Alone) -> Estimate:
    expected = alone.fit.expected[asked.after]
    effect = effect_of(alone.band, observed=asked.observed[asked.after], expected=expected, logs=alone.fit.logs)
    return Estimate(STRUCTURAL, effect, _as_share(asked, alone.error, logs=alone.fit.logs))


# Both


def _dates(asked: Asked, dates: pd.DataFrame, *, freedom: float, logs: bool) -> pd.DataFrame:
    """The placebo dates in shares: start, share, low, high."""
    bands = [
        band_of(effect, error=error, freedom=freedom)
        for effect, error in zip(dates["effect"], dates["error"], strict=True)
    ]
    table = {
        key: asked.as_shares(np.array([getattr(band, which) for band in bands]), logs=logs)
        for key, which in (("share", "effect"), ("low", "low"), ("high", "high"))
    }
    starts = asked.split.values.index[dates["start"].to_numpy(dtype=int)]
    return pd.DataFrame({"start": starts, **table})
