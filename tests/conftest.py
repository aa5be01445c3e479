"""Where the tests find real data, and a workspace of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REAL_DATA = Path(os.environ.get("CIVICAST_TEST_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
CITIES = Path(__file__).parent / "cities"


@pytest.fixture(autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that no test shares with the user's own; CIVICAST_TEST_DATA points at the real data."""
    home = tmp_path_factory.mktemp("civicast")
    monkeypatch.setenv("CIVICAST_HOME", str(home))
    monkeypatch.setenv("CIVICAST_TEST_DATA", str(REAL_DATA))
    return home


@pytest.fixture
def real_data() -> Path:
    """The folder of real data; the test is skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"no real data at {REAL_DATA}: set CIVICAST_TEST_DATA")
    return REAL_DATA
