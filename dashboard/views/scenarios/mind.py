"""What would change our mind: made when somebody asks for it, and marked old once levers have moved."""

from __future__ import annotations

import streamlit as st

from analytics.errors import Cancelled
from analytics.requests import ComparisonRequest, MindRequest
from analytics.results import Caveat, by_severity
from analytics.scenarios.mind import Mind
from dashboard import markup
from dashboard.figures.charts import learning_chart, telling, tipping_chart, together_chart
from dashboard.shell.panels import show
from dashboard.shell.rooms import fitting
from dashboard.shell.session import forget, keep, recall
from dashboard.shell.waiting import await_result
from dashboard.views.scenarios.compared import asked_last
from dashboard.views.scenarios.tables import influence_rows
from dashboard.views.scenarios.work import mind_of
from data import City, CivicastError
from data.words import Words, say, text

__all__ = ["last_mind", "mind_caveats", "reconsider", "show_mind"]

PARTS = ("needed", "together", "regret", "enough", "weights", "settled")


def last_mind(city: City) -> Mind | None:
    """What would change our mind about the comparison that is shown; None where nobody asked, or levers have moved since."""
    request, found = recall(_asked(city)), recall(_found(city))
    return found if request is not None and found is not None and request.comparison == asked_last(city) else None


def mind_caveats(found: Mind, caveats: tuple[Caveat, ...]) -> tuple[Caveat, ...]:
    """The page's caveats under the numbers that they have there, then those of this alone, which only inform.

    Parameters
    ----------
    found : with caveats of its own.
    caveats : of the page.

    Returns
    -------
    tuple of Caveat
        In the order in which they are numbered.
    """
    return by_severity([*caveats, *found.caveats])


def reconsider(city: City, *, caveats: tuple[Caveat, ...]) -> None:
    """The section: a button, then what was found, and a button for other levers.

    Parameters
    ----------
    city : whose it is.
    caveats : of the comparison and of the age of its data, as they are numbered on the page.
    """
    asked: MindRequest | None = recall(_asked(city))
    now = asked_last(city)
    with st.container(key="mind"):
        if asked is None:
            st.html(markup.section(say("reconsider.title"), say("reconsider.about")))
            _ask(now, city, "button")
        elif asked.comparison != now:
            _earlier(city)
            _ask(now, city, "again")
        else:
            _answer(asked, city, caveats=caveats)


def _answer(asked: MindRequest, city: City, *, caveats: tuple[Caveat, ...]) -> None:
    """What was found, once it is; who stops the work may ask again."""
    try:
        found: Mind = await_result(mind_of, asked, saying=say("reconsider.working"))
    except Cancelled:
        forget(_asked(city))
        st.html(markup.section(say("reconsider.title"), say("reconsider.about")))
        _ask(asked.comparison, city, "button")
    except (
        CivicastError
    ) as error:  # such as a measure that is neither better nor worse: the comparison stands all the same
        st.html(markup.section(say("reconsider.title")))
        st.info(markup.label(str(error)))
    else:
        keep(_found(city), found)
        show_mind(found, caveats=caveats)


def _earlier(city: City) -> None:
    """That levers or terms have moved since, and the finding of then; its figures would be drawn with every step of a lever."""
    found: Mind | None = recall(_found(city))
    st.html(markup.section(say("reconsider.title")))
    receipt = "" if found is None else found.receipt
    st.warning(markup.label(say("reconsider.old", {"receipt": receipt})), icon=":material/history:")
    if found is not None:
        st.html(markup.paragraph(text(found.headline)))


def _ask(comparison: ComparisonRequest, city: City, code: str) -> None:
    st.button(
        say(f"reconsider.{code}"),
        key="mind-ask",
        icon=":material/psychology_alt:",
        on_click=keep,
        args=(_asked(city), MindRequest(comparison)),
    )


def _asked(city: City) -> str:
    return f"mind-asked-{city.key}"


def _found(city: City) -> str:
    return f"mind-found-{city.key}"


def show_mind(mind: Mind, *, caveats: tuple[Caveat, ...]) -> None:
    """Words first, then the bars; beside them what to find out first and the case against; below them the rest.

    Parameters
    ----------
    mind : what was found.
    caveats : of the page.
    """
    known = mind_caveats(mind, caveats)
    left, right = st.columns([6.4, 5.6], gap="large")
    with left:
        fitting("tipping", lambda narrow: show(tipping_chart(mind, caveats=known, narrow=narrow)))
        if "worth" in mind.sentences:
            st.html(markup.section(say("reconsider.worth")) + _paragraphs(mind.sentences["worth"]))
    with right:
        _learning(mind, known)
        _against(mind)
        if len(known) > len(caveats):
            st.html(markup.margin_notes(known, on=say("reconsider.notes"), since=len(caveats)))
    with st.expander(say("reconsider.rest")):
        _rest(mind, known)


def _learning(mind: Mind, known: tuple[Caveat, ...]) -> None:
    if not telling(mind):
        st.html(markup.section(say("reconsider.learn")) + _paragraphs(mind.sentences["learn"]))
        return
    fitting("learning", lambda narrow: show(learning_chart(mind, caveats=known, narrow=narrow)))


def _against(mind: Mind) -> None:
    """The smallest change that flips the verdict, the gravest caveat and who loses, in one panel."""
    case = mind.objection
    rows = [
        (say("reconsider.flip"), [text(case.flip)]),
        (say("reconsider.caveat"), [text(case.caveat)]),
        (say("reconsider.losers"), [text(each) for each in case.losers]),
    ]
    st.html(markup.section(say("reconsider.against", {"option": mind.leader})) + markup.facts(rows))


def _rest(mind: Mind, known: tuple[Caveat, ...]) -> None:
    others = [*mind.sentences["tipping"], *mind.sentences["learn"]]
    st.html(markup.section(say("mind_parts.tipping")) + _paragraphs(others))
    for part in PARTS:
        if part in mind.sentences:
            heading = say(f"mind_parts.{part}", {"option": mind.leader})
            st.html(markup.section(heading) + _paragraphs(mind.sentences[part]))
    if mind.influences:
        heads, rows = influence_rows(mind)
        label = say("reconsider.influences", {"option": mind.leader})
        st.html(markup.section(label) + markup.table(heads, rows, right=(1, 2), label=label))
        st.html(markup.source_line(say("reconsider.influences_about")))
    if mind.pair is not None:
        show(together_chart(mind, caveats=known))


def _paragraphs(sentences: tuple[Words, ...] | list[Words]) -> str:
    return "".join(markup.paragraph(text(each)) for each in sentences)
