"""What the dashboard itself refuses.

CivicastError
└── DashboardError   work that its process could not finish
"""

from __future__ import annotations

from typing import ClassVar

from data.errors import CivicastError
from data.wording import Wording

__all__ = ["DashboardError"]


class DashboardError(CivicastError):
    """Something that the dashboard could not do."""

    wording: ClassVar[Wording] = Wording("dashboard")
