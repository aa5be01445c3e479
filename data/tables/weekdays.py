"""Days of the week as a city.toml names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator

from data.tables.section import refused, wrong_type

__all__ = ["WEEKDAYS", "Weekdays"]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _weekdays(value: Any) -> tuple[int, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise wrong_type("texts")
    for day in value:
        if day not in WEEKDAYS:
            raise refused("not_allowed", value=day, allowed=list(WEEKDAYS))
    return tuple(index for index, day in enumerate(WEEKDAYS) if day in value)


Weekdays = Annotated[tuple[int, ...], BeforeValidator(_weekdays)]
"""Some days of the week, as their places in ``WEEKDAYS``, in its order."""
