"""Where the tests find real data, and a workspace of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from tests.browsing import address, browser, page

__all__ = ["address", "browser", "page"]

# Two processes run tests on two cores: threads of their own would only make them wait for each other.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

# How long an example takes depends on what else the machine does: no test is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

REAL_DATA = Path(os.environ.get("CIVICAST_TEST_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
CITIES = Path(__file__).parent / "cities"
DASHBOARD = {
    "tests/test_app.py",
    "tests/test_scenarios_view.py",
    "tests/test_browser.py",
    "tests/test_pseudo_language.py",
}


class Modules(LoadScopeScheduling):
    """One process runs a module whole. All that opens views is run by one, only because it is quicker: what one view has
    measured, the next one finds.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.split("::")[0]
        return "dashboard" if module in DASHBOARD else module


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Modules:
    return Modules(config, log)


@pytest.fixture(scope="session")
def dashboard_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One workspace for all that opens views, as a person has, with one model measured: no view waits for another."""
    from analytics.forecasting import backtest
    from data import open_city

    home = tmp_path_factory.mktemp("dashboard")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(home))
        backtest(open_city("meridian").series["service_requests"], "seasonal_naive", horizon=28)
    return home


@pytest.fixture(scope="module")
def workers_of_its_own() -> Iterator[None]:
    """Workers that are born into a module's workspace, whatever ran before, and leave nothing to what runs after."""
    from dashboard.shell import jobs  # most tests draw no page, and need not wait for what draws them

    jobs.stop()
    yield
    jobs.stop()


@pytest.fixture(autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that no test shares with the user's own; CIVICAST_TEST_DATA points at the real data."""
    home = tmp_path_factory.mktemp("civicast")
    monkeypatch.setenv("CIVICAST_HOME", str(home))
    monkeypatch.setenv("CIVICAST_TEST_DATA", str(REAL_DATA))
    return home


@pytest.fixture(scope="session")
def sample_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Meridian's files, made once a process: they are the same bytes in every workspace."""
    from data.sample import make_sample

    return make_sample(tmp_path_factory.mktemp("sample")).parent


@pytest.fixture
def sample_city(workspace: Path, sample_files: Path) -> Path:
    """Meridian in the test's workspace, by links, so that a test need not wait for it; its files must not be written to."""
    folder = workspace / "cities" / "meridian"
    folder.mkdir(parents=True)
    for file in sample_files.iterdir():
        os.link(file, folder / file.name)
    return folder / "city.toml"


@pytest.fixture
def real_data() -> Path:
    """The folder of real data; the test is skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"no real data at {REAL_DATA}: set CIVICAST_TEST_DATA")
    return REAL_DATA
