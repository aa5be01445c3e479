"""The effect of a past policy as a scenario: in a file that can be compared, and as a link to Scenarios."""

from __future__ import annotations

import numpy as np

from analytics.evaluation import Evaluation
from analytics.scenarios import Scenario
from analytics.scenarios.files import write_scenario
from dashboard.shell.controls import link_to
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.link import as_link
from data import City
from data.words import say

__all__ = ["as_measured", "scenario_file", "scenario_link"]

NORMAL_95 = 1.959964
DIGITS = 4


def as_measured(found: Evaluation) -> Scenario:
    """A scenario in which demand changes as it did under the policy, and is as unsure as that was."""
    effect = found.effect
    error = float(np.log1p(effect.high) - np.log1p(effect.low)) / 2 / NORMAL_95
    named = [found.category] if found.category is not None else list(found.series.categories)
    evidence = {"share": effect.share, "low": effect.low, "high": effect.high, "since": found.since}
    return Scenario(
        say("evaluated.scenario", evidence),
        levers={
            "demand.change": dict.fromkeys(named, round(effect.share, DIGITS)),
            "demand.change_error": dict.fromkeys(named, round(error, DIGITS)),
        },
        rationale=say("evaluated.rationale", evidence),
    )


def scenario_file(found: Evaluation, *, city: City) -> str:
    """That scenario as a file.

    Parameters
    ----------
    found : of a policy with an effect.
    city : where it may be compared.

    Returns
    -------
    str
        TOML that ``compare`` reads.
    """
    return write_scenario(as_measured(found), city=city, question="demand")


def scenario_link(found: Evaluation) -> str:
    """The address of Scenarios with that scenario beside today."""
    return link_to("scenarios", plan=as_link(Draft("demand", options=(as_measured(found),))))
