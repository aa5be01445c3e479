"""Whatever a model's file does, it ends in one sentence, and whoever asked goes on."""

from __future__ import annotations

import os
import re
import socket
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import counts, frame

from analytics.__main__ import main
from analytics.errors import ForecastError, ModelError
from analytics.forecasting.contract import MODELS, find_model
from analytics.forecasting.registry import failed_models, models
from analytics.forecasting.running import run_model
from analytics.plugins.apart import confinement
from analytics.plugins.plain import packed, unpacked
from dashboard.views.models.register import broken, confined
from data.confined import Limits, can_confine, sandbox

pytestmark = pytest.mark.skipif(not can_confine(), reason="this system cannot confine plug-ins")

REGISTRY = MODELS.registry
LIMITS = Limits(seconds=20, memory=512 << 20, answer=1 << 20, written=1 << 20)
HEAD = """
import os, signal, socket, sys, time
import numpy as np
from analytics.errors import ForecastError
from analytics.forecasting.contract import Prediction, forecaster, future_periods, panel_array

FACTS = dict(
    version="1", title="Hostile", limits=("It is a test.",), inputs=("Past values",), value_types=("count",), min_periods=14,
    complexity=1, has_quantiles=False,
)

def answer(history, horizon, value=1.0):
    mean = np.full((horizon, history.shape[1]), value)
    return Prediction(panel_array(mean, future_periods(history, horizon), history.columns))
"""
DEEDS = {
    "raises": ("raise RuntimeError('I am lost')", "RuntimeError: I am lost"),
    "refuses": ("raise ForecastError('infinite_history')", "infinite"),
    "refuses_badly": ("raise ForecastError('no_such_model', nothing=1)", "ForecastError: no_such_model"),
    "exits": ("sys.exit(3)", "SystemExit: 3"),
    "leaves": ("os._exit(3)", "it ended its own process, with status 3"),
    "loops": ("while True: pass", "stopped after 0.5 seconds without an answer"),
    "takes_memory": ("bytearray(8 << 30); return answer(history, horizon)", "more than the 512 MB of memory"),
    "forks": ("if os.fork() == 0: os.setsid()\ntime.sleep(600)", "stopped after 0.5 seconds"),
    "writes": ("open('large', 'wb').write(bytes(2 << 20))", "OSError.*too large"),
    "says_nan": ("return answer(history, horizon, np.nan)", "no finite numbers"),
    "has_another_shape": ("return answer(history.iloc[:, 1:], horizon)", "area"),
    "answers_too_much": ("return answer(history, horizon + 100_000)", "larger than the 1 MB"),
    "signals": ("os.kill(os.getpid(), signal.SIGSEGV)", "ended by SIGSEGV"),
    "ends_its_parent": ("os.kill(os.getppid(), signal.SIGKILL); time.sleep(600)", "no process of its own|SIGKILL"),
    "answers_code": ("return np.array([print], dtype=object)", "Prediction"),
}


def written(folder: Path, name: str, body: str) -> None:
    head = (
        f"\n@forecaster(name={name!r}, **FACTS)\ndef model(history, *, horizon, quantiles, regressors=None, seed=0):\n"
    )
    (folder / f"{name}.py").write_text(HEAD + head + textwrap.indent(body, "    ") + "\n")


@pytest.fixture(scope="module")
def already() -> frozenset[str]:
    """What this process had imported before any of them was met: other tests load plug-ins of their own into it."""
    return frozenset(sys.modules)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, already: frozenset[str]) -> Iterator[Path]:
    """A workspace with every hostile file, and one that answers."""
    home = tmp_path_factory.mktemp("hostile")
    folder = home / "models"
    folder.mkdir()
    for name, (body, _) in DEEDS.items():
        written(folder, name, body)
    written(folder, "quiet", "return answer(history, horizon)")
    (folder / "ends_at_once.py").write_text("import os; os._exit(7)")
    (folder / "never_loads.py").write_text("while True: pass")
    (folder / "names_nothing.py").write_text(HEAD + "forecaster(name=print, **FACTS)(answer)")
    kept = REGISTRY.all(), REGISTRY.failures(), dict(REGISTRY.files), dict(REGISTRY.apart), REGISTRY.proxies
    assert kept[-1] is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(home))
        REGISTRY.proxies = replace(kept[-1], limits=LIMITS)
        REGISTRY.load_files([path for path in sorted(folder.glob("*.py")) if path.stem != "never_loads"])
        REGISTRY.proxies = replace(kept[-1], limits=replace(LIMITS, seconds=0.5))
        REGISTRY.load_files([folder / "never_loads.py"])
        for file in REGISTRY.apart.values():
            file.limits = replace(
                LIMITS, seconds=0.375 if file.limits else 0
            )  # two columns take a third more: half a second
        yield home
    REGISTRY.plugins, REGISTRY.failed, REGISTRY.files, REGISTRY.apart, REGISTRY.proxies = kept


@pytest.fixture
def panel() -> pd.DataFrame:
    return frame(counts(periods=40, columns=2))


