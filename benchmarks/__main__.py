"""Run a suite, or all: ``python -m benchmarks forecasting [--quick] [--only WORD] [--json FILE]``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import dashboard, forecasting, hotspots, scenarios, security, store, warnings
from benchmarks.rows import Row

SUITES = {
    "forecasting": forecasting.rows,
    "hotspots": hotspots.rows,
    "scenarios": scenarios.rows,
    "security": security.rows,
    "store": store.rows,
    "dashboard": dashboard.rows,
    "warnings": warnings.rows,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run suites and print each row as soon as it is known; status 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("suite", nargs="?", choices=[*SUITES], help="which suite")
    parser.add_argument("--all", action="store_true", help="every suite")
    parser.add_argument("--quick", action="store_true", help="smaller samples: shows that it runs, proves nothing")
    parser.add_argument("--only", default="", help="only the parts whose name holds this word")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows")
    options = parser.parse_args(arguments)
    if not options.all and options.suite is None:
        parser.error(f"name a suite ({', '.join(SUITES)}) or --all")
    began = time.perf_counter()
    rows: list[Row] = []
    for name in SUITES if options.all else [options.suite]:
        rows += shown(SUITES[name](quick=options.quick, only=options.only))
        if options.json:
            options.json.write_text(json.dumps([row.to_dict() for row in rows], indent=1), encoding="utf-8")
    missed = [row.name for row in rows if row.holds is False]
    print(f"{len(rows)} rows in {time.perf_counter() - began:.0f} s; goals missed: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


def shown(rows: Iterable[Row]) -> list[Row]:
    """The rows, each printed as it comes."""
    answer = []
    for row in rows:
        against = "" if row.ratio is None else f" = {row.ratio:.4g} × {row.peer_name} ({row.peer:.4g})"
        band = "" if row.low is None else f" [{row.low:.4g}, {row.high:.4g}]"
        sign = "<=" if row.most else ">="
        goal = "" if row.goal is None else f"  goal {sign} {row.goal:.4g}: {'holds' if row.holds else 'MISSED'}"
        print(f"{row.name:32} {row.ours:.4g} {row.unit}{against}{band}{goal}  {row.note}".rstrip(), flush=True)
        answer.append(row)
    return answer


if __name__ == "__main__":
    sys.exit(main())
