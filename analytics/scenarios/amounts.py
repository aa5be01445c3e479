"""Numbers in their units as people read them."""

from __future__ import annotations

from data.words import Sentence, Words

__all__ = ["SHARE", "amount"]

SHARE = "share"  # the unit that is written in per cent


def amount(value: float, unit: Words) -> Sentence:
    """A number in its unit as people read it: a share in per cent.

    Parameters
    ----------
    value : in the unit; 1 is 100 % of a share.
    unit : "share", "" for none, or a word.

    Returns
    -------
    A number and its unit.
    """
    if unit == SHARE:
        return Sentence("amounts.share", {"value": value})
    return Sentence("amounts.units" if unit else "amounts.bare", {"value": value, "unit": unit})
