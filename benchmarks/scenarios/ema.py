"""The same study by us and by EMA Workbench: three options, 500 futures, 60 areas, 24 months, the same engines."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from collections.abc import Iterator

from benchmarks.environment import python_with
from benchmarks.hotspots.measuring import ONE_THREAD, ROOT
from benchmarks.rows import Row

__all__ = ["rows"]

# It works with our numpy and pandas: only what we do not have is installed beside them.
PACKAGES = (
    "--no-deps", "ema_workbench==2.5.3", "platypus-opt==1.4.1", "SALib==1.6.0", "seaborn==0.13.2", "tqdm", "multiprocess",
    "dill",
)  # fmt: skip
STEPS, QUICK_STEPS = 12, 3


def rows(*, quick: bool = False) -> Iterator[Row]:
    """CPU seconds from two new plans to what they change, once the forecast is fitted; the quickest of twelve."""
    python = python_with(PACKAGES, folder=".peers-scenarios")
    found = json.loads(_side(str(python), QUICK_STEPS if quick else STEPS))
    yield Row(
        "compare_vs_ema", found["ours"], "s of CPU", 1.0, peer=found["theirs"], peer_name="EMA Workbench 2.5.3",
        note="both run our engines once an option and keep today's draws; theirs one experiment an option that returns all "
        f"futures, with the differences, bands and counts by numpy as ours has them (largest deviation "
        f"{found['apart']:.2g}), ours also caveats, ranks and receipt; the runs of the engines alone {found['engines']:.3f} s",
    )  # fmt: skip


def _side(python: str, steps: int) -> str:
    """What the side prints: run by the peer's Python, which finds our packages and our code after its own."""
    path = os.pathsep.join([str(ROOT), sysconfig.get_paths()["purelib"]])
    command = [python, "-W", "ignore", "-m", "benchmarks.scenarios.ema_side", str(steps)]
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": path}
    return subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
