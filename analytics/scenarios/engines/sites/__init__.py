"""Where to open and close sites: the engine, its travel and measures, and the models that find plans."""

from analytics.scenarios.engines.sites.engine import SiteChoice

__all__ = ["SiteChoice"]
