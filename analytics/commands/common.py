"""What all commands share: their options, and how a result is written."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from analytics.errors import AnalyticsError
from analytics.plain import to_plain
from analytics.plugins.checks import Report
from analytics.results import Caveat
from analytics.spreadsheets import csv_of
from data import City
from data.commandline import whole
from data.store.workspace import home
from data.store.writing import write_whole
from data.words import knows, say

__all__ = [
    "Command",
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
    "write_out",
    "written",
]


@dataclass(frozen=True)
class Command:
    """A sub-command as it is built: what ``--help`` says of it is the sentences ``commands.<its name>``."""

    name: str
    parser: argparse.ArgumentParser

    def takes(self, *flags: str, **settings: Any) -> None:
        """Take an argument or an option; its help is told by its own name, or by that of what every command takes.

        Parameters
        ----------
        flags : ``"series"`` or ``"--horizon"``.
        settings : as ``argparse`` takes them.
        """
        word = flags[-1].lstrip("-").replace("-", "_")
        own = f"commands.{_code(self.name)}.{word}"
        self.parser.add_argument(
            *flags,
            help=_help(own if knows(own) else f"commands.every.{word}", default=settings.get("default")),
            **settings,
        )


def command(commands: Any, name: str, run: Callable[[argparse.Namespace], int | None], *, city: bool = True) -> Command:
    """A sub-command with the options that all of them share.

    Parameters
    ----------
    commands : what ``add_subparsers`` gave.
    name : as it is typed.
    run : is given the options; it gives the exit status where that is not 0.
    city : whether it is about a city, and so has a seed and a table.

    Returns
    -------
    Command
        To which its own arguments are added.
    """
    told = _help(f"commands.{_code(name)}.help")
    made = Command(name, commands.add_parser(name, help=told, description=told))
    made.parser.set_defaults(run=run)
    if city:
        made.takes("city", metavar="CITY")
        made.takes("--seed", type=whole, default=0)
        made.takes("--csv", type=Path, metavar="FILE")
    made.takes("--json", action="store_true")
    return made


def _code(name: str) -> str:
    return name.replace("-", "_")


def _help(code: str, **evidence: Any) -> str:
    return say(code, evidence).replace("%", "%%")  # argparse fills in what follows a sign for per cent


def check_command(commands: Any, name: str, run: Callable[[argparse.Namespace], None]) -> None:
    """A sub-command that checks a plug-in's file.

    Parameters
    ----------
    commands : what ``add_subparsers`` gave.
    name : as it is typed.
    run : is given the options.
    """
    made = command(commands, name, run, city=False)
    made.takes("file", type=Path, metavar="FILE.py")
    made.takes("--seed", type=whole, default=0)


def new_file_command(commands: Any, name: str, run: Callable[[argparse.Namespace], None]) -> None:
    """A sub-command that writes a plug-in file from a template.

    Parameters
    ----------
    commands : what ``add_subparsers`` gave.
    name : as it is typed.
    run : is given the options.
    """
    made = command(commands, name, run, city=False)
    made.takes("name", metavar="NAME")
    made.takes("--folder", type=Path, default=Path(), metavar="DIR")


def checks_told(report: Report) -> list[str]:
    """A report's heading, and each of its checks, in lines."""
    passed = len(report.checks) - len(report.failed)
    heading = {"title": report.title, "name": report.name, "passed": passed, "total": len(report.checks)}
    lines = [say("check_file.heading", heading)]
    for check in report.checks:
        code = "passed" if check.passed else "failed"
        lines.append(say(f"check_file.{code}", {"name": check.name, "sentence": check.sentence}))
    return lines


def show_report(report: Report, lines: Sequence[str], *, json: bool, refusal: type[AnalyticsError], code: str) -> None:
    """Print a report as JSON or in lines; refused (``code``) when a check failed."""
    if json:
        show_json(to_plain(report))
    else:
        print("\n".join(lines))
    if report.failed:
        raise refusal(code, title=report.title, failed=len(report.failed), reason=report.failed[0].sentence)


def positive(text: str) -> int:
    """A whole number above 0."""
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(say("commands.not_positive", {"value": text}))
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
    write_out(csv_of(frame), path)


def write_out(content: bytes, path: Path) -> None:
    """Write a file where a user wants it; one that is there is replaced only when all of the new one is on the disk.

    Parameters
    ----------
    content : of the file.
    path : as the user gave it; a link is followed, and what is no file (``/dev/stdout``) is written to as it is.

    Raises
    ------
    AnalyticsError
        When it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            write_whole(path.resolve(), content)
    except (OSError, ValueError) as error:  # a name with a NUL is no error of the system's
        why = error.strerror if isinstance(error, OSError) else None
        raise AnalyticsError("cannot_write", path=str(path), why=why or str(error)) from error


def show_json(value: Any) -> None:
    """Print plain values as JSON."""
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode())


def show_caveats(caveats: Sequence[Caveat]) -> None:
    """Print numbered caveats, the gravest first."""
    for number, caveat in enumerate(caveats, start=1):
        print(f"{number:3}  {caveat.severity_word} {caveat.message} ({caveat.detail})")


def tell_next_steps(options: argparse.Namespace, path: Path, *, section: str, folder: str) -> None:
    """Say where the new file is and what comes next; ``folder`` is that of the workspace."""
    if options.json:
        show_json({"path": str(path)})
        return
    evidence = {"path": str(path), "folder": str(home() / folder)}
    for step in ("written", "edit", "check", "place"):
        print(say(f"{section}.{step}", evidence))
