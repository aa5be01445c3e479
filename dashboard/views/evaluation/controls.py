"""The widgets of a past policy, as one typed value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from analytics.evaluation import Evaluation
from analytics.requests import EvaluationRequest
from dashboard import markup
from dashboard.figures.charts.futures import Span
from dashboard.shell.controls import Opened, chosen_name, layer_of
from dashboard.shell.session import keep, link, linked, recall
from dashboard.shell.spans import chosen_span, even_stops
from data import City, Series
from data.words import say, text

__all__ = ["Chosen", "chosen_policy", "observed_span"]

SINCE, AREAS = "since", "areas"  # keys of the widgets, and what the link calls them


@dataclass(frozen=True)
class Chosen:
    """The policy that is asked about (None while its day is not chosen), and what its areas are called."""

    request: EvaluationRequest | None
    location: str


def chosen_policy(opened: Opened) -> Chosen:
    """The widgets of a policy: what it should have changed, since when, and where."""
    city = opened.city
    name = chosen_name(say("page.series"), {key: text(each.title) for key, each in city.series.items()}, key="series")
    series = city.series[name]
    category = ""
    if len(series.categories) > 1:
        kinds = {"": say("evaluated.all_kinds")} | {each: each.replace("_", " ") for each in series.categories}
        category = chosen_name(say("evaluated.category"), kinds, key="category")
    since = _chosen_since(series)
    areas, location = _chosen_areas(city, series)
    if since is None:
        return Chosen(None, location)
    asked = EvaluationRequest(opened.request, series=name, since=since, areas=areas, category=category or None)
    return Chosen(asked, location)


def observed_span(found: Evaluation) -> Span | None:
    """What is to be seen of what was observed and expected; None for all of it."""
    periods = found.line.index
    return chosen_span(even_stops(periods[0], periods[-1]), usual=periods[0], key="observed")


def _chosen_since(series: Series) -> pd.Timestamp | None:
    """The day on which the policy began; None until somebody says it."""
    first, last = series.values.index[0].date(), series.as_of.date()
    asked = pd.to_datetime(linked(SINCE), format="ISO8601", errors="coerce") if linked(SINCE) else pd.NaT
    current = recall(SINCE)
    if current is None and not pd.isna(asked):
        keep(SINCE, asked.date())
    elif current is not None and not first <= current <= last:
        keep(SINCE, None)
    if recall(SINCE) is not None and not first <= recall(SINCE) <= last:
        st.warning(markup.label(say("page.link_unknown", {"label": say("evaluated.since"), "value": linked(SINCE),
                                                          "shown": say("words.none")})), icon=":material/link_off:")  # fmt: skip
        keep(SINCE, None)
    day: date | None = st.date_input(
        markup.label(say("evaluated.since")), value=None, min_value=first, max_value=last, key=SINCE,
        help=markup.label(say("evaluated.since_help")),
    )  # fmt: skip
    link(SINCE, "" if day is None else str(day))
    return None if day is None else pd.Timestamp(day)


def _chosen_areas(city: City, series: Series) -> tuple[tuple[str, ...], str]:
    """The areas, districts or regions that had the policy, and what they are called together."""
    names = _names(city, series)
    if len(names) < 2:
        return (), ""
    if recall(AREAS) is None and linked(AREAS):
        keep(AREAS, [each for each in linked(AREAS).split(",") if each in names])
    elif recall(AREAS) is not None:
        keep(AREAS, [each for each in recall(AREAS) if each in names])
    chosen: list[str] = st.multiselect(
        markup.label(say("evaluated.areas")), options=list(names), key=AREAS,
        format_func=lambda each: names.get(each, each), help=markup.label(say("evaluated.areas_help")),
        placeholder=say("evaluated.all_areas"),
    )  # fmt: skip
    link(AREAS, ",".join(chosen))
    return tuple(chosen), ", ".join(names[each] for each in chosen)


def _names(city: City, series: Series) -> dict[str, str]:
    """What may be named, by key: regions and districts first, then areas by name."""
    layer = layer_of(city, series.layer)
    if layer is None or len(series.area_ids) < 2:
        return {}
    found = {each.name: text(each.title) for each in city.of("regions").values() if each.layer == series.layer}
    if layer.parent is not None and layer.parent in city.areas and "parent_id" in layer.frame:
        parents = city.areas[layer.parent].frame["name"].astype(str)
        found |= {str(key): name for key, name in parents.items()}
    own = layer.frame["name"].astype(str)
    return found | {str(key): str(name) for key, name in own[own.index.isin(series.area_ids)].sort_values().items()}
