"""Which option is better, by how much, for whom, and in how many futures?"""

from __future__ import annotations

import streamlit as st

from analytics.scenarios import questions_of
from dashboard.shell.controls import chosen_city
from dashboard.shell.waiting import await_result
from dashboard.views.scenarios.answerable import answerable
from dashboard.views.scenarios.beside import beside
from dashboard.views.scenarios.compared import aged, compared, differences
from dashboard.views.scenarios.drafts import Drafts
from dashboard.views.scenarios.link import checked
from dashboard.views.scenarios.margin import margin
from dashboard.views.scenarios.mind import reconsider
from dashboard.views.scenarios.opening import begin_question, offer_request
from dashboard.views.scenarios.options import begun
from dashboard.views.scenarios.parts import places, who_and_where
from dashboard.views.scenarios.question import choose_question
from dashboard.views.scenarios.side import side
from dashboard.views.scenarios.sites import sites_panel
from dashboard.views.scenarios.verdict import verdict
from dashboard.views.scenarios.work import offer_of
from data.words import say


def show() -> None:
    """Draw the view."""
    opened = chosen_city(meanwhile=begin_question)
    city, drafts = opened.city, Drafts(opened.city.key)
    asked = questions_of(city)
    known = answerable(city, asked)
    if not known:
        st.info(say("scenarios.empty"))
        return
    about = choose_question(city, asked, known, drafts)
    draft = drafts.present
    wanted = offer_request(opened.request, question=draft.question, subject=draft.subject)
    offer = await_result(offer_of, wanted, saying=say("scenarios.preparing"))
    drafts.take(*checked(begun(draft, offer), city, offer))
    top = st.container()
    with st.container(key="study"):
        left, middle, right = st.columns([2.9, 6.1, 3], gap="large")
    with top:
        found = compared(drafts, city, offer, wanted)
    dated = aged(found)
    with middle, st.container(key="compared"):
        chosen, against, charts = differences(dated, drafts)
        places(dated)
    with middle, st.container(key="pointing"):
        sites_panel(drafts, city, offer, about.question)
    with top:
        dots = verdict(dated, city, offer, chosen=chosen, against=against, caveats=dated.caveats)
    drafts.to_link()
    with right, st.container(key="notes"):
        margin(found, (*charts, dots), city=city, offer=offer, chosen=chosen, caveats=dated.caveats)
    who_and_where(dated, city, drafts, chosen=chosen)
    with left:
        side(drafts, opened, offer, asked=about, found=found)
    beside(dated, opened, draft, chosen=chosen)  # late: what is shown above need not wait for it
    reconsider(city, caveats=dated.caveats)