def test_files_that_cannot_be_loaded_are_listed(hostile: Path) -> None:
    failed = {name: str(why) for name, why in failed_models().items()}
    assert failed["ends_at_once"] == "it ended its own process, with status 7"
    assert failed["never_loads"] == "stopped after 0.5 seconds without an answer"
    assert "TypeError" in failed["names_nothing"]
    assert set(DEEDS) | {"quiet"} < set(models())


@pytest.mark.parametrize("deed", DEEDS)
def test_a_hostile_model_ends_in_one_sentence(hostile: Path, panel: pd.DataFrame, deed: str) -> None:
    with pytest.raises(ForecastError, match=DEEDS[deed][1]) as caught:
        run_model(find_model(deed), panel, horizon=3)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, ModelError) == (deed != "refuses")


def test_after_all_of_them_one_that_answers_is_asked(
    hostile: Path, panel: pd.DataFrame, already: frozenset[str]
) -> None:
    before = [name for name in sys.modules if "civicast_plugin" in name and name not in already]
    assert before == []  # none of their code has come into this process
    REGISTRY.apart["quiet"].limits = LIMITS
    assert (run_model(find_model("quiet"), panel, horizon=3).mean == 1).all()


def test_the_register_shows_what_happened_until_the_file_is_changed(
    hostile: Path, panel: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelError):
        run_model(find_model("leaves"), panel, horizon=3)
    assert str(failed_models()["leaves"]) == "it ended its own process, with status 3"
    assert main(["models"]) == 0
    shown = capsys.readouterr().out
    assert "it ended its own process, with status 3" in shown
    assert ("bubblewrap" in shown) == (sandbox() is None)
    REGISTRY.apart["leaves"]._content += b"\n"
    assert "leaves" not in failed_models()


def test_the_page_lists_what_failed_and_says_what_keeps_plug_ins_in(hostile: Path) -> None:
    assert str(broken()["ends_at_once"]) == "it ended its own process, with status 7"
    assert confined() == confinement()
    REGISTRY.files, files = {}, REGISTRY.files
    assert confined() is None
    REGISTRY.files = files


def test_a_file_that_never_loads_is_not_waited_for_again(hostile: Path) -> None:
    path = hostile / "models" / "never_loads.py"
    assert REGISTRY.proxies is not None
    REGISTRY.proxies = replace(
        REGISTRY.proxies, limits=replace(LIMITS, seconds=10_000)
    )  # a test that waits for it hangs
    REGISTRY.failed.clear()
    REGISTRY.load_files([path])
    assert str(REGISTRY.failed["never_loads"]) == "stopped after 0.5 seconds without an answer"
    path.write_text("1 / 0")
    REGISTRY.load_files([path])
    assert "ZeroDivisionError" in str(REGISTRY.failed["never_loads"])


def test_the_network_is_reached_only_where_nothing_keeps_it_away(hostile: Path, panel: pd.DataFrame) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        written(
            hostile / "models",
            "calls",
            f"socket.create_connection({server.getsockname()!r}); return answer(history, horizon)",
        )
        REGISTRY.load_files([hostile / "models" / "calls.py"])
        if sandbox() is None:
            run_model(find_model("calls"), panel, horizon=3)
        else:
            with pytest.raises(ModelError, match=r"OSError|ConnectionRefusedError"):
                run_model(find_model("calls"), panel, horizon=3)


@pytest.mark.parametrize(("body", "why"), [("os._exit(3)", "with status 3"), ("return 3", "no Prediction|Prediction")])
def test_a_hostile_file_is_checked_where_it_harms_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, why: str
) -> None:
    written(tmp_path, "mine", body)
    assert main(["check-model", str(tmp_path / "mine.py")]) == 2
    refusal = capsys.readouterr().err
    assert len(refusal.splitlines()) == 1
    assert re.search(why, refusal)


# What crosses


def test_plain_values_come_back() -> None:
    value = {"a": [1, 2.5, None, True, "é"], "b": np.arange(6.0).reshape(2, 3), "c": np.array(["2024-01-01"], "M8[us]")}
    back = unpacked(packed(value))
    assert back["a"] == value["a"]
    np.testing.assert_array_equal(back["b"], value["b"])
    np.testing.assert_array_equal(back["c"], value["c"])
    assert np.isnan(unpacked(packed(float("nan"))))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff" * 8, (2).to_bytes(8, "big") + b"{}", (13).to_bytes(8, "big") + b'{"pickle": 1}',
        (30).to_bytes(8, "big") + b'{"array": ["|O", [1], 0]}     ' + bytes(8),
        (30).to_bytes(8, "big") + b'{"array": ["<f8", [9], 0]}    ' + bytes(8),
        (30).to_bytes(8, "big") + b'{"array": ["<f8", [-1], 0]}   ' + bytes(8),
    ],
)  # fmt: skip
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - by numpy or by JSON, in whose words is theirs
        unpacked(content)


def test_what_is_not_plain_does_not_cross() -> None:
    with pytest.raises(TypeError, match="is not plain"):
        packed({"call": os.getpid})
