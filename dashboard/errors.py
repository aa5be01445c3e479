"""What the dashboard itself refuses.

CivicastError
└── DashboardError   work that its process could not finish
"""

from __future__ import annotations

from data.errors import CivicastError

__all__ = ["DashboardError"]


class DashboardError(CivicastError):
    """Something that the dashboard could not do."""
