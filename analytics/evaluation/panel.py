"""What a policy is judged on: values by period and unit, of which some had the policy from one period on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Pair", "PolicyPanel"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pair:
    """One treated line beside its donors.

    ``target`` is (period,), ``donors`` (period, donor); the first ``before`` periods lie before the policy. ``base`` is what
    1 of the target is in the panel's units a period; ``sizes`` the donors' means before, by which a plain sum weighs them.
    ``units`` is how many units the target is made of.
    """

    target: Array
    donors: Array
    before: int
    base: float
    sizes: Array
    units: int = 1

    @property
    def after(self) -> int:
        """The number of periods with the policy."""
        return len(self.target) - self.before


@dataclass(frozen=True, eq=False)
class PolicyPanel:
    """Values by period and unit, all of them known; the ``treated`` units have had the policy since period ``before``.

    Where values ``adds_up`` (counts), treated units are summed and every line is a multiple of its own mean before the
    policy: units of every size are then compared by how they changed, and an effect is a share. Else they are averaged and
    compared as they are.
    """

    values: pd.DataFrame
    treated: tuple[str, ...]
    before: int
    adds_up: bool = False

    @cached_property
    def controls(self) -> tuple[str, ...]:
        """The units without the policy, in the panel's order."""
        return tuple(str(each) for each in self.values.columns if each not in self.treated)

    @cached_property
    def _table(self) -> Array:
        """The values, (period, unit): a thousand groups of units are taken from them, and a frame is slow at that."""
        return self.values.to_numpy(dtype=float)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {str(each): place for place, each in enumerate(self.values.columns)}

    def of(self, units: Sequence[str]) -> Array:
        """The values of some units, (period, unit)."""
        return self._table[:, [self._places[each] for each in units]]

    @property
    def periods(self) -> pd.DatetimeIndex:
        """The starts of the periods."""
        return pd.DatetimeIndex(self.values.index)

    def pair(self, treated: Sequence[str] | None = None, *, donors: Sequence[str] | None = None) -> Pair:
        """The treated units as one line, beside their donors.

        Parameters
        ----------
        treated : units that are taken to have had the policy (default: those that had it).
        donors : units that they are held against (default: all that did not have it, without ``treated``).

        Returns
        -------
        Pair
            In multiples of the mean before where values add up.
        """
        chosen = list(self.treated if treated is None else treated)
        others = [each for each in (self.controls if donors is None else donors) if each not in chosen]
        table, own = self.of(others), self.of(chosen)
        sizes = table[: self.before].mean(axis=0)
        if not self.adds_up:
            return Pair(own.mean(axis=1), table, self.before, 1.0, sizes, len(chosen))
        line = own.sum(axis=1)
        base = float(line[: self.before].mean())
        return Pair(line / base, table / sizes, self.before, base, sizes, len(chosen))

    def as_if(self, before: int, *, until: int | None = None) -> PolicyPanel:
        """The panel as if the policy had begun in another period.

        Parameters
        ----------
        before : periods before it.
        until : periods in all (default: as many as there are).

        Returns
        -------
        PolicyPanel
            Without what came later.
        """
        return replace(self, values=self.values.iloc[:until], before=before)
