"""The kinds of table that a city may have, one a file."""

from data.tables.areas import AREAS as _AREAS
from data.tables.areas import Areas
from data.tables.contract import KINDS, Kind, Tables, register
from data.tables.costs import COSTS as _COSTS
from data.tables.costs import Cost, Every
from data.tables.counters import COUNTERS as _COUNTERS
from data.tables.counters import Counters
from data.tables.crews import CREWS as _CREWS
from data.tables.crews import Crews
from data.tables.desks import DESKS as _DESKS
from data.tables.desks import Desk
from data.tables.drivers import DRIVERS as _DRIVERS
from data.tables.incidents import INCIDENTS as _INCIDENTS
from data.tables.incidents import Incidents
from data.tables.junctions import JUNCTIONS as _JUNCTIONS
from data.tables.junctions import Junctions
from data.tables.monitors import MONITORS as _MONITORS
from data.tables.monitors import Monitor
from data.tables.networks import NETWORKS as _NETWORKS
from data.tables.networks import Network
from data.tables.regions import REGIONS as _REGIONS
from data.tables.regions import Region
from data.tables.regressors import REGRESSORS as _REGRESSORS
from data.tables.regressors import Regressor
from data.tables.requests import REQUESTS as _REQUESTS
from data.tables.requests import Requests
from data.tables.section import Keys, Section, TableKeys
from data.tables.series import SERIES as _SERIES
from data.tables.series import Series, ValueType
from data.tables.sites import SITES as _SITES
from data.tables.sites import Sites
from data.tables.table import ALL, CITY, Table
from data.tables.targets import TARGETS as _TARGETS
from data.tables.targets import Target
from data.tables.trips import TRIPS as _TRIPS
from data.tables.trips import Trips
from data.tables.waters import WATERS as _WATERS
from data.tables.waters import Water

__all__ = [
    "ALL", "CITY", "KINDS", "Areas", "Cost", "Counters", "Crews", "Desk", "Every", "Incidents", "Junctions", "Keys", "Kind",
    "Monitor", "Network", "Region", "Regressor", "Requests", "Section", "Series", "Sites", "Table", "TableKeys", "Tables",
    "Target", "Trips", "ValueType", "Water", "register",
]  # fmt: skip

# In the order in which a city shows them.
register(_AREAS)
register(_INCIDENTS)
register(_SERIES)
register(_REQUESTS)
register(_DRIVERS)
register(_NETWORKS)
register(_REGRESSORS)
register(_TARGETS)
register(_REGIONS)
register(_WATERS)
register(_COSTS)
register(_SITES)
register(_DESKS)
register(_CREWS)
register(_TRIPS)
register(_COUNTERS)
register(_JUNCTIONS)
register(_MONITORS)
