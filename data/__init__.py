"""What we know: a city's tables, checked, with where each comes from."""

from data.city import City
from data.dataset import Areas, Incidents, Series
from data.errors import CivicastError
from data.provenance import Classification, Finding, Provenance, fingerprint_of, strictest

__all__ = [
    "Areas",
    "City",
    "CivicastError",
    "Classification",
    "Finding",
    "Incidents",
    "Provenance",
    "Series",
    "fingerprint_of",
    "strictest",
]
