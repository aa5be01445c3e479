"""An environment of their own for peers that need other packages, or other versions of them, than we do."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

__all__ = ["python_with"]


def python_with(packages: Sequence[str], *, folder: str) -> Path:
    """The Python of an environment with these packages, which is made the first time in ``benchmarks/<folder>``."""
    place = Path(__file__).with_name(folder)
    python = place / "bin" / "python"
    ready = place / "ready"
    if not ready.is_file() or ready.read_text(encoding="utf-8") != "\n".join(packages):
        print("Making the peers' environment (about 1 GB, a few minutes the first time) ...", file=sys.stderr)
        venv.create(place, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        ready.write_text("\n".join(packages), encoding="utf-8")
    return python
