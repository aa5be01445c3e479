"""A tiny city whose every name is an attack: on a page (HTML, markdown, links), on a spreadsheet (formulas) and on a log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tiny_city import geojson, square

OUTSIDE = "198.51.100.7"  # a machine that answers nobody (RFC 5737)
WARDS = 3
DAYS = 450  # fifteen months, the least that plans need
START = "2023-01-01"
ATTACKS = (
    "<img src=http://{0}/{1}.png onerror=window.hit=1>",
    "![{1}](http://{0}/{1}.png)",
    "[{1}](javascript:window.hit=1)",
    '<a href="javascript:window.hit=1">{1}</a>',
    "<script>window.hit=1</script>",
    "<iframe src=//{0}/{1}></iframe>",
    "</style></title></textarea><svg onload=window.hit=1>",
    "http://{0}/{1} www.{0}.example",
    ":material/home: :red[{1}] $x^2$ `{1}`",
)


def attack(name: str) -> str:
    """A formula that is also every attack on a page, with a name by which its traces are told apart."""
    return f"=1+1 {name} " + " ".join(each.format(OUTSIDE, name) for each in ATTACKS)


def _toml(sections: dict[str, dict[str, Any]]) -> str:
    # JSON's texts, numbers and lists are TOML's too.
    lines = []
    for name, keys in sections.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items()), ""]
    return "\n".join(lines)


def write_hostile_city(folder: Path) -> Path:
    """Write the city into a folder; its city.toml.

    Two kinds of requests in three wards a day, thefts, two drivers, sites, a cost, a target and a region.
    """
    rng = np.random.Generator(np.random.Philox(1))
    days = pd.date_range(START, periods=DAYS, freq="D")
    wards = [str(ward) for ward in range(1, WARDS + 1)]
    kinds = [attack("noise"), "@SUM(A1)"]
    panel = pd.MultiIndex.from_product([days, wards, kinds], names=["day", "ward", "kind"]).to_frame(index=False)
    weekday = panel["day"].dt.day_of_week.to_numpy()
    panel.assign(n=rng.poisson(4 + 2 * (weekday < 5))).to_csv(folder / "requests.csv", index=False)
    opened = days[rng.integers(0, DAYS - 30, 300)]
    dated = {
        "opened": opened,
        "closed": opened + pd.to_timedelta(rng.integers(0, 20, 300), unit="D"),
        "kind": rng.choice(kinds, 300),
        "ward": rng.choice(wards, 300),
    }
    pd.DataFrame(dated).to_csv(folder / "dated.csv", index=False)
    thefts = {
        "when": days[rng.integers(0, DAYS, 300)] + pd.to_timedelta(rng.integers(0, 1440, 300), unit="min"),
        "lon": rng.uniform(15.0, 15.06, 300).round(5),
        "lat": rng.uniform(50.0, 50.02, 300).round(5),
        "kind": rng.choice([attack("theft"), "-2+3"], 300),
    }
    pd.DataFrame(thefts).drop_duplicates().to_csv(folder / "thefts.csv", index=False)
    places = [(f"s{n}", attack(f"site{n}"), 15.01 + 0.01 * n, 50.01, "open" if n < 2 else "no") for n in range(4)]
    pd.DataFrame(places, columns=["id", "name", "lon", "lat", "state"]).to_csv(folder / "sites.csv", index=False)
    years = pd.MultiIndex.from_product([range(2019, 2025), wards], names=["year", "ward"]).to_frame(index=False)
    years.assign(residents=1000 + 10 * (years["year"] - 2019)).to_csv(folder / "people.csv", index=False)
    shapes = [
        ({"ward": ward, "title": attack(f"ward{ward}"), "people": 1000, "old": 0.2 + 0.1 * place},
         square(15.0 + 0.02 * place, 50.0, side=0.02))
        for place, ward in enumerate(wards)
    ]  # fmt: skip
    (folder / "wards.geojson").write_text(geojson(shapes), encoding="utf-8")
    about = {"area": "ward", "areas": "ward"}
    sections: dict[str, dict[str, Any]] = {
        "city": {
            "name": attack("city"), "key": "hostile", "timezone": "Europe/Prague", "crs": "EPSG:32633",
            "currency": "CZK", "licence": attack("licence"), "origin": attack("origin"),
        },
        "areas.ward": {"source": "wards.geojson", "id": "ward", "name": "title", "population": "people"},
        "areas.ward.groups": {"share_over_65": "old"},
        "incidents.theft": {
            "source": "thefts.csv", "title": attack("thefts"), "time": "when", "longitude": "lon", "latitude": "lat",
            "category": "kind", "areas": "ward", "reported_by": "public",
        },
        "series.requests": {
            "source": "requests.csv", "title": attack("requests"), "period": "day", "category": "kind", "value": "n",
            "freq": "D", "unit": attack("unit"), "value_type": "count", "measure": attack("measure"), **about,
        },
        "requests.requests": {
            "source": "dated.csv", "opened": "opened", "completed": "closed", "category": "kind", **about,
        },
        "drivers.population": {
            "source": "people.csv", "title": attack("people"), "year": "year", "value": "residents",
            "unit": attack("persons"), **about,
        },
        "sites.service_points": {
            "source": "sites.csv", "title": attack("sites"), "id": "id", "name": "name", "longitude": "lon",
            "latitude": "lat", "series": "requests", "reach": 1600,
        },
        "sites.service_points.existing": {"state": ["open"]},
        "targets.quarter": {"title": attack("target"), "series": "requests", "at_most": 900},
        "regions.south": {"title": attack("region"), "areas": "ward", "members": ["1", "2"]},
        "costs.site_opening": {
            "title": attack("cost"), "amount": 1000, "unit": attack("each"), "every": "once", "year": 2024,
            "currency": "CZK", "source": attack("tender"),
        },
    }  # fmt: skip
    dates = {"targets.quarter": "from = 2024-03-01\nuntil = 2024-06-30\n"}
    text = _toml(sections)
    for name, stated in dates.items():
        text = text.replace(f"[{name}]\n", f"[{name}]\n{stated}")
    path = folder / "city.toml"
    path.write_text(text, encoding="utf-8")
    return path
