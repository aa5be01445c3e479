"""Whether a model keeps the contract: named checks that an author runs before anyone else meets the model.

Each check is one function of a ``Trial`` in ``checks/`` with its two sentences in ``messages/``: what it promises,
and what is said where that is not kept. The checks of an answer's form come first: what they find causes much that
fails after them.
"""

from __future__ import annotations

# Imported for their checks, in the order in which these are made.
from analytics.forecasting.checks import answer, histories  # noqa: F401
from analytics.forecasting.checks.named import CHECKS
from analytics.forecasting.checks.trial import Trial, refuses
from analytics.forecasting.contract import Forecaster
from analytics.plugins.checks import Check, made

__all__ = ["CHECKS", "Check", "check_forecaster"]


def check_forecaster(model: Forecaster, *, seed: int = 0) -> tuple[Check, ...]:
    """What each check found, in order; nothing that the model raises or prints escapes.

    The model must be registered: pickles name it. Quick models take seconds, slow ones smaller panels.

    Parameters
    ----------
    model : a registered model.
    seed : of the panels that it meets, and given to it.

    Returns
    -------
    One an entry of ``CHECKS``, in its order.
    """
    return made(CHECKS, Trial(model, seed), section="checks", refuses=refuses)
