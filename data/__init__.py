"""What we know: a city's tables, checked, with where each comes from."""

from data.city import City
from data.dataset import Areas, Incidents, Network, Requests, Series, Target
from data.errors import CivicastError
from data.opening import open_city
from data.provenance import Classification, Finding, Provenance, fingerprint_of, strictest

__all__ = [
    "Areas",
    "City",
    "CivicastError",
    "Classification",
    "Finding",
    "Incidents",
    "Network",
    "Provenance",
    "Requests",
    "Series",
    "Target",
    "fingerprint_of",
    "open_city",
    "strictest",
]
