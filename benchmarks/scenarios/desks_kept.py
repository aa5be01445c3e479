"""Two real call centres: shifts proposed from what was known before a week, and that week as it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import t as student

from analytics.parallel import quiet
from analytics.scenarios.contract import Ask
from analytics.scenarios.engines.baseline import baseline_forecast
from analytics.scenarios.engines.desks import Desks
from analytics.scenarios.engines.desks.arrivals import people_of
from analytics.scenarios.engines.desks.engine import outcome_of
from analytics.scenarios.engines.desks.estimates import handling_of, patience_of
from analytics.scenarios.engines.desks.queues import Stream, serve_stream
from analytics.scenarios.framing import study_of
from benchmarks.forecasting.sets import data_folder
from benchmarks.rows import Row, cost_of
from data import City, Desk, Provenance, Series
from data.tables.desks import HOURS

__all__ = ["Centre", "bank", "calls", "kept", "rows"]

WEEK = 168
DRAWS, REPEATS = 200, 40
CHANCES = (0.5, 0.8, 0.95)
TARGET_SECONDS, TARGET_SHARE = 30.0, 0.8
LONGEST = 7_200.0


@dataclass(frozen=True, eq=False)
class Centre:
    """A call centre: hourly ``counts``, the ``seconds`` since its first hour at which each call came, and what is known of each.

    A day that its file lacks is a gap in ``counts`` and not a day without calls.

    ``contacts`` has waited, handled and answered by call, None where only the counts are known: then the means are assumed.
    ``origins`` are the days after which a week is planned; of those before ``tuned_until`` the engine was made.
    """

    name: str
    counts: pd.Series
    seconds: npt.NDArray[np.float64]
    opened: npt.NDArray[np.bool_]
    origins: Sequence[int]
    tuned_until: int
    contacts: pd.DataFrame | None = None
    note: str = ""

    def desk(self, hours: int) -> Desk:
        """The desk as it was known after so many hours."""
        stated = (None, None) if self.contacts is not None else (200.0, 120.0)
        seen = None if self.contacts is None else self.contacts[self.seconds < 3600 * hours].reset_index(drop=True)
        staff = pd.DataFrame({"staff": np.where(self.opened, 10.0, 0.0)}, index=pd.Index(HOURS, name="hour"))
        return Desk(
            self.name, self.name, "calls", staff, TARGET_SECONDS, TARGET_SHARE, _from(self.name), *stated, contacts=seen
        )

    def city(self, hours: int) -> City:
        """The city as it was known after so many hours."""
        columns = pd.MultiIndex.from_tuples([("city", "all")], names=["area_id", "category"])
        known = self.counts.iloc[:hours]
        values = pd.DataFrame(known.to_numpy(float)[:, None], index=known.index.rename("period"), columns=columns)
        series = Series("calls", self.name, values, _from("calls"), "city", "calls", "calls", "h", "count")
        return City(
            self.name, self.name, "UTC", "EPSG:32633", "EUR", {}, {}, {"calls": series}, {},
            others={"desks": {self.name: self.desk(hours)}},
        )  # fmt: skip


def rows(*, quick: bool = False) -> Iterator[Row]:
    """How often the shifts that two call centres would have been proposed met the target."""
    yield kept("desks_kept_calls", [calls()], quick=quick)
    yield kept("desks_kept_bank", [bank(1), bank(10)], quick=quick)


def _from(name: str) -> Provenance:
    return Provenance(name=name, origin="benchmark", licence="see SOURCE.md")


def calls() -> Centre:
    """A North American bank's calls in 5 minutes, weekdays from 7 to 21, of which every twentieth is kept."""
    table = pd.read_csv(data_folder() / "benchmarks" / "traffic_series" / "calls.csv.gz")
    written = table["rownames"].str.extract(r"X(\d+)\.(\d+)\.(\d{4})(\d+)").astype(int)
    days = pd.to_datetime({"year": written[2], "month": written[1], "day": written[0]})
    start = days.min()
    inside = written[3] <= 14 * 12
    rng = np.random.default_rng(20)
    few = rng.binomial(table["x"][inside].to_numpy(), 1 / 20)
    began = (
        (days[inside] - start).dt.days.to_numpy() * 86_400.0 + 7 * 3600 + (written[3][inside].to_numpy() - 1) * 300.0
    )
    seconds = np.sort(np.repeat(began, few) + rng.uniform(0, 300, few.sum()))
    weeks = int(seconds[-1] // (3600 * WEEK)) + 1
    opened = np.zeros((7, 24), dtype=bool)
    opened[:5, 7:21] = True
    note = "every 20th call; handling 200 s and patience 120 s assumed, exponential"
    lacks = pd.bdate_range(start, days.max()).difference(pd.DatetimeIndex(days.unique()))
    return Centre(
        "calls",
        _counted(seconds, start, 7 * weeks, lacks),
        seconds,
        opened.ravel(),
        range(56, 7 * weeks, 7),
        168,
        note=note,
    )


def bank(month: int) -> Centre:
    """The Anonymous Bank's calls in January or October of 1999, each by itself: the months between are not known."""
    table = pd.read_csv(data_folder() / "engines" / "desks" / "bank_calls_1999_01_10.csv.gz")
    table = table[table["outcome"].isin(["AGENT", "HANG"])]
    day = pd.to_datetime(table["date"])
    table, day = table[day.dt.month == month], day[day.dt.month == month]
    start = day.min()  # a Friday in both
    clock = (table["vru_entry_s"] + table["vru_s"].clip(lower=0)).clip(upper=86_399)
    answered = table["outcome"] == "AGENT"
    rows = pd.DataFrame(
        {"seconds": (day - start).dt.days * 86_400.0 + clock, "waited": table["queue_s"].astype(float),
         "answered": answered, "handled": table["service_s"].where(answered, 0).astype(float)}
    )  # fmt: skip
    rows = rows[rows[["waited", "handled"]].ge(0).all(axis=1) & rows[["waited", "handled"]].le(LONGEST).all(axis=1)]
    slot = ((rows["seconds"] // 3600 + 24 * start.day_of_week) % WEEK).astype(int)
    by_hour = rows.groupby(slot)["answered"].agg(["mean", "size"]).reindex(range(WEEK)).fillna(0)
    opened = ((by_hour["mean"] > 0.5) & (by_hour["size"] >= 20)).to_numpy()
    rows = rows[opened[slot]].sort_values("seconds", ignore_index=True)
    days = pd.date_range(start, day.max())
    counts = _counted(rows["seconds"].to_numpy(), start, len(days), days.difference(pd.DatetimeIndex(day.unique())))
    # 19 days are the least of which a backtest has a window that begins two weeks after the first.
    origins, tuned = range(19, len(days) - 6), 31 if month == 1 else 0
    note = "each month by itself; its hours as it was open; handling and patience estimated before each week"
    return Centre(f"bank_{month}", counts, rows["seconds"].to_numpy(), opened, origins, tuned, rows, note)


def _counted(seconds: npt.NDArray[np.float64], start: pd.Timestamp, days: int, lacks: pd.DatetimeIndex) -> pd.Series:
    hours = pd.date_range(start, periods=24 * days, freq="h", name="period")
    counts = np.bincount((seconds // 3600).astype(int), minlength=len(hours))[: len(hours)]
    return pd.Series(np.where(hours.normalize().isin(lacks), np.nan, counts), hours)


def kept(name: str, centres: Sequence[Centre], *, quick: bool = False) -> Row:
    """How far from stated the proposed shifts meet the target in weeks that were not yet known."""
    tried, seconds = cost_of(lambda: pd.concat([_tried(each, quick=quick) for each in centres]))
    last = tried[~tried["tuned"] | quick]
    whole, by_day = last[last["day"] < 0], last[last["day"] >= 0]
    each = ", ".join(
        f"{kept:.2f} of {stated:.2f}" for stated, kept in whole.groupby("asked")[["stated", "kept"]].mean().to_numpy()
    )
    days = tried["day"] >= 0
    note = (
        f"{len(whole) // len(CHANCES)} plans of each chance in {whole['week'].nunique()} weeks: kept {each} stated, in all "
        f"{_apart(whole)}, by day {_apart(by_day)}; with the weeks tuned on {_apart(tried[~days])}, by day "
        f"{_apart(tried[days])}; {seconds:.0f} CPU s; {centres[0].note}"
    )
    return Row(name, 100 * abs(float((whole["kept"] - whole["stated"]).mean())), "points", 5.0, note=note)


def _apart(tried: pd.DataFrame) -> str:
    """Kept less stated in points, with its 95 % interval by Student's t over the weeks, of which each has luck of its own."""
    apart = 100 * (tried["kept"] - tried["stated"])
    weeks = apart.groupby(tried["week"]).mean()
    half = float(student.ppf(0.975, len(weeks) - 1) * weeks.sem()) if len(weeks) > 1 else np.inf
    return f"{apart.mean():.1f} [{apart.mean() - half:.1f}, {apart.mean() + half:.1f}]"


def _tried(centre: Centre, *, quick: bool) -> pd.DataFrame:
    """The plans of every origin whose week is known whole; those of weeks that overlap share their luck."""
    known = [each for each in centre.origins if centre.counts.iloc[24 * each : 24 * each + WEEK].notna().all()]
    found = [
        _planned(centre, each).assign(
            week=f"{centre.name} {(each - centre.origins[0]) // 7}", tuned=each < centre.tuned_until
        )
        for each in (known[-1:] if quick else known)
    ]
    return pd.concat(found)


def _planned(centre: Centre, origin: int) -> pd.DataFrame:
    """The plans made after so many days: the chance that each states and how often it was kept, in all (day -1) and by day."""
    study = study_of(centre.city(24 * origin), question=Desks.questions[0], periods=WEEK, draws=DRAWS)
    desk: Desk = study.table("desks")
    fresh = replace(study, seed=study.seed + 1)
    demand = baseline_forecast(fresh).draws(fresh)
    people = people_of(fresh, desk, demand, demand, fresh.streams)
    monday = 24 * int(study.start.day_of_week)
    expected = np.roll(people.counts, monday, axis=1).reshape(DRAWS, 7, 24).sum(axis=2)
    rows = []
    for chance in CHANCES:
        [plan] = Desks().suggest(study, Ask(least=chance, most=1), progress=quiet)
        staff = np.asarray(plan.scenario.levers["desks.staff"])
        served = outcome_of(fresh, desk, people, staff, fresh.streams)
        by_day = 1 - served.late.reshape(DRAWS, 7, 24).sum(axis=2) / np.maximum(expected, 1)
        met = _met(centre, origin, np.roll(staff, -monday))
        rows.append((chance, -1, float((served.answered_within >= TARGET_SHARE).mean()), met[0]))
        for day in np.flatnonzero(staff.reshape(7, 24).sum(axis=1)).tolist():
            rows.append(
                (chance, day, float((by_day[:, day] >= TARGET_SHARE).mean()), met[1 + (day - monday // 24) % 7])
            )
    return pd.DataFrame(rows, columns=["asked", "day", "stated", "kept"])


def _met(centre: Centre, origin: int, staff: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The share of repeats in which a roster met the target with the calls that came: in all, and in each of the seven days."""
    desk, begin = centre.desk(24 * origin), 86_400.0 * origin
    own = (centre.seconds >= begin) & (centre.seconds < begin + 3600.0 * WEEK)
    times = centre.seconds[own] - begin
    day = (times // 86_400).astype(int)
    rng = np.random.default_rng(origin)
    draw = _services(centre, desk, own, rng)
    patience = patience_of(desk)
    assert patience is not None
    met = np.zeros(8)
    for _ in range(REPEATS):
        stream = Stream(times, draw(), patience.mean * rng.exponential(size=len(times)))
        waited, fate = serve_stream(stream, staff=[*staff.astype(int), 0])
        good = (fate == 0) & (waited <= TARGET_SECONDS)
        shares = np.bincount(day, good, minlength=7) / np.maximum(np.bincount(day, minlength=7), 1)
        met += np.concatenate([[good.mean()], shares]) >= TARGET_SHARE
    return met / REPEATS


def _services(
    centre: Centre, desk: Desk, own: npt.NDArray[np.bool_], rng: np.random.Generator
) -> Callable[[], npt.NDArray[np.float64]]:
    """Handling times of the calls: their own where they were answered, else as those before or as assumed."""
    n, handling = int(own.sum()), handling_of(desk)
    if centre.contacts is None:
        return lambda: handling.mean * rng.exponential(size=n)
    actual = centre.contacts.loc[own, "handled"].to_numpy()
    answered = centre.contacts.loc[own, "answered"].to_numpy()
    return lambda: np.where(answered, actual, handling.mean * rng.choice(handling.table, n))
