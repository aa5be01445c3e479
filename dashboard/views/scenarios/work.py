"""What a worker process does for this view: what a question offers, the comparison of options, and plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field

from analytics.answers import answered, kept
from analytics.parallel import Progress, quiet
from analytics.requests import CityRequest, ComparisonRequest, MindRequest, Request, SuggestRequest
from analytics.scenarios import (
    Choice,
    Comparison,
    Lever,
    Number,
    Objective,
    Study,
    Suggestions,
    make_ready,
    questions,
    questions_of,
    study_of,
)
from analytics.scenarios.engines.crews import Replay, replays
from analytics.scenarios.engines.desks import needed_people
from analytics.scenarios.mind import Mind
from analytics.scenarios.registry import engines
from analytics.scenarios.values import Kind
from analytics.traffic import link_titles
from dashboard.views.scenarios.answerable import usual_question
from dashboard.views.scenarios.draft import SEED
from dashboard.workers.jobs import quick, read_back, stepwise
from dashboard.workers.work import from_files, opened
from data import City, fingerprint_of
from data.words import language, text, use_language

__all__ = [
    "FirstComparison",
    "NeedsRequest",
    "Offer",
    "OfferRequest",
    "ReadyRequest",
    "ReplaysRequest",
    "comparison_of",
    "mind_of",
    "needs_of",
    "offer_of",
    "ready_of",
    "replays_of",
    "suggestions_of",
]


@dataclass(frozen=True)
class OfferRequest(Request):
    """What a question about a subject offers; ``beside`` stands for what that depends on beside the city's files.

    What people call the ids of a lever's value is told in the language of the ``reader``.
    """

    city: CityRequest
    _: KW_ONLY
    question: str
    subject: str
    beside: str = ""
    reader: str = field(default_factory=language)

    @property
    def table(self) -> str:
        """What the answer is kept for: each question in each language."""
        return f"{self.question}.{self.subject}.{self.reader}"

    def answer(self, city: City, *, progress: Progress = quiet) -> Offer:
        """The offer. A circumstance that the question is about is a lever of its options.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Offer
            As the question's engines declare it.
        """
        progress(0.1, "")
        asked = questions.offer_of(city, self.question, subject=self.subject or None)
        question, levers = asked.question, asked.levers
        offered = tuple(each for each in levers if not question.levers or each.name in question.levers)
        study = study_of(city, question=question, subject=self.subject or None)
        series = city.series.get(study.about.get("series", ""))
        layer = "" if series is None or series.layer not in city.areas else series.layer
        with use_language(self.reader):
            names = {each.name: _names(study, each.kind, question.subject, layer) for each in levers}
        return Offer(
            levers=offered,
            circumstances=tuple(each for each in levers if each.circumstance and each not in offered),
            objectives=asked.objectives,
            layer=layer,
            names=names,
        )


@dataclass(frozen=True)
class FirstComparison(Request):
    """A comparison that is kept whole; ``engines`` stands for those that there are, which it depends on beside the data."""

    asked: ComparisonRequest
    engines: str
    _: KW_ONLY
    reader: str = field(default_factory=language)

    @property
    def table(self) -> str:
        """What the answer is kept for: each question begins with a comparison of its own, its options named in a language."""
        return f"{self.asked.question}.{self.asked.subject or ''}.{self.reader}"

    @classmethod
    def of(cls, asked: ComparisonRequest) -> FirstComparison:
        """A comparison by the engines of now."""
        return cls(asked, fingerprint_of([(each.name, each.version) for each in engines().values()]))

    @property
    def city(self) -> CityRequest:
        """The city that is asked of."""
        return self.asked.city

    def answer(self, city: City, *, progress: Progress = quiet) -> Comparison:
        """The comparison.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Comparison
            Of its options, its city closed.
        """
        return self.asked.answer(city, progress=progress).closed()


@dataclass(frozen=True)
class ReplaysRequest(Request):
    """Past years of crews, replayed."""

    city: CityRequest
    _: KW_ONLY
    crews: str

    @property
    def table(self) -> str:
        """What the answer is kept for."""
        return self.crews

    def answer(self, city: City, *, progress: Progress = quiet) -> tuple[Replay, ...]:
        """Each year as it would have been foreseen.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        tuple of Replay
            From what was known before each.
        """
        progress(0.1, "")
        crews = city.of("crews")[self.crews]
        return replays(city.requests[crews.series], crews)


@dataclass(frozen=True)
class NeedsRequest(Request):
    """The people that a desk needs."""

    city: CityRequest
    _: KW_ONLY
    desk: str

    @property
    def table(self) -> str:
        """What the answer is kept for."""
        return self.desk

    def answer(self, city: City, *, progress: Progress = quiet) -> tuple[float, ...]:
        """How many are needed.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        tuple of float
            By hour of the week.
        """
        progress(0.1, "")
        return needed_people(study_of(city, question=questions.question_named(city, "desks"), subject=self.desk))


@dataclass(frozen=True)
class ReadyRequest(Request):
    """A question that is about to be asked ("": the one that the city opens with), about a ``subject`` ("": the first)."""

    city: CityRequest
    _: KW_ONLY
    question: str = ""
    subject: str = ""
    reader: str = field(default_factory=language)


@dataclass(frozen=True)
class Offer:
    """The levers of a question's options, the circumstances that may be assumed for all, and what plans may be good at.

    ``layer`` is that of the areas by which the question is told, "" where it has none. ``names`` holds what people call
    the ids of a lever's value, by lever.
    """

    levers: tuple[Lever, ...]
    circumstances: tuple[Lever, ...]
    objectives: tuple[Objective, ...]
    layer: str
    names: Mapping[str, Mapping[str, str]]


@quick
@read_back(kept)
def offer_of(request: OfferRequest, *, progress: Progress) -> Offer:
    """What a question offers; kept for the next start."""
    found: Offer = answered(request, opened, progress=progress)
    return found


def _names(study: Study, kind: Kind, subject: str, layer: str) -> dict[str, str]:
    """What people call the ids that a lever's value may hold; {} where the tables of the study do not say."""
    ids = {*kind.candidates} if isinstance(kind, Choice) else {*getattr(kind, "keys", ())}
    if isinstance(kind, Number) or not ids:
        return {}
    if isinstance(kind, Choice) and kind.labels:
        return {key: text(name) for key, name in kind.names.items()}
    about = study.about.get(subject, "")
    if subject == "trips" and about:
        trips = study.city.of(subject)[about]
        titles = link_titles(study.city.networks[trips.network], study.city.areas.get(trips.layer))
        if ids & set(titles):
            return {key: text(each) for key, each in titles.items() if key in ids}
    tables = [study.city.of(subject).get(about), study.city.areas.get(layer)]
    for frame in (getattr(each, "frame", None) for each in tables):
        if frame is not None and "name" in frame and ids <= set(map(str, frame.index)):
            return {str(key): str(name) for key, name in frame["name"].items() if str(key) in ids}
    return {}


