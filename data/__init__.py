"""What we know: a city's tables, checked, with where each comes from."""

import typing as _typing
from importlib import import_module as _import_module

if _typing.TYPE_CHECKING:
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

else:

    def __getattr__(name: str) -> _typing.Any:
        """What is offered, once it is asked for: a process that only reads files loads none of the tables."""
        if name in __all__:
            for place in ("data.errors", "data.provenance", "data.tables", "data.city"):
                found = getattr(_import_module(place), name, None)
                if found is not None:
                    globals()[name] = found
                    return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


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
