"""Chicago with costs that nobody has stated: assumptions of the tests, marked as such, since its open records have none."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import CITIES

COST = """
[costs.{name}]
title = "{title}"
amount = {amount}
low = {low}
high = {high}
unit = "{unit}"
every = "{every}"
year = 2014
currency = "USD"
source = "Assumed for a test"
synthetic = true
"""
ASSUMED = (
    ("site_opening", "Opening a service point", 300_000, 250_000, 400_000, "site", "once"),
    ("site_running", "Running a service point", 120_000, 100_000, 150_000, "site", "year"),
    ("crew", "A crew with its truck", 210_000, 190_000, 240_000, "crew", "year"),
    ("overtime", "Overtime of a crew", 110, 100, 130, "crew", "hour"),
)


def chicago_with_costs(folder: Path) -> Path:
    """A city file of Chicago's records and the assumed costs.

    Parameters
    ----------
    folder : where it is written.

    Returns
    -------
    The path of the city.toml.
    """
    names = ("name", "title", "amount", "low", "high", "unit", "every")
    text = (CITIES / "chicago.toml").read_text(encoding="utf-8")
    text += "".join(COST.format(**dict(zip(names, each, strict=True))) for each in ASSUMED)
    path = folder / "city.toml"
    path.write_text(text, encoding="utf-8")
    return path
