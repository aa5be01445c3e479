"""Two real call centres: shifts proposed from what was known before a week, and that week as it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.parallel import quiet
from analytics.scenarios.contract import Ask
from analytics.scenarios.engines.desks import Desks
from analytics.scenarios.engines.desks.estimates import handling_of, patience_of
from analytics.scenarios.engines.desks.queues import Stream, serve_stream
from analytics.scenarios.framing import study_of
from benchmarks.forecasting.sets import data_folder
from benchmarks.rows import Row
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

    ``contacts`` has waited, handled and answered by call, None where only the counts are known: then the means are assumed.
    The weeks from ``held_back`` on are those that plans are tried on.
    """

    name: str
    counts: pd.Series
    seconds: npt.NDArray[np.float64]
    opened: npt.NDArray[np.bool_]
    held_back: int
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
    for name, history in (("calls", calls), ("bank", bank)):
        yield kept(f"desks_kept_{name}", history(), quick=quick)


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
    return Centre("calls", _counted(seconds, start, weeks), seconds, opened.ravel(), weeks - 10, note=note)


def bank() -> Centre:
    """The Anonymous Bank's calls: four weeks of January 1999, then those of October as if they had followed."""
    table = pd.read_csv(data_folder() / "engines" / "desks" / "bank_calls_1999_01_10.csv.gz")
    table = table[table["outcome"].isin(["AGENT", "HANG"])]
    day = pd.to_datetime(table["date"])
    # Both months begin on a Friday; four whole weeks of each follow each other, from Monday as the hours of the week do.
    first = {1: pd.Timestamp("1999-01-04"), 10: pd.Timestamp("1999-10-04")}
    since = (day - day.dt.month.map(first)).dt.days
    table, since, october = (
        table[since.between(0, 27)],
        since[since.between(0, 27)],
        day.dt.month[since.between(0, 27)] == 10,
    )
    clock = (table["vru_entry_s"] + table["vru_s"].clip(lower=0)).clip(upper=86_399)
    seconds = (since + 28 * october) * 86_400.0 + clock
    answered = table["outcome"] == "AGENT"
    rows = pd.DataFrame(
        {"seconds": seconds, "waited": table["queue_s"].astype(float), "answered": answered,
         "handled": table["service_s"].where(answered, 0).astype(float)}
    )  # fmt: skip
    rows = rows[rows[["waited", "handled"]].ge(0).all(axis=1) & rows[["waited", "handled"]].le(LONGEST).all(axis=1)]
    slot = (rows["seconds"] // 3600 % WEEK).astype(int)
    january = rows["seconds"] < 28 * 86_400
    by_hour = rows[january].groupby(slot[january])["answered"].agg(["mean", "size"]).reindex(range(WEEK)).fillna(0)
    opened = ((by_hour["mean"] > 0.5) & (by_hour["size"] >= 20)).to_numpy()
    rows = rows[opened[slot]].sort_values("seconds", ignore_index=True)
    counts = _counted(rows["seconds"].to_numpy(), pd.Timestamp("1999-01-04"), 8)
    note = "hours open in January; handling and patience estimated before each week"
    return Centre("bank", counts, rows["seconds"].to_numpy(), opened, 5, rows, note)


def _counted(seconds: npt.NDArray[np.float64], start: pd.Timestamp, weeks: int) -> pd.Series:
    hours = pd.date_range(start, periods=weeks * WEEK, freq="h", name="period")
    return pd.Series(np.bincount((seconds // 3600).astype(int), minlength=len(hours))[: len(hours)], hours)


def kept(name: str, centre: Centre, *, quick: bool = False) -> Row:
    """How far from stated the proposed shifts meet the target on weeks that were held back."""
    weeks = range(centre.held_back, len(centre.counts) // WEEK)
    stated, found = [], []
    for week in list(weeks)[:1] if quick else weeks:
        city = centre.city(week * WEEK)
        question = Desks.questions[0]
        study = study_of(city, question=question, periods=WEEK, draws=DRAWS)
        for chance in CHANCES:
            [plan] = Desks().suggest(study, Ask(least=chance, most=1), progress=quiet)
            staff = np.asarray(plan.scenario.levers["desks.staff"])
            stated.append(chance)
            found.append(_came(centre, week, staff))
    told = ", ".join(
        f"{np.mean([each for said, each in zip(stated, found, strict=True) if said == chance]):.2f} at {chance}"
        for chance in CHANCES
    )
    n = len(stated) // len(CHANCES)
    note = f"{n} held-back weeks; kept {told}; {centre.note}"
    return Row(name, 100 * abs(float(np.mean(found) - np.mean(stated))), "points", 5.0, note=note)


def _came(centre: Centre, week: int, staff: Sequence[float]) -> float:
    """The share of repeats in which a roster met the target with the calls that came."""
    desk = centre.desk(week * WEEK)
    begin = 3600.0 * WEEK * week
    own = (centre.seconds >= begin) & (centre.seconds < begin + 3600.0 * WEEK)
    times = centre.seconds[own] - begin
    rng = np.random.default_rng(week)
    draw = _services(centre, desk, own, rng)
    patience = patience_of(desk)
    assert patience is not None
    met = []
    for _ in range(REPEATS):
        stream = Stream(times, draw(), patience.mean * rng.exponential(size=len(times)))
        waited, fate = serve_stream(stream, staff=[*np.asarray(staff, dtype=int), 0])
        met.append(((fate == 0) & (waited <= TARGET_SECONDS)).mean() >= TARGET_SHARE)
    return float(np.mean(met))


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
