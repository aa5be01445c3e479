"""The cards of options say which way most futures go, and never "better" of what is worse."""

from __future__ import annotations

import re
from dataclasses import replace

import example_results as examples
import pytest

from dashboard.views.scenarios.cards import cards
from dashboard.views.scenarios.work import Offer

OFFER = Offer(levers=(), circumstances=(), objectives=(), layer="ward", names={})


@pytest.mark.parametrize(("option", "way"), [("Growth in the south", "Worse"), ("Cleaner alleys", "Better")])
def test_a_card_counts_the_futures_of_the_way_that_most_go(option: str, way: str) -> None:
    found = replace(examples.comparison(), config={"primary": "requests"})
    first = next(each for each in found.differences if (each.option, each.measure) == (option, "requests"))
    card = next(part for part in cards(found, OFFER, chosen=option).split('class="cc-card')[1:] if option in part)
    words = re.sub("<[^>]*>", "", card)
    assert f"{way} on requests in {max(first.better, first.worse)} of 500." in words
