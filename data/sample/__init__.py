"""Meridian: an imaginary city whose truth is known, so that one can ask whether the methods find it.

``plan`` draws the city, ``people`` fills it, ``planted`` states the truth in the words of ``truth``, ``rhythm`` and
``streets``; ``panel`` and ``incidents`` draw the data from it and ``writing`` puts them into files that are read like
any other city's.
"""

from data.sample.equilibrium import Morning, morning_of_meridian
from data.sample.incidents import sample_incidents, true_density, true_incidents
from data.sample.panel import draw_panel, sample_delay, sample_handling, sample_panel, sample_traffic
from data.sample.planted import truth
from data.sample.rhythm import Rhythm
from data.sample.roads import RoadPlan, roads_of_meridian
from data.sample.streets import Congestion, Delay
from data.sample.truth import Hotspot, IncidentKind, Phase, RequestKind, SecondSource, Truth, UnderReporting
from data.sample.writing import ensure_sample, make_sample

__all__ = [
    "Congestion",
    "Delay",
    "Hotspot",
    "IncidentKind",
    "Morning",
    "Phase",
    "RequestKind",
    "Rhythm",
    "RoadPlan",
    "SecondSource",
    "Truth",
    "UnderReporting",
    "draw_panel",
    "ensure_sample",
    "make_sample",
    "morning_of_meridian",
    "roads_of_meridian",
    "sample_delay",
    "sample_handling",
    "sample_incidents",
    "sample_panel",
    "sample_traffic",
    "true_density",
    "true_incidents",
    "truth",
]
