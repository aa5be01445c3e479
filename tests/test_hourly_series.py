"""Hourly amounts as series: whose clock they follow, where they were measured, and that they are forecast and watched."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_energy_and_heat import series_of
from tiny_city import EAST, OUTSIDE, TOML, WEST, write_city

from analytics import forecast
from analytics.__main__ import main
from analytics.commands import weather
from analytics.monitoring.warnings import warnings_of
from analytics.monitoring.warnings.panel import watched_panel
from analytics.monitoring.warnings.watch import as_one, watch
from analytics.parallel import quiet
from data import City, open_city
from data.errors import CityFileError

AIR = """
[series.air]
source = "air.csv"
period = "hour"
value = "value"
freq = "h"
unit = "µg/m³"
value_type = "continuous"
"""
HEADER = "hour,lon,lat,value\n"


def air(folder: Path, rows: str, keys: str) -> City:
    """The tiny city with a table of hourly values."""
    write_city(folder)
    (folder / "air.csv").write_text(HEADER + rows)
    (folder / "city.toml").write_text(TOML + AIR + keys)
    return open_city(folder / "city.toml")


def test_hours_follow_the_citys_clock_unless_they_say_utc(tmp_path: Path) -> None:
    rows = "2024-01-05 10:00,15.05,50.05,1.5\n2024-01-05 11:00,15.05,50.05,2.5\n"
    assert air(tmp_path, rows, "").series["air"].values.index[0] == pd.Timestamp("2024-01-05 09:00")
    assert air(tmp_path, rows, "utc = true\n").series["air"].values.index[0] == pd.Timestamp("2024-01-05 10:00")


def test_hours_written_by_their_end_begin_one_earlier(tmp_path: Path) -> None:
    # On 29 October 2023 the hour from 02:00 to 03:00 happened twice in Prague: two rows end at 03:00, and none is lost.
    rows = "".join(
        f"2023-10-29 {hour},15.05,50.05,{value}\n"
        for value, hour in enumerate(["01:00", "02:00", "03:00", "03:00", "04:00"], start=1)
    )
    values = air(tmp_path, rows, "ends = true\n").series["air"].values
    assert values.index[0] == pd.Timestamp("2023-10-28 22:00")
    assert values.iloc[:, 0].tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_stations_stand_for_the_areas_that_they_lie_in(tmp_path: Path) -> None:
    stations = {"A": WEST, "B": EAST, "C": OUTSIDE}
    rows = "".join(
        f"2024-01-05 {hour:02}:00,{lon},{lat},{number}{hour}\n"
        for number, (lon, lat) in enumerate(stations.values(), start=1)
        for hour in range(3)
    )
    series = air(tmp_path, rows, 'longitude = "lon"\nlatitude = "lat"\nareas = "ward"\n').series["air"]
    assert series.values.to_numpy().tolist() == [[10.0, 20.0], [11.0, 21.0], [12.0, 22.0]]
    assert dict(series.provenance.set_aside) == {"unknown_area": 3}
    assert not series.adds_up  # micrograms of two stations are no sum


@pytest.mark.parametrize(
    ("keys", "match"),
    [
        ('longitude = "lon"\nareas = "ward"\n', "latitude"),
        ('longitude = "lon"\nlatitude = "lat"\n', "areas"),
        ('longitude = "lon"\nlatitude = "lat"\narea = "lon"\nareas = "ward"\n', "both “area” and “longitude”"),
    ],
)
def test_keys_that_do_not_fit_are_refused(tmp_path: Path, keys: str, match: str) -> None:
    with pytest.raises(CityFileError, match=match):
        air(tmp_path, "", keys)


def test_only_hours_have_an_end_or_utc(tmp_path: Path) -> None:
    write_city(tmp_path)
    for key in ("utc", "ends"):
        (tmp_path / "city.toml").write_text(TOML + f"{key} = true\n")
        with pytest.raises(CityFileError, match="is said of hours"):
            open_city(tmp_path / "city.toml")


def wandering(*, days: int, seed: int) -> pd.Series:
    """Days of an amount that wanders as the weather does, far beyond what its last days show."""
    random = np.random.default_rng(seed)
    steps = random.normal(0, 1, days)
    level = np.zeros(days)
    for day in range(1, days):
        level[day] = 0.85 * level[day - 1] + steps[day]
    return pd.Series(100 + 8 * level, pd.date_range("2020-01-01", periods=days, freq="D"))


def test_a_watch_does_not_run_away_from_what_wanders() -> None:
    values = wandering(days=560, seed=3)
    found = as_one(watch(watched_panel(series_of(values)), seed=0, progress=quiet, doing=""))
    # Were alarmed days taken for what was expected of them, forecasts would learn from themselves alone: of the load of
    # Commonwealth Edison nine days in ten were then alarmed, and forecasts ended at twice what was ever used.
    assert found.alarmed.mean() < 0.15
    assert abs(found.predicted.mean - found.actual).max() < 8 * values.std()
    assert found.predicted.mean.max() < values.max() + 2 * values.std()


def test_chicagos_hours_are_read_with_their_gaps(chicago: City) -> None:
    load, ozone = chicago.series["electricity"], chicago.series["ozone"]
    assert load.provenance.rows_read == 66_502
    # Two rows of hours that never were are set aside; three hours that happened twice have one row, and last.
    assert dict(load.provenance.set_aside) == {"clock_change": 2}
    assert load.rows == 66_502 - 2 + 3
    assert int(load.values.isna().sum().sum()) == 0
    assert ozone.area_ids == ("10", "43", "70")
    assert {each.code for each in ozone.findings} >= {"missing_periods", "areas_without_data", "rows_set_aside"}
    kept = ozone.provenance.rows_read - sum(ozone.provenance.set_aside.values())
    assert int(ozone.values.notna().sum().sum()) == kept
    outlook = forecast(chicago.series["fine_particles"], horizon=24, slow=False)
    assert outlook.mean.sizes["period"] == 24
    assert np.isfinite(outlook.mean.to_numpy()).all()


def test_the_heat_of_july_1995_is_found_by_the_warnings(chicago: City) -> None:
    deaths = chicago.series["deaths"]
    found = warnings_of(deaths, until=pd.Timestamp("1995-07-20"))
    july = [each for each in found.alarms if each.until >= pd.Timestamp("1995-07-01")]
    assert {each.direction for each in july} == {"up"}
    assert min(each.since for each in july) == pd.Timestamp("1995-07-14")
    # It was said on the first day, by what was known on that day.
    first = warnings_of(deaths, until=pd.Timestamp("1995-07-14"))
    assert [each.since for each in first.current if each.direction == "up"] == [pd.Timestamp("1995-07-14")]
    assert not warnings_of(deaths, until=pd.Timestamp("1995-07-13")).current


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_energy_and_heat_as_commands(
    chicago: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(weather, "open_city", {chicago.key: chicago}.__getitem__)
    table = tmp_path / "days.csv"
    days = ("--since", "2014-01-01", "--until", "2017-12-31")
    status, out, _ = run(capsys, "energy", chicago.key, "electricity", *days, "--csv", str(table))
    assert status == 0
    assert "Least is used at 6" in out
    assert "a degree hotter: 27" in out
    assert len(pd.read_csv(table)) == 1459
    status, out, _ = run(capsys, "heat", chicago.key, "deaths", "--since", "1995-07-14", "--until", "1995-07-20")
    assert status == 0
    assert "1,576" in out
    assert "excess 834" in out
    assert "whatever its cause" in out
    status, out, _ = run(capsys, "heat", chicago.key, "deaths", "--json")
    assert status == 0
    assert json.loads(out)["spells"]
    status, _, err = run(capsys, "energy", chicago.key, "electricity", "--temperature", "nowhere")
    assert status == 2
    assert "no temperature called “nowhere”" in err
