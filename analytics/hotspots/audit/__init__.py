"""Who carries the consequences of a map, what it would miss where people report less, and how it would feed on itself."""

from analytics.hotspots.audit.audit import Audit, audit_hotspots
from analytics.hotspots.audit.exposure import exposure
from analytics.hotspots.audit.feedback import Feedback, feedback_loop
from analytics.hotspots.audit.reporting import half_reported, reporting_gaps

__all__ = ["Audit", "Feedback", "audit_hotspots", "exposure", "feedback_loop", "half_reported", "reporting_gaps"]
