"""What the dashboard refuses, as one tree.

CivicastError
└── DashboardError
    ├── ServerError    the dashboard cannot be served
    └── JobError       work in a process of its own that did not end as it should
"""

from __future__ import annotations

from typing import ClassVar

from data.errors import CivicastError
from data.wording import Wording

__all__ = ["DashboardError", "JobError", "ServerError"]


class DashboardError(CivicastError):
    """Something that the dashboard refuses."""

    wording: ClassVar[Wording] = Wording("dashboard")


class ServerError(DashboardError):
    """The dashboard cannot be served."""


class JobError(DashboardError):
    """Work in a process of its own that did not end as it should."""
