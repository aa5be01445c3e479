"""A page to take along as a value: the finding first, then figures and tables, what it cannot tell, and where all comes from.

A view makes one from the results that it shows; the files beside this one write it as a document, slides, paper or a web page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from analytics.results import Caveat, Result, by_severity
from dashboard.figures.chart import Chart
from dashboard.figures.palette import colours
from dashboard.figures.statement import caveat_words
from data import Classification, Provenance, fingerprint_of, strictest
from data.brand import Brand
from data.words import as_date, as_list, say, text

__all__ = ["Briefing", "Part", "Table", "numbers_of", "receipt_of", "reopening", "repeats_headline", "stated"]

WEB = ("http://", "https://")
MADE = "synthetic_data"  # the code of the caveat of data that were made and not observed


@dataclass(frozen=True)
class Table:
    """A table of texts: its title, what it says, its heads and rows; ``right`` are the places of columns that hold numbers."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    subtitle: str = ""


Part = Chart | Table


@dataclass(frozen=True, eq=False, kw_only=True)
class Briefing:
    """All that a page says, in the order in which it is read.

    ``subject`` is what it is about and ``context`` the city, dates and choices in force; ``finding`` is its headline and
    ``statements`` what is said beside it. Caveats are kept gravest first, those of its charts among them: a caveat has one
    number, in the list of notes and on every mark. ``receipt`` stands for all that the results were computed from, ``link``
    reopens the view, and ``made`` is the day on which it was written. ``brand`` is the city's, if it has one. What is ``decided``
    already has no lines to decide on.
    """

    subject: str
    context: tuple[str, ...]
    finding: str
    parts: tuple[Part, ...]
    caveats: tuple[Caveat, ...]
    made_from: tuple[Provenance, ...]
    receipt: str
    link: str
    made: pd.Timestamp
    statements: tuple[str, ...] = ()
    brand: Brand = field(default_factory=Brand)
    decided: bool = False

    def __post_init__(self) -> None:
        charts = [part for part in self.parts if isinstance(part, Chart)]
        caveats = by_severity(_made_once([*self.caveats, *(caveat for chart in charts for caveat in chart.caveats)]))
        object.__setattr__(self, "caveats", caveats)

    @property
    def colour(self) -> str:
        """The city's colour as six hexadecimal digits, else our own; for edges and rules, on which no word stands."""
        return (self.brand.colour or colours("light")["primary"]).removeprefix("#")

    @property
    def synthetic(self) -> bool:
        """Whether any of the data was made rather than observed."""
        return any(table.synthetic for table in self.made_from)

    @property
    def classification(self) -> Classification:
        """The strictest class of what it was made from."""
        return strictest(table.classification for table in self.made_from)

    @property
    def marks(self) -> tuple[str, ...]:
        """What must be seen on every page: that data are synthetic, and a class that is not public."""
        found = [say("labels.synthetic")] if self.synthetic else []
        if self.classification != Classification.PUBLIC:
            found.append(say(f"classification.{self.classification.value}"))
        return tuple(found)

    @property
    def sources(self) -> Table:
        """The tables that it was made from: where they are from, how they may be used, how far they reach, what was set aside.

        Those that agree in all of that, and of which nothing was set aside, share a row.
        """
        heads = (say("page.table"), *(say(f"briefing.{each}") for each in ("origin", "licence", "until", "aside")))
        alike: dict[tuple[str, ...], list[Provenance]] = {}
        for table in {table.name: table for table in self.made_from}.values():
            until = as_date(table.as_of) if table.as_of is not None else "–"
            own = table.name if table.rows_set_aside else ""
            alike.setdefault((text(table.origin), text(table.licence), until, own), []).append(table)
        rows = [(_named(tables), *same[:3], _set_aside(tables)) for same, tables in alike.items()]
        return Table(say("briefing.sources"), heads, tuple(rows))

    def drawn(self, chart: Chart) -> Chart:
        """The chart with the numbers that the caveats have here."""
        return replace(chart, caveats=self.caveats)


