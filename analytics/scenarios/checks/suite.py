"""Whether an engine keeps the contract: named checks that an author runs before anyone else meets the engine.

Each check is one function of a ``Trial`` with its two sentences in ``messages/``: what it promises, and what is said where
that is not kept. The checks of what is declared come first: what they find causes much that fails after them.
"""

from __future__ import annotations

from collections.abc import Sequence

from analytics.plugins.checks import Check, made

# Imported for their checks, in the order in which these are made.
from analytics.scenarios.checks import declared, moving, results  # noqa: F401
from analytics.scenarios.checks.named import CHECKS
from analytics.scenarios.checks.trial import Trial, refuses
from analytics.scenarios.contract import Engine
from data import City

__all__ = ["CHECKS", "Check", "check_engine"]


def check_engine(engine: Engine, *, city: City, others: Sequence[Engine] = (), seed: int = 0) -> tuple[Check, ...]:
    """What each check found, in order; nothing that the engine raises or prints escapes.

    Parameters
    ----------
    engine : on trial.
    city : that it is tried in; a small one takes seconds.
    others : engines whose measures it may read.
    seed : of everything random.

    Returns
    -------
    One check each, passed or not.
    """
    return made(CHECKS, Trial(engine, city, others, seed), section="engine_checks", refuses=refuses)
