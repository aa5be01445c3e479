"""Options as the scenario files of the command line: saved, and loaded again."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analytics.scenarios import agreed, scenario_of_text, write_scenario
from dashboard import markup
from dashboard.errors import DashboardError
from dashboard.shell.session import keep, recall
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.drafts import Drafts
from dashboard.views.scenarios.link import checked
from dashboard.views.scenarios.work import Offer
from data import City, CivicastError
from data.words import say

__all__ = ["file_panel", "loaded", "take_file"]

MOST_BYTES = 200_000  # of a scenario file: one with a schedule of each hour of a week has some 2,000
COUNT = "scenarios-files"
PROBLEM = "scenarios-file-problem"  # what was wrong with a file, and the draft that stood then


def file_panel(drafts: Drafts, city: City, offer: Offer) -> None:
    """A button that saves the option that is looked at, and a field that loads one beside the others."""
    option = drafts.present.option
    with st.expander(say("scenarios.files"), icon=":material/folder_open:"):
        st.download_button(
            say("scenarios.save"),
            data=write_scenario(option, city=city, question=drafts.present.question, subject=drafts.present.subject),
            file_name=f"{_slug(option.name)}.toml",
            mime="application/toml",
            key="option-save",
            on_click="ignore",
        )
        # What was loaded stays in the field: another key empties it.
        key = f"option-load-{recall(COUNT, 0)}"
        st.file_uploader(
            say("scenarios.load"),
            type=["toml"],
            key=key,
            max_upload_size=1,
            on_change=take_file,
            args=(key, drafts, city, offer, [say("scenarios.today")]),
        )
        problem, draft = recall(PROBLEM, (None, None))
        if problem is not None and draft == drafts.present:  # beside the field, where whoever chose the file is looking
            st.error(markup.label(str(problem)), icon=":material/info:")


def take_file(key: str, drafts: Drafts, city: City, offer: Offer, taken: list[str]) -> None:
    """Go on with the option of a file beside the others; what is refused is told beside the field until something is changed.

    Parameters
    ----------
    key : of the field.
    drafts : which the option joins.
    city, offer, taken : as in ``loaded``.
    """
    file = recall(key)
    if file is None:
        return
    keep(COUNT, recall(COUNT, 0) + 1)
    try:
        new = loaded(file.name, file.getvalue(), drafts.present, city, offer, taken=taken)
    except CivicastError as error:
        keep(PROBLEM, (error, drafts.present))
    else:
        drafts.change(new)


def loaded(name: str, content: bytes, draft: Draft, city: City, offer: Offer, *, taken: list[str]) -> Draft:
    """The draft with the option of a file beside the others.

    Parameters
    ----------
    name, content : of the file.
    draft : which it joins.
    city, offer : what its levers are checked against.
    taken : names that are taken beside those of the options.

    Raises
    ------
    CivicastError
        When the file is no scenario, is for another city or question, moves what the question does not offer, or there is
        no room for it.
    """
    if draft.full:
        raise DashboardError("options_full", most=len(draft.options))
    if len(content) > MOST_BYTES:
        raise DashboardError("file_too_long", name=name, n=len(content), most=MOST_BYTES)
    file = scenario_of_text(content, file=name)
    agreed([file], city, question=draft.question, subject=draft.subject)
    option = file.scenario
    fitting, problems = checked(replace(draft, options=(option,)), city, offer)
    if problems:
        raise problems[0]
    return draft.with_option(fitting.options[0], taken=taken)


def _slug(name: str) -> str:
    return "".join(each if each.isalnum() else "-" for each in name.lower()).strip("-")[:60] or "option"
