"""The files of junctions, each read and held against the others: movements, counts, plans and crossings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.calendar import read_times
from data.errors import TableError
from data.tables.amounts import numbers_of
from data.tables.ids import as_ids
from data.tables.sifting import Sifted, column, empty_refused

__all__ = ["TURNS", "counts_of", "crossings_of", "movements_of", "plans_of"]

TURNS = {
    "left": "left", "l": "left", "u-turn": "left", "uturn": "left", "u": "left", "t": "left", "through": "through",
    "straight": "through", "s": "through", "right": "right", "r": "right",
}  # fmt: skip
"""How files write where a movement goes. Those who turn round stand with those who turn left, from whose lane they go."""
CLOCK = r"^(\d{1,2}):(\d{2})(?::\d{2})?$"
MINIMUM_GREEN = 5.0  # seconds where nobody states a least green
DAY_MINUTES = 24 * 60


def movements_of(table: pd.DataFrame, ids: Sequence[str], *, label: str) -> pd.DataFrame:
    """The movements of all junctions, in the order of the file.

    Parameters
    ----------
    table : as read.
    ids : of the junctions.
    label : how sentences name the table.

    Returns
    -------
    DataFrame
        One row a movement.

    Raises
    ------
    TableError
        When it names an unknown junction or turn, no lane, a movement twice, a saturation that is not above 0, or a junction
        has none.
    """
    rows = pd.DataFrame({**_named(table, ids, label=label), "lanes": _lanes(column(table, "lanes", table=label))})
    rows["saturation"] = numbers_of(table["saturation"]) if "saturation" in table else np.nan
    rows["bearing"] = numbers_of(table["bearing"]) if "bearing" in table else np.nan
    wrong = (rows["lanes"] == "") | (rows["saturation"] <= 0)
    for code, failing in (("movement_lanes", wrong), ("movement_twice", rows[_KEY].duplicated())):
        if failing.any():
            first = rows[failing].iloc[0]
            lanes = str(table["lanes"][failing].iloc[0])
            raise TableError(code, table=label, junction=first["junction_id"], movement=_name(first), lanes=lanes)
    _all_have(rows["junction_id"], ids, code="junction_movements", label=label)
    return rows.reset_index(drop=True)


_KEY = ["junction_id", "approach", "turn"]


def _name(row: pd.Series) -> str:
    return f"{row['approach']}.{row['turn']}"


def _named(table: pd.DataFrame, ids: Sequence[str], *, label: str) -> dict[str, pd.Series]:
    """Junction, approach and turn of each row."""
    junction = as_ids(column(table, "junction_id", table=label))
    unknown = ~junction.isin(ids)
    if unknown.any():
        evidence = {"junction": str(junction[unknown].iloc[0]), "allowed": list(ids)[:5]}
        raise TableError("unknown_junction", table=label, **evidence)
    written = column(table, "turn", table=label).astype("string").str.strip().str.lower().fillna("")
    turn = written.map(TURNS)
    if turn.isna().any():
        where = turn.isna()
        evidence = {"junction": str(junction[where].iloc[0]), "turn": str(written[where].iloc[0])}
        raise TableError("unknown_turn", table=label, **evidence, allowed=["left", "through", "right"])
    return {
        "junction_id": junction,
        "approach": as_ids(column(table, "approach", table=label)),
        "turn": turn.astype(str),
    }


def _lanes(values: pd.Series) -> pd.Series:
    """Lane numbers in order, as "1 2"; "" where what is written is no list of whole numbers from 1."""
    text = values.astype("string").str.strip().str.replace(r"\.0+$", "", regex=True).fillna("")

    def one(written: str) -> str:
        parts = written.replace("+", " ").replace(",", " ").split()
        fits = parts and all(each.isdecimal() and 1 <= int(each) <= 12 for each in parts)
        return " ".join(str(each) for each in sorted({int(each) for each in parts})) if fits else ""

    return text.map(one).astype(str)


def _all_have(junction: pd.Series, ids: Sequence[str], *, code: str, label: str) -> None:
    without = [each for each in ids if each not in set(junction)]
    if without:
        raise TableError(code, table=label, junction=without[0], n=len(without))


def counts_of(table: pd.DataFrame, movements: pd.DataFrame, ids: Sequence[str], *, label: str, timezone: str) -> Sifted:
    """The counts by junction, movement, day and minute; rows of the same are added up.

    Parameters
    ----------
    table : as read; ``time`` is when an interval starts: a date and time, or a time of day alone.
    movements : those that there are.
    ids : of the junctions.
    label : how sentences name the table.
    timezone : whose clocks the times are of.

    Returns
    -------
    Sifted
        Set aside are time_unreadable, not_a_number and negative.

    Raises
    ------
    TableError
        When it names an unknown junction or movement, or a junction has no count.
    """
    rows = pd.DataFrame(_named(table, ids, label=label))
    known = set(movements[_KEY].itertuples(index=False, name=None))
    strange = [each not in known for each in rows[_KEY].itertuples(index=False, name=None)]
    if any(strange):
        first = rows[strange].iloc[0]
        own = movements[movements["junction_id"] == first["junction_id"]]
        raise TableError(
            "unknown_movement", table=label, junction=first["junction_id"], movement=_name(first),
            allowed=[_name(each) for _, each in own.iterrows()][:8],
        )  # fmt: skip
    written = column(table, "time", table=label).astype("string").str.strip()
    clock = written.str.extract(CLOCK).astype(float)
    times = read_times(written.mask(clock[0].notna()), timezone=timezone)
    minute = (clock[0] * 60 + clock[1]).fillna(times.dt.hour * 60.0 + times.dt.minute)
    rows = rows.assign(
        day=times.dt.normalize(), minute=minute, vehicles=numbers_of(column(table, "vehicles", table=label))
    )
    sifted = Sifted(rows, label)
    sifted = sifted.without(sifted.rows["minute"].isna() | (sifted.rows["minute"] >= DAY_MINUTES), "time_unreadable")
    sifted = sifted.without(~np.isfinite(sifted.rows["vehicles"]), "not_a_number")
    sifted = sifted.without(sifted.rows["vehicles"] < 0, "negative")
    kept = empty_refused(sifted, rows=len(table)).rows.assign(minute=sifted.rows["minute"].astype("int64"))
    _all_have(kept["junction_id"], ids, code="junction_counts", label=label)
    summed = kept.groupby([*_KEY, "day", "minute"], sort=False, dropna=False)[["vehicles"]].sum().reset_index()
    return Sifted(summed, label, sifted.set_aside, sifted.examples)


def plans_of(
    table: pd.DataFrame, movements: pd.DataFrame, ids: Sequence[str], *, label: str, longest: float
) -> pd.DataFrame:
    """The phases of today's plans, in the order of the file.

    Parameters
    ----------
    table : as read.
    movements : those that there are.
    ids : of the junctions.
    label : how sentences name the table.
    longest : seconds that a cycle may last.

    Returns
    -------
    DataFrame
        One row a phase of a program.

    Raises
    ------
    TableError
        When it names an unknown junction or movement, a number is missing or negative, greens do not fit the cycle that is
        stated, the least greens exceed the longest cycle, a movement never has green, or the programs of a junction have
        different phases.
    """
    junction = as_ids(column(table, "junction_id", table=label))
    unknown = ~junction.isin(ids)
    if unknown.any():
        raise TableError(
            "unknown_junction", table=label, junction=str(junction[unknown].iloc[0]), allowed=list(ids)[:5]
        )
    rows = pd.DataFrame(
        {"junction_id": junction, "start": _starts(table), "phase": as_ids(column(table, "phase", table=label))}
    )
    for name, otherwise in (
        ("green", None),
        ("yellow", 3.0),
        ("all_red", 0.0),
        ("minimum_green", MINIMUM_GREEN),
        ("offset", 0.0),
    ):
        if otherwise is None:
            rows[name] = numbers_of(column(table, name, table=label))
        else:
            rows[name] = numbers_of(table[name]).fillna(otherwise) if name in table else otherwise
        wrong = ~(np.isfinite(rows[name]) & (rows[name] >= 0))
        if wrong.any():
            first = rows[wrong].iloc[0]
            evidence = {"junction": first["junction_id"], "phase": first["phase"], "column": name}
            raise TableError("plan_number", table=label, **evidence)
    for name in ("protected", "permitted"):
        rows[name] = _movement_names(table, name)
    cycle = numbers_of(table["cycle"]) if "cycle" in table else pd.Series(np.nan, index=table.index)
    _all_have(rows["junction_id"], ids, code="junction_plan", label=label)
    for each in ids:
        _check_plan(rows[rows["junction_id"] == each], cycle, movements, label=label, longest=longest)
    return rows.reset_index(drop=True)


def _starts(table: pd.DataFrame) -> pd.Series:
    """Minutes of the day from which a program runs; 0 where the file states none."""
    if "start" not in table:
        return pd.Series(0, index=table.index)
    clock = table["start"].astype("string").str.strip().str.extract(CLOCK).astype(float)
    return (clock[0] * 60 + clock[1]).fillna(0).astype("int64")


def _movement_names(table: pd.DataFrame, name: str) -> pd.Series:
    """Movements as "north.through south.left", their turns by the words of ours."""
    if name not in table:
        return pd.Series("", index=table.index)

    def one(written: str) -> str:
        split = [each.rpartition(".") for each in written.replace(",", " ").split()]
        return " ".join(f"{approach}.{TURNS.get(turn.lower(), turn)}" for approach, _, turn in split)

    return table[name].astype("string").fillna("").map(one).astype(str)


def _check_plan(rows: pd.DataFrame, cycle: pd.Series, movements: pd.DataFrame, *, label: str, longest: float) -> None:
    """Refuse the plan of one junction that cannot run."""
    junction = str(rows["junction_id"].iloc[0])
    own = [_name(each) for _, each in movements[movements["junction_id"] == junction].iterrows()]
    green = " ".join([*rows["protected"], *rows["permitted"]]).split()
    for each in green:
        if each not in own:
            raise TableError("unknown_movement", table=label, junction=junction, movement=each, allowed=own[:8])
    first = list(rows.loc[rows["start"] == rows["start"].iloc[0], "phase"])
    for start, program in rows.groupby("start", sort=False):
        if list(program["phase"]) != first:
            raise TableError("plan_phases", table=label, junction=junction, phases=list(program["phase"]), wanted=first)
        served = " ".join([*program["protected"], *program["permitted"]]).split()
        if never := [each for each in own if each not in served]:
            raise TableError("plan_never_green", table=label, junction=junction, movement=never[0])
        lasts = float(program[["green", "yellow", "all_red"]].to_numpy().sum())
        stated = cycle.loc[program.index].dropna()
        if len(stated) and abs(float(stated.iloc[0]) - lasts) > 0.5:
            evidence = {"cycle": float(stated.iloc[0]), "seconds": lasts, "start": int(str(start))}
            raise TableError("plan_cycle", table=label, junction=junction, **evidence)
        least = float(program[["minimum_green", "yellow", "all_red"]].to_numpy().sum())
        if least > longest:
            raise TableError("plan_minimums", table=label, junction=junction, seconds=least, longest=longest)


def crossings_of(table: pd.DataFrame | None, plans: pd.DataFrame, ids: Sequence[str], *, label: str) -> pd.DataFrame:
    """The crossings on foot, in the order of the file; none without one.

    Parameters
    ----------
    table : as read, or None.
    plans : whose phases people walk in.
    ids : of the junctions.
    label : how sentences name the table.

    Returns
    -------
    DataFrame
        One row a crossing.

    Raises
    ------
    TableError
        When it names an unknown junction or phase, or a length that is not above 0.
    """
    if table is None:
        return pd.DataFrame(
            {name: pd.Series(dtype=kind) for name, kind in
             (("junction_id", str), ("crossing", str), ("length", float), ("phases", str), ("people", float))}
        )  # fmt: skip
    junction = as_ids(column(table, "junction_id", table=label))
    rows = pd.DataFrame({"junction_id": junction, "crossing": as_ids(column(table, "crossing", table=label))})
    rows["length"] = numbers_of(column(table, "length", table=label))
    rows["phases"] = [" ".join(each.split()) for each in as_ids(column(table, "phases", table=label))]
    rows["people"] = numbers_of(table["people"]) if "people" in table else np.nan
    for _, each in rows.iterrows():
        if each["junction_id"] not in ids:
            raise TableError("unknown_junction", table=label, junction=each["junction_id"], allowed=list(ids)[:5])
        phases = list(plans.loc[plans["junction_id"] == each["junction_id"], "phase"].unique())
        strange = [phase for phase in each["phases"].split() if phase not in phases]
        if strange or not each["phases"]:
            evidence = {"junction": each["junction_id"], "crossing": each["crossing"], "allowed": phases}
            raise TableError("crossing_phase", table=label, phase=(strange or [""])[0], **evidence)
        if not each["length"] > 0:
            raise TableError("crossing_length", table=label, junction=each["junction_id"], crossing=each["crossing"])
    return rows
