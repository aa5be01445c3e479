"""Tables of which a page shows the first rows: all of them, as numbers that can be sorted and taken along.

Each is a chart without marks, so that it has what every figure has: a finding, a source, caveats and files.
"""

from dashboard.figures.tables.hotspots import flagged_table, methods_table
from dashboard.figures.tables.policies import estimates_table
from dashboard.figures.tables.requests import service_table
from dashboard.figures.tables.roads import lost_table, pairs_table
from dashboard.figures.tables.weather import spells_table

__all__ = [
    "estimates_table",
    "flagged_table",
    "lost_table",
    "methods_table",
    "pairs_table",
    "service_table",
    "spells_table",
]
