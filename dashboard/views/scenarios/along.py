"""What goes along of a comparison: the page in one file, and all that it takes to make the comparison again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from analytics.recipes import Recipe, keep_recipe, plain_recipe, recipe_of, snippet_of, to_file
from analytics.results import Caveat
from analytics.scenarios import Comparison
from dashboard import markup
from dashboard.figures.chart import Chart
from dashboard.shell.panels import take_along
from dashboard.views.scenarios.briefing import comparison_briefing
from dashboard.views.scenarios.compared import asked_last
from dashboard.views.scenarios.mind import last_mind
from dashboard.views.scenarios.parts import placed
from dashboard.views.scenarios.work import Offer
from data import City, fingerprint_of
from data.words import language, say, use_language

__all__ = ["along"]

# How it is taken along to be made again, by the end of the file's name.
FILES = {"zip": "application/zip", "ipynb": "application/x-ipynb+json"}
STAMP = 6  # digits


def along(
    found: Comparison, charts: Sequence[Chart], *, city: City, offer: Offer, chosen: str, caveats: tuple[Caveat, ...]
) -> None:
    """The buttons under the notes that give the page away, and that say how the comparison is made again.

    Parameters
    ----------
    found : the comparison that is shown.
    charts : its differences, and whatever else stands before who gains.
    city : whose it is.
    offer : the levers of its question.
    chosen : the option that is told by group and on the map.
    caveats : of the comparison and of the age of its data.
    """
    shown: dict[str, object] = {"offer": offer, "chosen": chosen, "caveats": caveats, "mind": last_mind(city)}
    shown["placed"] = placed(found, chosen=chosen)
    take_along(comparison_briefing, found, charts, city=city, stamp="", **shown)
    popover = st.popover(say("again.title"), icon=":material/replay:", key="again", on_change="rerun")
    with popover:
        if popover.open:  # only what somebody means to make again is kept: not each step of a slider
            recipe = recipe_of(asked_last(city), found)
            keep_recipe(recipe)
            _shown(recipe, found)


def _shown(recipe: Recipe, found: Comparison) -> None:
    st.html(markup.paragraph(say("again.about", {"receipt": recipe.receipt})))
    _code("command", f"python -m analytics reproduce {recipe.receipt}")
    with st.container(horizontal=True, gap="small"):
        for kind, mime in FILES.items():
            # The server tells downloads apart by their names, and a receipt knows no language.
            stamp = fingerprint_of(language(), plain_recipe(recipe))[:STAMP]
            name = f"comparison-{recipe.receipt}-{stamp}.{kind}"
            st.download_button(
                say(f"again.{kind}"),
                data=partial(_file, recipe, found, name, language()),
                file_name=name,
                mime=mime,
                key=f"again-{kind}",
                on_click="ignore",
                icon=":material/download:",
            )
    st.html(markup.paragraph(say("again.no_data")))
    st.html(markup.section(say("again.python"), say("again.python_about")))
    _code("python", snippet_of(recipe))


def _code(name: str, text: str) -> None:
    """What is typed or run, as it is in every language; in one colour, since Streamlit's others are too pale to read."""
    with st.container(key=f"code-{name}"):
        st.code(text, language=None, wrap_lines=True)


def _file(recipe: Recipe, found: Comparison, name: str, spoken: str) -> bytes:
    """The file, in the language of the page: the server asks for it when that is no longer at hand."""
    with use_language(spoken):
        return to_file(recipe, found, name=name)
