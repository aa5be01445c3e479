"""Options and models beside each other, as HTML: cards and the leaderboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from analytics.forecasting.results import Backtest, Forecast
from analytics.results import Severity
from dashboard.charts.build import WORDS
from dashboard.palette import Look
from dashboard.render.html import block, seen_bar
from data.wording import as_percent

__all__ = ["LeverMark", "leaderboard", "model_card", "option_card"]

YARDSTICK = "seasonal_naive"
SHAPES = {"circle": "●", "square": "■", "diamond": "◆", "triangle": "▲", "cross": "×"}
FIT_SHAPES = {Severity.NOTE: "○", Severity.CAUTION: "◐", Severity.DO_NOT_USE: "■"}
MOST_ERROR = 1.2  # the right end of the error bar: above it a model is bad enough


@dataclass(frozen=True)
class LeverMark:
    """One lever on a card: where it stands between its bounds, what the data have shown, and the value in words."""

    title: str
    value: float
    words: str
    bounds: tuple[float, float]
    low: float | None = None
    high: float | None = None


def option_card(
    name: str, *, look: Look, levers: Sequence[LeverMark], footer: str, chosen: bool = False, aside: str = ""
) -> str:
    """An option: its shape and colour, its levers on what the data have shown, and how often it beats the baseline."""
    rows = "".join(
        f'<div class="lever"><span>{escape(lever.title)}</span>'
        f"{seen_bar(lever.low, lever.high, lever.bounds, lever.value)}<strong>{escape(lever.words)}</strong></div>"
        for lever in levers
    )
    shape = f'<span style="color:var(--cv-{look.role})" aria-hidden="true">{SHAPES[look.shape]}</span>'
    edge = f"border-top-color:var(--cv-{look.role})"
    ring = f";box-shadow:inset 0 0 0 1px var(--cv-{look.role})" if chosen else ""
    inner = f"<header><h3>{shape} {escape(name)}</h3><span>{escape(aside)}</span></header>{rows}"
    classes = f"cv cv-card{' chosen' if chosen else ''}"
    return f'<article class="{classes}" style="{edge}{ring}">{inner}<footer>{escape(footer)}</footer></article>'


def model_card(
    title: str,
    *,
    purpose: str,
    fitness: Severity,
    fitness_words: str,
    rows: Mapping[str, str],
    error: float | None = None,
    error_words: str = "",
    coverage_words: str = "",
) -> str:
    """A model: what it is for, how fit, how wrong against the simplest rule (``error`` 1 = as wrong), and its limits.

    ``rows`` are further lines, label to text (needs, limits, checked); without ``error`` the card says "not measured".
    """
    mark = f'<span class="cv-fit {fitness.value}">{FIT_SHAPES[fitness]} {escape(fitness_words)}</span>'
    header = f"<header><h2>{escape(title)}</h2>{mark}</header>"
    wrong = _error_bar(error, error_words, coverage_words)
    lines = [(WORDS.sentence("page.how_wrong"), wrong), *((label, escape(text)) for label, text in rows.items())]
    body = "".join(f"<dt>{escape(label)}</dt><dd>{content}</dd>" for label, content in lines)
    return block(f'{header}<p class="cv-sub">{escape(purpose)}</p><dl>{body}</dl>', classes="cv-model", tag="article")


def _error_bar(error: float | None, words: str, coverage: str) -> str:
    if error is None:
        return escape(WORDS.sentence("page.not_measured"))
    grave = ' class="do_not_use"' if error > 1 else ""
    wide, simple = (100 * min(1.0, share / MOST_ERROR) for share in (error, 1.0))
    bar = f'<div class="cv-bar" aria-hidden="true"><i{grave} style="width:{wide:.1f}%"></i><b style="left:{simple:.1f}%"></b></div>'
    return f"{bar}{escape(words)}<small>{escape(coverage)}</small>"


def leaderboard(forecast: Forecast, *, titles: Mapping[str, str] | None = None) -> str:
    """Every measured model by its error over the simplest rule's, with its 95 % interval; equals share a rank.

    The dashed line is the simplest rule. ``titles`` maps the models' names to what people call them.
    """
    names = {forecast.model: forecast.model_title, **(titles or {})}
    ordered = sorted(forecast.backtests.values(), key=lambda each: each.scores["sql_ratio"].value)
    if not ordered:
        return block(f"<p>{escape(WORDS.sentence('page.not_measured'))}</p>")
    # A tie with the leader comes first, whatever the order of the models' own averages.
    ordered.sort(key=lambda each: each.model not in forecast.selection.tied)
    ends = [end for each in ordered for end in _ends(each)] + [1.0]
    scale = (min(ends) - 0.05, max(ends) + 0.05)
    rows = "".join(_row(each, place, forecast, names, scale) for place, each in enumerate(ordered, start=1))
    head = "".join(
        f'<th scope="col"{" class=num" if code in ("error", "held") else ""}>{escape(WORDS.sentence(f"leaderboard.{code}"))}</th>'
        for code in ("rank", "model", "interval", "error", "held")
    )
    return block(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>", classes="cv-scroll")


def _ends(backtest: Backtest) -> tuple[float, float]:
    score = backtest.scores["sql_ratio"]
    return (score.value if score.low is None else score.low, score.value if score.high is None else score.high)


def _row(
    backtest: Backtest, place: int, forecast: Forecast, names: Mapping[str, str], scale: tuple[float, float]
) -> str:
    tied = backtest.model in forecast.selection.tied and len(forecast.selection.tied) > 1
    rank = WORDS.sentence("leaderboard.tied") if tied else str(place)
    words = [
        WORDS.sentence(f"leaderboard.{code}")
        for code, holds in (("in_use", backtest.model == forecast.model), ("yardstick", backtest.model == YARDSTICK))
        if holds
    ]
    start, width = scale[0], scale[1] - scale[0]
    value = backtest.scores["sql_ratio"].value
    low, high = _ends(backtest)
    left, right, middle, one = (100 * (at - start) / width for at in (low, high, value, 1.0))
    dot = (
        f'<span class="cv-dot" aria-hidden="true"><s style="left:{one:.1f}%"></s>'
        f'<i style="left:{left:.1f}%;width:{right - left:.1f}%"></i><b style="left:{middle:.1f}%"></b></span>'
    )
    name = f"{escape(names.get(backtest.model, backtest.model))} <small>{escape(', '.join(words))}</small>"
    numbers = (
        f'<td class="num">{as_percent(value)}</td><td class="num">{as_percent(backtest.scores["pit_80"].value)}</td>'
    )
    return f'<tr{" class=tied" if tied else ""}><td>{rank}</td><td class="name">{name}</td><td>{dot}</td>{numbers}</tr>'
