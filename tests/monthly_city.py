"""Files of a small city that compares in no time: two wards, four years of monthly requests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from tiny_city import WARDS

TOML = """
[city]
name = "Monthly"
timezone = "Europe/Prague"
crs = "EPSG:32633"
currency = "CZK"
licence = "CC0"

[areas.ward]
source = "wards.geojson"
id = "ward"
name = "title"
population = "people"

[series.requests]
source = "requests.csv"
period = "month"
area = "ward"
areas = "ward"
value = "n"
freq = "MS"
unit = "requests"
"""
REQUESTS = "requests.csv"


def write_monthly_city(folder: Path, *, toml: str = TOML) -> Path:
    """Write the city into a folder and return its city.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    months = pd.date_range("2020-01-01", periods=48, freq="MS")
    rng = np.random.Generator(np.random.Philox(1))
    rows = [(f"{month:%Y-%m-%d}", ward, rng.poisson(40 * ward)) for month in months for ward in (1, 2)]
    (folder / REQUESTS).write_text("month,ward,n\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows))
    (folder / "wards.geojson").write_text(WARDS)
    path = folder / "city.toml"
    path.write_text(toml)
    return path
