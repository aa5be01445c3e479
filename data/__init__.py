"""What we know: a city's tables, checked, with where each comes from."""

from data.city import City, open_city
from data.errors import CivicastError
from data.provenance import Classification, Finding, Provenance, fingerprint_of, strictest
from data.tables import (
    Areas,
    Cost,
    Counters,
    Crews,
    Desk,
    Incidents,
    Junctions,
    Network,
    Region,
    Requests,
    Series,
    Sites,
    Target,
    Trips,
)

__all__ = [
    "Areas",
    "City",
    "CivicastError",
    "Classification",
    "Cost",
    "Counters",
    "Crews",
    "Desk",
    "Finding",
    "Incidents",
    "Junctions",
    "Network",
    "Provenance",
    "Region",
    "Requests",
    "Series",
    "Sites",
    "Target",
    "Trips",
    "fingerprint_of",
    "open_city",
    "strictest",
]
