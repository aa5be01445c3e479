"""What a figure is, told from the figure itself: what was done, on what, how sure, what it cannot tell, what next."""

from __future__ import annotations

from analytics.results import Caveat, Severity
from dashboard.figures.chart import Chart
from dashboard.help.glossary import WORDS, marked
from data.words import knows, say

__all__ = ["explanation"]

MOST_WORDS = 5
NARROW = "-narrow"  # ends the name of a figure that is drawn for a phone


def explanation(chart: Chart) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Questions and their answers, in the order in which they are asked.

    Parameters
    ----------
    chart : which holds all that is said: nothing else is looked at.

    Returns
    -------
    tuple
        A label and one or more sentences each.
    """
    name = chart.name.removesuffix(NARROW)
    answers = {
        "finding": (chart.headline,),
        "done_is": _known(f"explain.done.{name}") or (chart.alt,),
        "on": _on(chart),
        "sure": (chart.interval or say("explain.no_range"), _counted(chart.caveats)),
        "cannot": _limits(chart.caveats),
        "next_is": (_first_step(chart.caveats), *_known(f"explain.next.{name}")),
        "words": _words(chart),
    }
    return tuple((say(f"explain.{question}"), lines) for question, lines in answers.items() if lines)


def _known(code: str) -> tuple[str, ...]:
    return (say(code),) if knows(code) else ()


def _on(chart: Chart) -> tuple[str, ...]:
    lines = [say("explain.data", {"source": chart.source, "rows": len(chart.table)})]
    if chart.filters:
        lines.append(say("explain.choices", {"filters": chart.filters.rstrip(".")}))
    if chart.synthetic:
        lines.append(say("explain.made_up"))
    return tuple(lines)


def _counted(caveats: tuple[Caveat, ...]) -> str:
    """How many limits were found, by their severity."""
    if not caveats:
        return say("explain.no_limits")
    found = [each.severity for each in caveats]
    counts = {name: found.count(kind) for name, kind in
              (("grave", Severity.DO_NOT_USE), ("care", Severity.CAUTION), ("notes", Severity.NOTE))}  # fmt: skip
    return say("explain.limits", {"n": len(found), **counts})


def _limits(caveats: tuple[Caveat, ...]) -> tuple[str, ...]:
    """Each caveat under the number that it has on the figure."""
    return tuple(
        say("explain.numbered", {"number": number, "words": f"{each.severity_word} {each.message} ({each.detail})"})
        for number, each in enumerate(caveats, start=1)
    )


def _first_step(caveats: tuple[Caveat, ...]) -> str:
    """What the gravest of the caveats asks for."""
    for kind, code in ((Severity.DO_NOT_USE, "stop"), (Severity.CAUTION, "weigh")):
        numbers = [number for number, each in enumerate(caveats, start=1) if each.severity is kind]
        if numbers:
            return say(f"explain.{code}", {"n": len(numbers), "number": numbers[0]})
    return say("explain.go")


def _words(chart: Chart) -> tuple[str, ...]:
    """The words of the glossary that it uses."""
    text = " ".join((chart.headline, chart.title, chart.subtitle, chart.interval))
    found = [term for _, term in marked(text, names=tuple(WORDS)) if term is not None]
    return tuple(say("explain.word", {"term": term.title, "meaning": term.meaning}) for term in found[:MOST_WORDS])