def _kept_comparison(request: ComparisonRequest | FirstComparison) -> Comparison | None:
    found: Comparison | None = kept(request if isinstance(request, FirstComparison) else FirstComparison.of(request))
    return found


@read_back(kept)
def replays_of(request: ReplaysRequest, *, progress: Progress) -> tuple[Replay, ...]:
    """Each past year of the crews, replayed from what was known before it; kept for the next start."""
    found: tuple[Replay, ...] = answered(request, opened, progress=progress)
    return found


@read_back(kept)
def needs_of(request: NeedsRequest, *, progress: Progress) -> tuple[float, ...]:
    """How many people a desk needs by hour of the week; kept for the next start."""
    found: tuple[float, ...] = answered(request, opened, progress=progress)
    return found


Step = ComparisonRequest | FirstComparison | ReadyRequest


def _follows(before: Step, request: Step) -> bool:
    """Whether both are about one question of a city; that which is made ready may be any of its questions."""
    one, other = (each.asked if isinstance(each, FirstComparison) else each for each in (before, request))
    return one.city.name == other.city.name and one.question in ("", other.question)


@stepwise(_follows)
def ready_of(request: ReadyRequest, *, progress: Progress) -> None:
    """Begin what a question is compared by, from its own tables alone, while another worker reads those of the whole city.

    Its offer is kept, and the worker holds its forecast and what comes of doing nothing.
    """
    progress(0.1, "")
    city = from_files(request.city)
    question = request.question or usual_question(city, questions_of(city))
    if question:
        wanted = OfferRequest(request.city, question=question, subject=request.subject, reader=request.reader)
        answered(wanted, lambda _: city, progress=progress)
        make_ready(city, question=question, subject=request.subject or None, seed=SEED, progress=progress)


@read_back(_kept_comparison)
@stepwise(_follows)
def comparison_of(request: ComparisonRequest | FirstComparison, *, progress: Progress) -> Comparison:
    """The comparison, its city closed: the page has it open. That which a question begins with is kept for the next start."""
    if isinstance(request, FirstComparison):
        found: Comparison = answered(request, opened, progress=progress)
        return found
    return request.answer(opened(request.city), progress=progress).closed()


@read_back(kept)
def mind_of(request: MindRequest, *, progress: Progress) -> Mind:
    """What would change our mind about a comparison; the last one of a question is kept."""
    found: Mind = answered(request, opened, progress=progress)
    return found


def suggestions_of(request: SuggestRequest, *, progress: Progress) -> Suggestions:
    """Plans, the best first."""
    return request.answer(opened(request.city), progress=progress)
