"""Plug-ins in the workspace are found by every process; a broken one there is listed and harms nothing."""

from __future__ import annotations

import operator
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from forecasting_panels import counts, frame

from analytics.forecasting.contract import MODELS
from analytics.forecasting.memory import predict
from analytics.forecasting.registry import failed_models, find_model, models
from analytics.hotspots.contract import METHODS
from analytics.hotspots.registry import methods
from analytics.parallel import run_chunks
from analytics.plugins.record import stated_in
from analytics.requests import city_request
from analytics.scenarios import registry as scenarios_registry
from analytics.scenarios.registry import engines
from data.words import text

ANALYTICS = Path(__file__).parent.parent / "analytics"
TEMPLATES = {
    "models": ANALYTICS / "forecasting" / "models" / "_template.py",
    "methods": ANALYTICS / "hotspots" / "methods" / "_template.py",
    "engines": ANALYTICS / "scenarios" / "engines" / "_template.py",
}
REGISTRIES: dict[str, Any] = {
    "models": MODELS.registry,
    "methods": METHODS.registry,
    "engines": scenarios_registry.REGISTRY,
}


@pytest.fixture
def fresh(workspace: Path) -> Iterator[Path]:
    """A workspace with empty folders of plug-ins, looked at anew by the first who asks."""
    kept = {
        kind: (each.all(), each.failures(), dict(each.files), dict(each.apart)) for kind, each in REGISTRIES.items()
    }
    for kind, each in REGISTRIES.items():
        (workspace / kind).mkdir()
        each.loaded = False
    yield workspace
    for kind, each in REGISTRIES.items():
        each.plugins, each.failed, each.files, each.apart = kept[kind]


def test_each_kind_has_a_folder_in_the_workspace(fresh: Path) -> None:
    for kind, template in TEMPLATES.items():
        (fresh / kind / "mine.py").write_text(template.read_text())
    assert "recent_mean" in models()
    assert "count_last_quarter" in methods()
    assert "vans" in engines()
    assert REGISTRIES["models"].files == {"recent_mean": fresh / "models" / "mine.py"}


def test_a_process_sees_that_a_file_has_come_has_changed_or_is_gone(fresh: Path, sample_city: Path) -> None:
    stamps = [city_request(str(sample_city)).stamp]
    assert not {"recent_mean", "count_last_quarter", "vans"} & {*models(), *methods(), *engines()}
    for kind, template in TEMPLATES.items():
        (fresh / kind / "mine.py").write_text(template.read_text())
        stamps.append(city_request(str(sample_city)).stamp)
    assert {"recent_mean", "count_last_quarter", "vans"} <= {*models(), *methods(), *engines()}
    file = fresh / "models" / "mine.py"
    file.write_text(TEMPLATES["models"].read_text().replace('version="1"', 'version="2"'))
    os.utime(file, (1, 1))
    assert find_model("recent_mean").version == "2"
    stamps.append(city_request(str(sample_city)).stamp)
    file.write_text("x = (")
    assert "recent_mean" not in models()
    assert "mine" in failed_models()
    file.unlink()
    assert "recent_mean" not in models()
    assert "mine" not in failed_models()
    stamps.append(city_request(str(sample_city)).stamp)
    assert len(set(stamps)) == len(stamps)  # no answer outlives the plug-ins that it may have been computed with
    assert {"theta", "seasonal_naive"} <= {*models()}


def test_worker_processes_find_what_lies_in_the_workspace(fresh: Path) -> None:
    (fresh / "models" / "mine.py").write_text(TEMPLATES["models"].read_text())
    model, panel = find_model("recent_mean"), frame(counts(periods=40, columns=2))
    # The model itself crosses, and so does its name.
    crossing = [(operator.attrgetter("title"), model), (operator.attrgetter("title"), model)]
    by_name = [(predict, "recent_mean", panel, horizon, (0.1, 0.9), 0) for horizon in (2, 3)]
    *titles, first, second = run_chunks(operator.call, [*crossing, *by_name], workers=2)
    assert titles == [model.title] * 2
    said = [first, second]
    assert [each.mean.sizes["period"] for each in said] == [2, 3]
    np.testing.assert_allclose(said[0].mean.to_numpy()[0, :, 0], panel.iloc[-28:].mean())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def (", "SyntaxError"),
        ("import sys\nsys.exit(3)", "SystemExit: 3"),
        ("import a_package_that_nobody_has", "ModuleNotFoundError"),
        (TEMPLATES["models"].read_text().replace('"recent_mean"', '"ets"'), "the name “ets” is taken"),
        (TEMPLATES["models"].read_text() + "\n1 / 0\n", "ZeroDivisionError"),
    ],
    ids=["syntax", "exit", "import", "taken", "half"],
)
def test_a_broken_file_is_listed_and_harms_nothing(fresh: Path, text: str, why: str) -> None:
    before = set(models())
    REGISTRIES["models"].loaded = False
    (fresh / "models" / "broken.py").write_text(text)
    (fresh / "models" / "_draft.py").write_text("not even Python")
    whole = TEMPLATES["models"].read_text().replace("recent_mean", "whole")
    (fresh / "models" / "whole.py").write_text(whole)
    assert set(models()) == before | {"whole"}
    assert set(failed_models()) == {"broken"}
    assert why in str(failed_models()["broken"])


def test_what_a_plug_in_states_for_its_record_crosses_from_its_process(fresh: Path) -> None:
    stated = 'how="It takes the mean.",\n    source="Nobody.",\n    parameters=("Four weeks.",),\n    changes=("None.",),\n    '
    for kind in ("models", "methods"):
        (fresh / kind / "mine.py").write_text(
            TEMPLATES[kind].read_text().replace("complexity=1,", f"{stated}complexity=1,")
        )
    template = TEMPLATES["engines"].read_text()
    own = '    how = "It takes the mean."\n    source = "Nobody."\n    parameters = ("Four weeks.",)\n    changes = ("None.",)\n'
    (fresh / "engines" / "mine.py").write_text(
        template.replace("    limits: Sequence[str] =", f"{own}    limits: Sequence[str] =", 1)
    )
    for plugin in (models()["recent_mean"], methods()["count_last_quarter"], engines()["vans"]):
        assert stated_in(plugin) == {
            "how": "It takes the mean.", "source": "Nobody.", "parameters": ("Four weeks.",), "changes": ("None.",)
        }  # fmt: skip


@pytest.mark.parametrize("kind", [MODELS.registry, METHODS.registry, scenarios_registry.REGISTRY])
def test_all_of_ours_say_how_they_work_and_what_that_is_taken_from(kind: Any) -> None:
    ours = [each for each in kind.all().values() if each.name not in kind.files]
    assert len(ours) > 4
    for each in ours:
        assert text(stated_in(each)["how"]).endswith("."), each.name
        assert text(stated_in(each)["source"]).endswith((".", "?")), each.name
        for line in (*stated_in(each)["parameters"], *stated_in(each)["changes"]):
            assert text(line).endswith("."), each.name
