"""Whether a hotspot method keeps the contract: named checks that an author runs before anyone else meets the method.

Each check is one function of a ``Trial`` in ``checks/`` with its two sentences in ``messages/``. The checks of a
map's form come first: what they find causes much that fails after them.
"""

from __future__ import annotations

# Imported for their checks, in the order in which these are made.
from analytics.hotspots.checks import answer, pasts  # noqa: F401
from analytics.hotspots.checks.named import CHECKS
from analytics.hotspots.checks.trial import Trial, refuses
from analytics.hotspots.contract import Method
from analytics.plugins.checks import Check, made

__all__ = ["CHECKS", "Check", "check_hotspot_method"]


def check_hotspot_method(method: Method, *, seed: int = 0) -> tuple[Check, ...]:
    """What each check found, in order; nothing that the method raises or prints escapes.

    The method must be registered: pickles name it.

    Parameters
    ----------
    method : a registered method.
    seed : of everything drawn by lot.

    Returns
    -------
    One check each, passed or not.
    """
    return made(CHECKS, Trial(method, seed), section="method_checks", refuses=refuses)
