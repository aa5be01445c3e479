"""Where the tests find real data, and a workspace of their own."""

from __future__ import annotations

import fcntl
import gc
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from tests.browsing import address, browser, page, window

if TYPE_CHECKING:
    from data import City

__all__ = ["address", "browser", "page", "window"]

# Two processes run tests on two cores: threads of their own would only make them wait for each other.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

# How long an example takes depends on what else the machine does: no test is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

REAL_DATA = Path(os.environ.get("CIVICAST_TEST_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
CITIES = Path(__file__).parent / "cities"
# Results that are kept under a fingerprint of all that they depend on. What was forecast once is none of them: it is scored
# when its periods have come, and so changes what is found later.
MEASURED = ("backtest", "prediction", "hotspots", "signal_plans")
# What a process that a test starts may import as its main module, too. A page's script that a test runs takes its place.
MAIN = sys.modules["__main__"]
# Modules that share what lives in a process: workers, a server, or the browser in which those look that start their own.
TOGETHER = {
    "tests/test_app.py": "pages",
    "tests/test_scenarios_view.py": "pages",
    "tests/test_downloads.py": "pages",
    "tests/test_outlook_weather.py": "pages",
    "tests/test_decisions_view.py": "pages",
    "tests/test_signal_sheets.py": "pages",
    "tests/test_traffic_view.py": "pages",
    "tests/test_browser.py": "browser",
    "tests/test_pseudo_language.py": "browser",
    "tests/test_south_side.py": "own servers",
    "tests/test_hostile_pages.py": "own servers",
    "tests/test_rooms.py": "browser",
    "tests/test_screens.py": "browser",
    "tests/test_two_processes.py": "own servers",
}
# What takes longest begins first, so that no process waits at the end for one that has only just begun it. The browser's
# server begins when the pages' workers have kept what both open with, and compiled the loops that both run: three processes
# begin at once, so as many stand before it.
FIRST = ("pages", "tests/test_early_warning.py", "tests/test_scenarios_conformance.py", "browser")


class Modules(LoadScopeScheduling):
    """One process runs a module whole, and those beside it that share what lives in a process."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def scope_of(nodeid: str) -> str:
    """What one process runs whole."""
    module = nodeid.split("::")[0]
    return TOGETHER.get(module, module)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Libraries and tests stay until the process ends: to look among them for garbage again and again took a quarter of the
    time in which they are imported.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {scope: place for place, scope in enumerate(FIRST)}
    items.sort(key=lambda item: order.get(scope_of(item.nodeid), len(order)))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: what is tried in a browser waits much of the time."""
    return (os.cpu_count() or 1) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Modules:
    return Modules(config, log)


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """A folder that the first process to want it makes, while the others wait."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made := folder.with_suffix(".made")).exists():
            make(folder)
            made.touch()
    return folder


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share, and no other run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def measured(run_folder: Path) -> Path:
    """What any process of this run has measured: kept under all that it depends on, it is the same for everybody."""
    for kind in MEASURED:
        (run_folder / "measured" / kind).mkdir(parents=True, exist_ok=True)
    return run_folder / "measured"


def share(measured: Path, home: Path) -> None:
    """Let a workspace find what others have measured, and add to it."""
    (home / "results").mkdir()
    for kind in measured.iterdir():
        (home / "results" / kind.name).symlink_to(kind, target_is_directory=True)


def link_files(files: Path, folder: Path) -> Path:
    """The same files in another folder, which must not be written to."""
    folder.mkdir(parents=True)
    for file in files.iterdir():
        os.link(file, folder / file.name)
    return folder


@pytest.fixture(scope="session")
def dashboard_home(run_folder: Path, sample_files: Path, measured: Path) -> Path:
    """One workspace for all that opens views, as a person has, with one model measured: no view waits for another."""
    from analytics.forecasting import backtest
    from data import open_city

    def furnish(home: Path) -> None:
        home.mkdir()
        share(measured, home)
        link_files(sample_files, home / "cities" / "meridian")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CIVICAST_HOME", str(home))
            backtest(open_city("meridian").series["service_requests"], "seasonal_naive", horizon=28)

    return made_once(run_folder / "dashboard", furnish)


@pytest.fixture(scope="session", autouse=True)
def _pages_without_a_server() -> Iterator[None]:
    """Each page that is drawn without a server would look for components among all packages, which takes as long as many a page,
    and ask a thousand times a second whether its script has ended, which takes the interpreter away from it.
    """
    from streamlit.components.v2 import manifest_scanner
    from streamlit.runtime.scriptrunner import ScriptRunnerEvent
    from streamlit.testing.v1 import local_script_runner

    give_up = local_script_runner.require_widgets_deltas

    def wait(runner: Any, timeout: float = 3) -> None:
        told = threading.Event()

        def noticed(sender: object, *, event: object, **more: object) -> None:
            if event == ScriptRunnerEvent.SHUTDOWN:
                told.set()

        runner.on_event.connect(noticed)
        if not runner.script_stopped() and not told.wait(timeout):
            give_up(runner, 0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_script_runner, "require_widgets_deltas", wait)
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def dashboard_workers(dashboard_home: Path) -> Iterator[None]:
    """Workers for all views that are drawn without a server, whatever ran before: born into their workspace."""
    from dashboard.workers import jobs  # most tests draw no page, and need not wait for what draws them

    jobs.stop()
    yield
    jobs.stop()


@pytest.fixture(scope="session")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders for one workspace after another: numbering them by what is there would cost as much as many a test."""
    folder = tmp_path_factory.mktemp("civicast")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def workspace(workspaces: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that no test shares with the user's own; CIVICAST_TEST_DATA points at the real data."""
    home = next(workspaces)
    home.mkdir()
    monkeypatch.setenv("CIVICAST_HOME", str(home))
    monkeypatch.setenv("CIVICAST_TEST_DATA", str(REAL_DATA))
    monkeypatch.delenv("CIVICAST_RECORDS", raising=False)
    monkeypatch.setitem(sys.modules, "__main__", MAIN)
    return home


@pytest.fixture(scope="session")
def sample_files(run_folder: Path) -> Path:
    """Meridian's files, made once a run: they are the same bytes in every workspace."""
    from data.sample import make_sample

    return made_once(run_folder / "sample", make_sample)


@pytest.fixture(scope="session")
def meridian(sample_files: Path) -> City:
    """Meridian, whose tables each process reads once: a city is frozen, and whoever reads it changes none of them."""
    from data import open_city

    return open_city(sample_files / "city.toml")


@pytest.fixture(scope="session")
def known(meridian: City) -> frozenset[str]:
    """What is Meridian's own on a page in the pseudo-language."""
    from tests.pseudo_text import data_words

    return data_words(meridian) | {"lamps renewed before they fail"}  # what the sample's own truth calls its policy


@pytest.fixture
def measured_by_all(workspace: Path, measured: Path) -> None:
    """The test's workspace finds what others have measured, and they what it measures."""
    share(measured, workspace)


@pytest.fixture
def sample_city(workspace: Path, sample_files: Path, measured_by_all: None) -> Path:
    """Meridian in the test's workspace, by links, with what others have measured in it: its files must not be written to."""
    return link_files(sample_files, workspace / "cities" / "meridian") / "city.toml"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data; the test is skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"no real data at {REAL_DATA}: set CIVICAST_TEST_DATA")
    return REAL_DATA


@pytest.fixture(scope="session")
def chicago(real_data: Path) -> City:
    """Chicago, whose tables each process reads once, as Meridian's."""
    from data import open_city

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_TEST_DATA", str(real_data))
        return open_city(CITIES / "chicago.toml")
