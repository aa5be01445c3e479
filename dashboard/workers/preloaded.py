"""What every worker process needs, loaded once in the process that they are copies of; loading it is all that it does."""
# ruff: noqa: F401

from __future__ import annotations

import gc

import pandera.backends.pandas.builtin_checks
import scipy.signal
import scipy.stats

import analytics.overview
import dashboard.workers.work

__all__: list[str] = []

gc.freeze()  # what was loaded stays for good, and copies that do not go over it share its memory
