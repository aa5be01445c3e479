"""The full record of one model, method or engine: what it is, how it works, from what source, and how it did where."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.hotspots.backtesting.standing import JUDGED_AT
from analytics.plugins.record import stated_in
from dashboard.briefings import Table
from dashboard.views.models.measurements import Measurements
from dashboard.views.models.register import Entry, fitness_words, place_words
from data.words import as_count, as_list, as_number, as_percent, say, text

__all__ = ["record_of", "records_of", "text_rows"]

FIRST = "1"  # the version in which nothing was changed yet


def record_of(entry: Entry, measured: Measurements) -> tuple[Table, ...]:
    """What is known of an entry, as tables of texts.

    Parameters
    ----------
    entry : of the register.
    measured : what is stored of the city.

    Returns
    -------
    tuple of Table
        What it states of itself, and its measured results, where there are some.
    """
    results = _results(entry, measured)
    return (_stated(entry, wrong=() if results.rows else entry.wrong), *([results] if results.rows else []))


def records_of(found: Sequence[Entry], *, kind: str) -> Table:
    """What entries of one kind state of themselves, one row each.

    Parameters
    ----------
    found : of the register.
    kind : of those that are told.

    Returns
    -------
    Table
        How each works, what it needs and its limits; what all of a kind have in common stands above. Their results are told
        by the tables of measurements, and what is left of a record by the entry's own.
    """
    rows = []
    for entry in (each for each in found if each.kind == kind):
        stated = stated_in(entry.plugin)
        source = say("models.compact_source", {"source": stated["source"]}) if stated["source"] else ""
        how = filter(None, [text(stated["how"]), *map(text, stated["parameters"]), source])
        named = {"title": entry.title, "version": str(getattr(entry.plugin, "version", ""))}
        needs = as_list(entry.inputs, most=len(entry.inputs))
        rows.append((say("models.compact_name", named), " ".join(how), needs, " ".join(entry.limits)))
    heads = (say("models.compact"), *(say(f"models.record_{each}") for each in ("how", "needs", "limits")))
    above = {"forecasting": "forecaster", "hotspots": "method", "scenarios": "engine"}[kind]
    return Table(say(f"models.compact_{kind}"), heads, tuple(rows), subtitle=say(f"models.{above}"))


def _stated(entry: Entry, *, wrong: tuple[str, ...]) -> Table:
    stated = stated_in(entry.plugin)
    version = str(getattr(entry.plugin, "version", ""))
    changes = [text(each) for each in stated["changes"]]
    if not changes:
        changes = [say("models.first_version" if version == FIRST else "models.changes_unknown", {"version": version})]
    facts = {
        "what": [entry.purpose],
        "verdict": [fitness_words(entry.fitness)] if entry.kind == "forecasting" else [],
        "needs": entry.inputs,
        "how": [text(stated["how"]) or say("models.not_stated")],
        "source": [text(stated["source"]) or say("models.not_stated")],
        "settings": [text(each) for each in stated["parameters"]] or [say("models.not_stated")],
        "limits": entry.limits,
        "wrong": wrong,
        "version": [version],
        "changes": changes,
    }
    rows = tuple((say(f"models.record_{name}"), each) for name, lines in facts.items() for each in lines if each)
    return Table(entry.title, (say("models.record_part"), say("models.record_says")), _without_repeats(rows))


def _without_repeats(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...], ...]:
    """A label stands at the first of its lines."""
    before = ("", *(label for label, _ in rows))
    return tuple(("" if label == last else label, line) for (label, line), last in zip(rows, before, strict=False))


def _results(entry: Entry, measured: Measurements) -> Table:
    if entry.kind == "forecasting":
        heads = ("series", "ahead", "error_interval", "coverage", "origins", "scored", "seconds", "tested")
        rows = [
            (
                text(each.series.title), each.ahead, _interval(each.result.scores["sql_ratio"]),
                as_percent(each.result.scores["coverage_80"].value), as_count(len(each.result.cutoffs)),
                say("models.of", {"n": each.result.series_scored, "total": each.result.series_total}),
                say("models.took", {"seconds": each.result.seconds}), each.result.model_version,
            )
            for each in measured.of_model(entry.name)
        ]  # fmt: skip
        right: tuple[int, ...] = (2, 3, 4, 5, 6, 7)
    else:
        heads = ("map", "rank", "hit_rate_interval", "ratio_interval", "coverage_90", "windows")  # type: ignore[assignment]
        rows = [
            (
                where.title, say("models.of_places", {"place": place_words(each), "n": len(where.standings)}),
                f"{as_percent(each.hit_rate)} [{as_percent(each.low)}, {as_percent(each.high)}]",
                _times(each.ratio, each.ratio_low, each.ratio_high),
                "–" if pd.isna(each.coverage_90) else as_percent(each.coverage_90), as_count(where.record.windows),
            )  # type: ignore[misc]
            for where, each in measured.of_method(entry.name)
        ]  # fmt: skip
        right = (1, 2, 3, 4, 5)
    subtitle = say("models.results_forecasts" if entry.kind == "forecasting" else "models.results_hotspots",
                   {"share": JUDGED_AT})  # fmt: skip
    return Table(say("models.results", {"title": entry.title}), text_heads(heads), tuple(rows), right, subtitle)


def text_heads(names: tuple[str, ...]) -> tuple[str, ...]:
    """The heads that people read."""
    return tuple(say(f"models.head_{name}") for name in names)


def _interval(score: object) -> str:
    value, low, high = (getattr(score, name) for name in ("value", "low", "high"))
    if low is None or high is None:
        return as_percent(value)
    return f"{as_percent(value)} [{as_percent(low)}, {as_percent(high)}]"


def _times(value: float, low: float, high: float) -> str:
    return "–" if pd.isna(value) else f"{as_number(value)} [{as_number(low)}, {as_number(high)}]"


def text_rows(frame: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    """The rows of a table of numbers as texts, for a file that is read and not sorted."""
    return tuple(tuple(_cell(value) for value in row) for row in frame.itertuples(index=False))


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    return "–" if pd.isna(number) else as_number(number)