def _made_once(caveats: Sequence[Caveat]) -> list[Caveat]:
    """The same, with one note of what was made and not observed, which names the tables of the page and of each chart."""
    tables = [str(table) for each in caveats if each.code == MADE for table in each.evidence["tables"]]
    named = list(dict.fromkeys(tables))
    return [
        replace(each, evidence={"tables": named, "n": len(named)}) if each.code == MADE else each for each in caveats
    ]


def _which(caveat: Caveat) -> tuple[str, str]:
    """What tells a caveat from the others of a briefing."""
    return caveat.code, "" if caveat.code == MADE else repr(caveat.evidence)


def _named(tables: Sequence[Provenance]) -> str:
    names = as_list((table.name.replace("_", " ") for table in tables), most=len(tables))
    return names[:1].upper() + names[1:]


def _set_aside(tables: Sequence[Provenance]) -> str:
    read = sum(table.rows_read for table in tables)
    aside = sum(table.rows_set_aside for table in tables)
    return say("briefing.set_aside", {"aside": aside, "read": read}) if read else "–"


def repeats_headline(briefing: Briefing, part: Chart) -> bool:
    """Whether the finding or the figure before says a figure's headline already."""
    before = briefing.parts[: briefing.parts.index(part)]
    charts = [each for each in before if isinstance(each, Chart)]
    return part.headline in (briefing.finding, *(each.headline for each in charts[-1:]))


def numbers_of(briefing: Briefing, part: Part) -> tuple[int, ...]:
    """The numbers of the caveats that limit a part.

    Parameters
    ----------
    briefing : whose numbers they are.
    part : one of its parts; a table has none of its own.

    Returns
    -------
    In rising order.
    """
    if isinstance(part, Table):
        return ()
    mine = set(map(_which, part.caveats))
    numbered = enumerate(briefing.caveats, start=1)
    return tuple(number for number, each in numbered if _which(each) in mine)


def stated(briefing: Briefing) -> Iterator[str]:
    """All texts of a briefing, in order: what every file made of it says."""
    yield from (*briefing.marks, briefing.subject, *briefing.context, briefing.finding, *briefing.statements)
    for part in briefing.parts:
        yield part.title
        if isinstance(part, Table):
            yield from (part.subtitle, *part.heads, *(cell for row in part.rows for cell in row))
        else:
            yield from (part.headline, *reading(part))
    yield from map(caveat_words, briefing.caveats)
    yield from (cell for row in briefing.sources.rows for cell in row)
    yield from (briefing.receipt, briefing.link)


def reading(chart: Chart) -> tuple[str, ...]:
    """How a chart is to be read: what its bands hold, what was chosen, where it comes from."""
    chosen = f"{say('statement.filters')}: {chart.filters}" if chart.filters else ""
    return tuple(each for each in (chart.subtitle, chart.interval, chosen, chart.source) if each)


def receipt_of(results: Sequence[Result]) -> str:
    """A short hash of inputs, choices, seeds and code.

    >>> receipt_of([])
    '4A5D-7C4B'
    """
    content = [
        (type(each).__name__, sorted(table.fingerprint for table in each.made_from), sorted(map(str, each.config.items())),
         each.seed, each.code_version)
        for each in results
    ]  # fmt: skip
    digest = fingerprint_of(*content)
    return f"{digest[:4]}-{digest[4:8]}".upper()


def reopening(briefing: Briefing) -> tuple[str, str, str]:
    """How to see it again, in three parts: what stands before its link, the link, and what stands behind it.

    The middle is where a click leads; of a page that nobody serves it is empty, and all stands in the first.
    """
    words = say("briefing.reopen", {"link": briefing.link, "receipt": briefing.receipt, "date": briefing.made})
    if not briefing.link.startswith(WEB):
        return words, "", ""
    return words.partition(briefing.link)
