"""What all commands share: their options, and how a result is written."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from analytics.errors import AnalyticsError
from analytics.plain import to_plain
from analytics.plugins.checks import Report
from analytics.results import Caveat
from data import City
from data.store.workspace import home
from data.words import say

__all__ = [
    "check_command",
    "checks_told",
    "command",
    "finished",
    "new_file_command",
    "positive",
    "show_caveats",
    "show_json",
    "show_report",
    "table",
    "tell_next_steps",
    "written",
]


def command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], None], what: str, *, city: bool = True
) -> argparse.ArgumentParser:
    """A sub-command with the options that all of them share."""
    sub: argparse.ArgumentParser = commands.add_parser(name, help=what, description=what)
    sub.set_defaults(run=run)
    if city:
        sub.add_argument("city", metavar="CITY", help="a name in the workspace or a path to a city.toml")
        sub.add_argument("--seed", type=int, default=0, help="seed of everything random (default 0)")
        sub.add_argument("--csv", type=Path, metavar="FILE", help="also write the result's table")
    sub.add_argument("--json", action="store_true", help="the whole result as JSON")
    return sub


def check_command(commands: Any, name: str, run: Callable[[argparse.Namespace], None], what: str, *, file: str) -> None:
    """A sub-command that checks a plug-in's file."""
    options = command(commands, name, run, what, city=False)
    options.add_argument("file", type=Path, metavar="FILE.py", help=file)
    options.add_argument("--seed", type=int, default=0, help="seed of everything random (default 0)")


def checks_told(report: Report) -> list[str]:
    """A report's heading, and each of its checks, in lines."""
    passed = len(report.checks) - len(report.failed)
    heading = {"title": report.title, "name": report.name, "passed": passed, "total": len(report.checks)}
    lines = [say("check_file.heading", heading)]
    for check in report.checks:
        code = "passed" if check.passed else "failed"
        lines.append(say(f"check_file.{code}", {"name": check.name, "said": check.said}))
    return lines


def show_report(report: Report, lines: Sequence[str], *, json: bool, refusal: type[AnalyticsError], code: str) -> None:
    """Print a report as JSON or in lines; refused (``code``) when a check failed."""
    if json:
        show_json(to_plain(report))
    else:
        print("\n".join(lines))
    if report.failed:
        raise refusal(code, title=report.title, failed=len(report.failed), reason=report.failed[0].said)


def positive(text: str) -> int:
    """A whole number above 0."""
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number above 0")
    return int(text)


def table(city: City, kind: str, name: str) -> Any:
    """A series or incidents of the city by name."""
    tables = getattr(city, kind)
    if name not in tables:
        raise AnalyticsError("no_such_table", city=city.name, kind=kind, name=name, names=list(tables))
    return tables[name]


def finished(options: argparse.Namespace, result: Any, frame: pd.DataFrame) -> bool:
    """Write the table where asked, and the JSON; true when nothing is left to print."""
    if options.csv:
        written(frame, options.csv)
    if options.json:
        show_json(to_plain(result))
    return bool(options.json)


def written(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV."""
    try:
        frame.to_csv(path, index=not isinstance(frame.index, pd.RangeIndex))
    except OSError as error:
        raise AnalyticsError("cannot_write", path=str(path), why=error.strerror or str(error)) from error


def show_json(value: Any) -> None:
    """Print plain values as JSON."""
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode())


def show_caveats(caveats: Sequence[Caveat]) -> None:
    """Print numbered caveats, the gravest first."""
    for number, caveat in enumerate(caveats, start=1):
        print(f"{number:3}  {caveat.severity_word} {caveat.message} ({caveat.detail})")


def new_file_command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], None], what: str, *, example: str
) -> None:
    """A sub-command that writes a plug-in file from a template."""
    options = command(commands, name, run, what, city=False)
    options.add_argument("name", metavar="NAME", help=f"a lower-case Python name, such as {example}")
    options.add_argument("--folder", type=Path, default=Path(), metavar="DIR", help="where to (default: here)")


def tell_next_steps(options: argparse.Namespace, path: Path, *, section: str, folder: str) -> None:
    """Say where the new file is and what comes next; ``folder`` is that of the workspace."""
    if options.json:
        show_json({"path": str(path)})
        return
    evidence = {"path": str(path), "folder": str(home() / folder)}
    for step in ("written", "edit", "check", "place"):
        print(say(f"{section}.{step}", evidence))
