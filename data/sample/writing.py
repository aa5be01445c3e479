"""Meridian as files: what a real city's open data would look like, and the city.toml that describes them."""

from __future__ import annotations

import json
import os
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import tomli_w

from data.errors import WorkspaceError
from data.provenance import fingerprint_of
from data.sample.air import air_toml, planted_air, write_air
from data.sample.crews import crews_toml, repair_counts, sample_repairs
from data.sample.desks import desk_toml, visits_toml, write_desk
from data.sample.incidents import sample_incidents
from data.sample.junctions import junctions_toml, planted_signals, write_junctions
from data.sample.money import costs
from data.sample.moving import moving_toml, planted_roads, write_moving
from data.sample.panel import draw_panel, sample_delay, sample_handling, sample_traffic
from data.sample.people import YEARS, drivers, group_shares
from data.sample.plan import CRS, plan_of_meridian, river_toml
from data.sample.planted import SEED, truth
from data.sample.regions import regions
from data.sample.sites import sites_toml, write_sites
from data.sample.targets import targets_toml
from data.sample.truth import IncidentKind, SecondSource, Truth
from data.store.workspace import city_path, home

__all__ = ["KEY", "ensure_sample", "make_sample"]

KEY = "meridian"
TRUTH_FILE = "truth.json"
# Gzip notes a time in its header; a fixed one keeps the bytes the same.
GZIP = {"method": "gzip", "compresslevel": 6, "mtime": 1}


def ensure_sample() -> Path:
    """Meridian's city.toml in the workspace, made first when it is missing or of an older version of this package.

    Files are made aside and moved into place one by one, the one that names the version last: two processes that make
    the sample at once write the same bytes, and one that is interrupted leaves a sample that is made again.

    Raises
    ------
    WorkspaceError
        When it has to be made and the workspace cannot be written to.
    """
    path = city_path(KEY)
    if _version_in(path.parent) != sample_version() or not path.is_file():
        try:
            _make_again(path.parent)
        except OSError as error:
            raise WorkspaceError("cannot_make_sample", path=str(home()), why=error.strerror or str(error)) from error
    return path


def _make_again(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=home(), prefix=f".{KEY}-") as aside:
        make_sample(Path(aside))
        for file in sorted(Path(aside).iterdir(), key=lambda file: file.name == TRUTH_FILE):
            os.replace(file, folder / file.name)


def make_sample(folder: Path, *, seed: int = SEED) -> Path:
    """Write Meridian's files and its ``truth.json`` into a folder, and return its city.toml.

    The same seed gives the same bytes. Coordinates are longitudes and latitudes, times are local, and no row is faulty.

    Parameters
    ----------
    folder : made where it is absent.
    seed : of the whole city.

    Returns
    -------
    The path of the city.toml.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_areas(folder)
    planted = truth(seed=seed)
    for name in (each.name for each in planted.incident_tables):
        _on_earth(sample_incidents(name, seed=seed)).to_csv(
            folder / f"{name}.csv.gz", index_label="incident_id", compression=GZIP, date_format="%Y-%m-%d %H:%M"
        )
    _write_requests(folder, planted)
    write_sites(folder, planted.sites)
    reports = sample_repairs(planted.repairs, seed=seed)
    reports.to_parquet(folder / "repair_dates.parquet", index=False)
    repair_counts(reports, planted.repairs).to_parquet(folder / "repairs.parquet", index=False)
    vehicles = sample_traffic(seed=seed)
    _write_hourly(vehicles.astype(np.int32), folder / "traffic_counts.parquet", value="vehicles")
    write_air(folder, planted.traffic, vehicles, seed=seed)
    _write_hourly(sample_delay(planted).astype(np.float32), folder / "traffic_delay.parquet", value="delay")
    write_desk(folder, planted.desk, seed=seed)
    write_junctions(folder, seed=seed)
    write_moving(folder, planted.traffic)
    for name, values in drivers().items():
        long = values.astype(int).melt(ignore_index=False, var_name="area_id", value_name=name)
        long.sort_values(["area_id", "year"]).to_csv(folder / f"{name}.csv", columns=["area_id", name])
    about = {
        "version": sample_version(),
        **json.loads(planted.to_json()),
        "roads": planted_roads(),
        "signals": planted_signals(),
        "air": planted_air(planted.traffic),
    }
    (folder / TRUTH_FILE).write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")
    path = folder / "city.toml"
    note = "# Meridian is imaginary: every number was drawn at random around a truth that truth.json states.\n"
    path.write_text(note + tomli_w.dumps(_city_toml(planted)), encoding="utf-8")
    return path


@cache
def sample_version() -> str:
    """A hash of this package's source: whatever changes the sample changes its version."""
    files = [file for file in resources.files("data.sample").iterdir() if file.name.endswith(".py")]
    return fingerprint_of(sorted((file.name, file.read_text(encoding="utf-8")) for file in files))


