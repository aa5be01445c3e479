"""What limits the track record of promises."""

from __future__ import annotations

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity

# Of 20 promises whose ranges hold 8 in 10, 12 to 20 come inside in 19 of 20 cases: of fewer a share says little.
ENOUGH = 20


@rule
def few_promises(*, promises_judged: int) -> Caveat | None:
    """So few promises can be judged that their share may be chance."""
    if promises_judged >= ENOUGH:
        return None
    severity = Severity.CAUTION if promises_judged else Severity.NOTE
    return Caveat("few_promises", severity, {"n": promises_judged, "enough": ENOUGH})


@rule
def promises_unseen(*, promises_unseen: int, promises_all: int) -> Caveat | None:
    """What some promises came to stands in no table: the share speaks for the others only."""
    if not promises_unseen:
        return None
    severity = Severity.CAUTION if 2 * promises_unseen > promises_all else Severity.NOTE
    return Caveat("promises_unseen", severity, {"n": promises_unseen, "all": promises_all})
