"""Networks that route: links and nodes from files of several formats, checked alike."""

from data.tables.roads.connection import connected_zones
from data.tables.roads.gmns import roads_of_gmns
from data.tables.roads.joining import roads_of_lines
from data.tables.roads.keys import ENDS, NetworksKeys, check_network, is_tntp
from data.tables.roads.links import LINK_COLUMNS, NODE_COLUMNS, Roads
from data.tables.roads.tntp import roads_of_tntp

__all__ = [
    "ENDS",
    "LINK_COLUMNS",
    "NODE_COLUMNS",
    "NetworksKeys",
    "Roads",
    "check_network",
    "connected_zones",
    "is_tntp",
    "roads_of_gmns",
    "roads_of_lines",
    "roads_of_tntp",
]