def _version_in(folder: Path) -> str | None:
    try:
        found = (folder / TRUTH_FILE).stat()
        return _version_stated(folder / TRUTH_FILE, found.st_size, found.st_mtime_ns)
    except (OSError, ValueError):  # missing, unreadable, or cut off by a full disk: each way it is made again
        return None


@lru_cache(maxsize=2)
def _version_stated(file: Path, size: int, written: int) -> str | None:
    """The version that a file of this size and time states: each step of a page asks, and reading it takes a tenth of a step."""
    about = json.loads(file.read_text(encoding="utf-8"))
    return about.get("version") if isinstance(about, dict) else None


def _write_areas(folder: Path) -> None:
    plan, shares = plan_of_meridian(), group_shares()
    people = drivers()["population"].loc[YEARS[-1]]
    areas = plan.neighbourhoods.drop(columns="distance").assign(population=people.astype(int)).join(shares)
    _write_geojson(areas, folder / "neighbourhoods.geojson")
    parent = areas["parent_id"]
    total = people.groupby(parent).sum()
    members = shares.mul(people, axis=0).groupby(parent).sum()
    districts = plan.districts.assign(population=total.astype(int)).join(members.div(total, axis=0).round(4))
    _write_geojson(districts, folder / "districts.geojson")


def _write_geojson(areas: gpd.GeoDataFrame, path: Path) -> None:
    """Rounded to 1e-7 degrees, a centimetre: a corner that areas share is rounded alike in each, so no gap opens."""
    shapes = areas.to_crs("EPSG:4326").geometry.to_numpy()
    shapes = shapely.orient_polygons(shapely.transform(shapes, lambda corners: np.round(corners, 7)))
    rows = areas.drop(columns="geometry").reset_index().to_dict("records")
    features = [
        {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(shape)}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def _on_earth(incidents: pd.DataFrame) -> pd.DataFrame:
    """Times with longitude and latitude in place of metres, to 1e-6 degrees (a tenth of a metre)."""
    points = gpd.GeoSeries.from_xy(incidents["x"], incidents["y"], crs=CRS).to_crs("EPSG:4326")
    return pd.DataFrame({"time": incidents["time"], "longitude": points.x.round(6), "latitude": points.y.round(6)})


def _write_requests(folder: Path, planted: Truth) -> None:
    """The counts, without a row where an area was silent, and each request with its dates."""
    values = draw_panel(planted, spoiled=True)
    columns = values.columns
    long = pd.DataFrame(
        {
            "date": np.repeat(values.index.to_numpy(), len(columns)),
            "area_id": np.tile(columns.get_level_values("area_id"), len(values)),
            "kind": np.tile(columns.get_level_values("category"), len(values)),
            "requests": values.to_numpy().ravel(),
        }
    ).dropna()
    long.astype({"requests": np.int32}).to_parquet(folder / "service_requests.parquet", index=False)
    sample_handling(values, planted).to_parquet(folder / "requests.parquet", index=False)


def _write_hourly(values: pd.DataFrame, path: Path, *, value: str) -> None:
    long = pd.DataFrame(
        {
            "hour": np.repeat(values.index.to_numpy(), values.shape[1]),
            "area_id": np.tile(values.columns.to_numpy(), len(values)),
            value: values.to_numpy().ravel(),
        }
    )
    long.to_parquet(path, index=False)


def _city_toml(planted: Truth) -> dict[str, Any]:
    """The city file, table by table."""
    shares = {str(name): str(name) for name in group_shares()}
    layer = {"id": "area_id", "name": "name", "population": "population", "groups": shares}
    repairs, air = crews_toml(planted.repairs), air_toml(planted.traffic)
    return {
        "city": {
            "name": "Meridian",
            "key": KEY,
            "timezone": "UTC",  # no clock changes: those are tested on real cities
            "crs": CRS,
            "holidays": planted.traffic.country,
            "alarms_per_week": 3,
            "currency": "EUR",
            "origin": "Made by Civicast's data.sample; an imaginary city",
            "licence": "Apache-2.0",
            "redistributable": True,
            "synthetic": True,
        },
        "areas": {
            "neighbourhood": {
                "source": "neighbourhoods.geojson",
                **layer,
                "parent": "district",
                "parent_id": "parent_id",
            },
            "district": {"source": "districts.geojson", **layer},
        },
        "incidents": {table.name: _incidents_toml(table, planted) for table in planted.incident_tables},
        "series": {
            "service_requests": {
                "source": "service_requests.parquet",
                "title": "Service requests",
                "period": "date",
                "area": "area_id",
                "category": "kind",
                "value": "requests",
                "areas": "neighbourhood",
                "freq": "D",
                "measure": "service_requests",
                "unit": "requests",
                "value_type": "count",
            },
            "traffic_counts": {
                "source": "traffic_counts.parquet",
                "title": "Traffic",
                "period": "hour",
                "area": "area_id",
                "value": "vehicles",
                "areas": "neighbourhood",
                "freq": "h",
                "measure": "traffic",
                "unit": "vehicles",
                "value_type": "count",
            },
            "traffic_delay": {
                "source": "traffic_delay.parquet",
                "title": "Traffic delay",
                "period": "hour",
                "area": "area_id",
                "value": "delay",
                "areas": "neighbourhood",
                "freq": "h",
                "measure": "delay",
                "unit": "seconds per km",
                "value_type": "continuous",
            },
            "desk_visits": visits_toml(),
            "repairs": repairs["series"],
            **air["series"],
        },
        "regressors": air["regressors"],
        "monitors": air["monitors"],
        "requests": {
            "service_requests": {
                "source": "requests.parquet",
                "title": "Service requests",
                "opened": "opened",
                "completed": "closed",
                "category": "kind",
                "area": "area_id",
                "areas": "neighbourhood",
                "from": planted.handling.since.date(),
                "until": planted.until.date(),
            },
            "repairs": repairs["requests"],
        },
        "crews": {"repairs": repairs["crews"]},
        "targets": targets_toml(),
        "sites": {"service_points": sites_toml()},
        "desks": {"town_hall": desk_toml(planted.desk)},
        "junctions": {"signals": junctions_toml()},
        "drivers": {
            "population": _driver_toml("population", title="Population", unit="persons"),
            "jobs": _driver_toml("jobs", title="Jobs", unit="jobs"),
        },
        **moving_toml(),
        "regions": regions(),
        "waters": {"merrow": river_toml()},
        "costs": costs(),
    }


def _incidents_toml(kind: IncidentKind | SecondSource, planted: Truth) -> dict[str, Any]:
    second = next((each.name for each in planted.second_sources if each.of == kind.name), None)
    return {
        "source": f"{kind.name}.csv.gz",
        "title": kind.title,
        "id": "incident_id",
        "time": "time",
        "longitude": "longitude",
        "latitude": "latitude",
        "from": planted.since.date(),
        "until": planted.until.date(),
        "reported_by": kind.reported_by,
        **({"second_source": second} if second else {}),
        "areas": "neighbourhood",
    }


def _driver_toml(name: str, *, title: str, unit: str) -> dict[str, str]:
    file = {"source": f"{name}.csv", "areas": "neighbourhood", "area": "area_id", "year": "year", "value": name}
    return {**file, "title": title, "unit": unit}
