"""Networks that route: links and nodes from files of several formats, checked alike."""

from data.tables.roads.connection import connected_zones
from data.tables.roads.keys import NetworksKeys, check_network
from data.tables.roads.links import LINK_COLUMNS, NODE_COLUMNS, Roads
from data.tables.roads.tntp import roads_of_tntp

__all__ = ["LINK_COLUMNS", "NODE_COLUMNS", "NetworksKeys", "Roads", "check_network", "connected_zones", "roads_of_tntp"]
