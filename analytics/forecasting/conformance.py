"""Whether a model keeps the contract: named checks that an author runs before anyone else meets the model.

Each check is one function of a ``Trial`` in ``checks/`` with its two sentences in ``messages/en.toml``: what it promises,
and what is said where that is not kept. The checks of an answer's form come first: what they find causes much that
fails after them.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass

# Imported for their checks, in the order in which these are made.
from analytics.forecasting.checks import answer, histories  # noqa: F401
from analytics.forecasting.checks.named import CHECKS, Evidence
from analytics.forecasting.checks.trial import Trial, refuses
from analytics.forecasting.contract import Forecaster
from analytics.results import WORDING

__all__ = ["CHECKS", "Check", "check_forecaster"]


@dataclass(frozen=True)
class Check:
    """One promise of the contract: whether the model kept it, and a sentence that says so."""

    name: str
    passed: bool
    said: str


def check_forecaster(model: Forecaster, *, seed: int = 0) -> tuple[Check, ...]:
    """What each check found, in order; nothing that the model raises or prints escapes.

    The model must be registered: pickles name it. Quick models take seconds, slow ones smaller panels.
    """
    trial = Trial(model, seed)
    with contextlib.redirect_stdout(io.StringIO()):
        return tuple(_made(name, function, trial) for name, function in CHECKS.items())


def _made(name: str, function: Callable[[Trial], Evidence], trial: Trial) -> Check:
    promise = WORDING.sentence(f"checks.{name}.promise", {})
    try:
        evidence = function(trial)
    except Exception as error:  # noqa: BLE001 - a model under trial may raise anything
        reason = str(error) if refuses(error) else f"{type(error).__name__}: {error}"
        return Check(name, False, WORDING.sentence("conformance.raised", {"promise": promise, "error": reason}))
    if evidence is None:
        return Check(name, True, promise)
    return Check(name, False, WORDING.sentence(f"checks.{name}.failed", evidence))
