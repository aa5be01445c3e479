"""What the view opens with, before anybody has chosen anything."""

from __future__ import annotations

from dataclasses import replace

from analytics.requests import CityRequest, ComparisonRequest
from analytics.scenarios import Scenario, questions_of
from analytics.signals.checks import checks_stamp
from analytics.signals.refined import refined_stamp
from dashboard.shell.session import linked
from dashboard.shell.waiting import begin
from dashboard.views.scenarios.answerable import answerable
from dashboard.views.scenarios.draft import SEED, Draft, terms_of
from dashboard.views.scenarios.link import checked
from dashboard.views.scenarios.options import begun
from dashboard.views.scenarios.question import QUESTION, SUBJECT
from dashboard.views.scenarios.work import FirstComparison, Offer, OfferRequest, ReadyRequest, ready_of
from data import City
from data.words import say

__all__ = ["asked_of", "begin_question", "first_comparison", "first_offer", "offer_request"]

SIGNALS = "signals"


def asked_of(draft: Draft, city: City, offer: Offer, request: CityRequest) -> ComparisonRequest:
    """The comparison that a draft asks for.

    Parameters
    ----------
    draft : with its options.
    city : opened.
    offer : of its question.
    request : by which the city's pages ask for it.

    Returns
    -------
    ComparisonRequest
        Today first, which is the baseline.
    """
    if (
        draft.question == SIGNALS
    ):  # what a comparison says of its plans hangs on what was checked and refined in simulation
        request = replace(request, stamp=request.stamp + checks_stamp() + refined_stamp())
    return ComparisonRequest(
        request,
        scenarios=(Scenario(say("scenarios.today")), *draft.options),
        question=draft.question,
        subject=draft.subject or None,
        terms=terms_of(draft, city, layer=offer.layer),
        seed=SEED,
    )


def offer_request(request: CityRequest, *, question: str, subject: str) -> OfferRequest:
    """What a question offers, asked anew whenever plans were refined since.

    Parameters
    ----------
    request : by which the city's pages ask for it.
    question, subject : as a draft has them.

    Returns
    -------
    OfferRequest
        As the view asks for it.
    """
    beside = refined_stamp() if question == SIGNALS else ""
    return OfferRequest(request, question=question, subject=subject, beside=beside)


def begin_question(request: CityRequest) -> None:
    """Begin what the question that a link asks is compared by, while the city is still read; the usual one's without a link.

    Parameters
    ----------
    request : by which the city's pages ask for it.
    """
    question, subject = linked(QUESTION), linked(SUBJECT)
    if question != SIGNALS:  # whose offer hangs on more than the city's files
        begin(ready_of, ReadyRequest(request, question=question, subject=subject))


def first_offer(city: City, request: CityRequest) -> OfferRequest | None:
    """What the first question offers; None where the city can answer none.

    Parameters
    ----------
    city : opened.
    request : by which its pages ask for it.

    Returns
    -------
    OfferRequest or None
        About the first of the tables that it may be about.
    """
    question = next(iter(answerable(city, questions_of(city))), None)
    return None if question is None else offer_request(request, question=question, subject="")


def first_comparison(city: City, asked: OfferRequest, offer: Offer) -> FirstComparison:
    """The comparison of the options that a question begins with.

    Parameters
    ----------
    city : opened.
    asked : as ``offer_request`` gives it.
    offer : what came of it.

    Returns
    -------
    FirstComparison
        As the view asks for it.
    """
    draft, _ = checked(begun(Draft(asked.question, asked.subject), offer), city, offer)
    return FirstComparison.of(asked_of(draft, city, offer, asked.city))
