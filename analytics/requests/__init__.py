"""What is asked of analytics, as one value each: the command line and the dashboard ask the same things in the same words.

A request names the city as it can be opened again, in another process too. Its fingerprint is the key of the work that
it asks for: whatever changes the answer is a field of it, and nothing else is.
"""

from analytics.requests.environment import EnergyRequest, HeatRequest, WeatherRequest, temperatures_of
from analytics.requests.evaluations import EvaluationRequest
from analytics.requests.forecasts import USUAL_HORIZON, ForecastRequest, SeriesRequest
from analytics.requests.maps import AuditRequest, MapRequest
from analytics.requests.mind import MindRequest
from analytics.requests.pages import (
    ChancesRequest,
    FiguresRequest,
    SourcesRequest,
    TablesRequest,
    TracesRequest,
    WarningsRequest,
    WatchedTablesRequest,
    WeekRequest,
)
from analytics.requests.request import CityRequest, Request, city_request
from analytics.requests.scenarios import ComparisonRequest, SuggestRequest
from analytics.requests.signals import CheckRequest, CorridorRequest, JunctionRequest, LostRequest
from analytics.requests.traffic import EquilibriumRequest

__all__ = [
    "USUAL_HORIZON",
    "AuditRequest",
    "ChancesRequest",
    "CheckRequest",
    "CityRequest",
    "ComparisonRequest",
    "CorridorRequest",
    "EnergyRequest",
    "EquilibriumRequest",
    "EvaluationRequest",
    "FiguresRequest",
    "ForecastRequest",
    "HeatRequest",
    "JunctionRequest",
    "LostRequest",
    "MapRequest",
    "MindRequest",
    "Request",
    "SeriesRequest",
    "SourcesRequest",
    "SuggestRequest",
    "TablesRequest",
    "TracesRequest",
    "WarningsRequest",
    "WatchedTablesRequest",
    "WeatherRequest",
    "WeekRequest",
    "city_request",
    "temperatures_of",
]
