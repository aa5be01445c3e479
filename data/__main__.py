"""The command line: ``python -m data list | add | check | verify | follow``.

Exit status 0 on success; 2 on a user's mistake, with one line that says what to do.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from data.city import SAMPLE, City, add_city, find_city, open_city
from data.cityfile import read_city_file
from data.commandline import MISTAKE, Parser, run_quietly
from data.errors import CivicastError, RecordsError, WorkspaceError
from data.live import EVERY_SECONDS, Followed, follow, follow_once, followed_in
from data.store.feeds import FeedState
from data.store.workspace import city_path, known_cities
from data.tables import Table
from data.words import knows, say, use_language, usual_language


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    with use_language(usual_language()):
        return run_quietly(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    options = parser().parse_args(arguments)
    try:
        answer = options.run(options)
    except CivicastError as error:
        print(f"civicast: {error}", file=sys.stderr)
        return MISTAKE
    told = orjson.dumps(answer, default=_plain, option=orjson.OPT_INDENT_2).decode()
    print(told if options.json else as_text(answer))
    return 0


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = Parser(prog="python -m data", description=_help("about"))
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    listing = _command(commands, "list", list_command)
    adding = _command(commands, "add", add_command)
    adding.add_argument("path", type=Path, metavar="CITY.toml")
    adding.add_argument("--replace", action="store_true", help=_help("replace"))
    checking = _command(commands, "check", check_command)
    checking.add_argument("city", metavar="CITY", help=_help("city"))
    verifying = _command(commands, "verify", verify_command)
    verifying.add_argument("--expect", metavar="DIGEST", default="", help=_help("expect"))
    following = _command(commands, "follow", follow_command)
    following.add_argument("city", metavar="CITY", help=_help("city"))
    following.add_argument("--once", action="store_true", help=_help("once"))
    following.add_argument("--every", type=float, metavar="SECONDS", default=EVERY_SECONDS, help=_help("every"))
    for command in (listing, adding, checking, verifying, following):
        command.add_argument("--json", action="store_true", help=_help("json"))
    return top


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], dict[str, Any]]) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=_help(name), description=_help(name))
    made.set_defaults(run=run)
    return made


def _help(word: str) -> str:
    return say(f"data_commands.{word}").replace("%", "%%")  # argparse fills in what follows a sign for per cent


def list_command(_options: argparse.Namespace) -> dict[str, Any]:
    """The cities by key; one that cannot be read is listed with what is wrong."""
    cities = []
    for key, path in ({SAMPLE: city_path(SAMPLE)} | known_cities()).items():
        entry: dict[str, Any] = {"key": key, "path": str(path), "sample": key == SAMPLE, "name": None, "error": None}
        if path.is_file():
            try:
                entry["name"] = read_city_file(path).name
            except CivicastError as error:
                entry["error"] = str(error)
        cities.append(entry)
    return {"cities": cities}


def add_command(options: argparse.Namespace) -> dict[str, Any]:
    """Register a city and describe it."""
    city = add_city(options.path, replace=options.replace)
    return {"added": city.key, "path": str(city_path(city.key))} | description(city)


def check_command(options: argparse.Namespace) -> dict[str, Any]:
    """Describe a city."""
    return description(open_city(options.city))


def verify_command(options: argparse.Namespace) -> dict[str, Any]:
    """Follow the chain of the records; broken is a mistake, whoever made it."""
    from data.store.records import open_records, verify  # takes a second to import, and only this command needs it

    found = verify(open_records(), expected=options.expect)
    if not found.sound:
        raise RecordsError("records_broken", n=len(found.faults), faults=[str(each.sentence) for each in found.faults])
    return {"entries": found.entries, "last": found.last}


def follow_command(options: argparse.Namespace) -> dict[str, Any]:
    """Follow the sources of a city that grow: once, or until the user stops it."""
    path = find_city(options.city)
    if not followed_in(path):
        raise WorkspaceError("nothing_live", city=read_city_file(path).name)
    if not options.once:
        print(_line("following", path=str(path)), file=sys.stderr)
        with suppress(KeyboardInterrupt):
            follow(lambda: [path], stop=threading.Event(), every=max(options.every, 0.1), after=_after_look)
    return {"followed": [_feed(each, follow_once(each)) for each in followed_in(path)]}


def _feed(followed: Followed, state: FeedState) -> dict[str, Any]:
    failure = state.failure
    why = None if failure is None else {"since": failure.since, "code": failure.code, "message": str(failure.why)}
    about = {"section": followed.section.label, "source": followed.address, "rows": state.rows, "newest": state.newest}
    return about | {"read_at": state.read_at, "failure": why}


def _after_look(followed: Followed, state: FeedState) -> None:
    print(_feed_line(_feed(followed, state)), file=sys.stderr, flush=True)


def _feed_line(feed: dict[str, Any]) -> str:
    if feed["failure"]:
        return _line("feed_broken", **feed, since=feed["failure"]["since"], why=feed["failure"]["message"])
    return _line("feed", **feed)


def description(city: City) -> dict[str, Any]:
    """A city and its tables as plain values: what each holds, where it comes from, and what reading it noticed."""
    tables = [_described(kind, table) for kind, table in city.by_kind()]
    about = {name: getattr(city, name) for name in ("name", "key", "timezone", "crs", "currency", "fingerprint")}
    about |= {"as_of": city.as_of, "classification": city.classification, "synthetic": city.synthetic}
    return {"city": about, "tables": tables}


def _described(kind: str, table: Any) -> dict[str, Any]:
    if not isinstance(table, Table):  # stated in the city.toml itself
        return {"kind": kind, "name": table.name, **table.facts(), "provenance": None, "findings": []}
    provenance = table.provenance.plain()
    findings = [asdict(finding) | {"message": finding.message} for finding in table.findings]
    return {
        "kind": kind,
        "name": table.provenance.name,
        **table.facts(),
        "provenance": provenance,
        "findings": findings,
    }


def as_text(answer: dict[str, Any]) -> str:
    """The answer of any command as lines of text."""
    if "cities" in answer:
        return "\n".join(_line("listed_broken" if each["error"] else "listed", **each) for each in _named(answer))
    if "followed" in answer:
        return "\n".join(_feed_line(each) for each in answer["followed"])
    if "entries" in answer:
        return _line("verified" if answer["entries"] else "no_records", **answer)
    lines = [_line("added", **answer)] if "added" in answer else []
    lines.append(_line("city", **answer["city"]))
    lines += [_line("synthetic")] if answer["city"]["synthetic"] else []
    for table in answer["tables"]:
        known = table["kind"] if knows(f"check.{table['kind']}") else "table"
        lines += ["", _line(known, **table)]
        provenance = table["provenance"]
        if provenance:
            kept = provenance["rows_read"] - provenance["rows_set_aside"]
            lines += [_line("provenance", **provenance), _line("rows", kept=kept, **provenance)]
        lines += [_line("finding", text=finding["message"].partition(": ")[2]) for finding in table["findings"]]
    return "\n".join(lines)


def _named(answer: dict[str, Any]) -> list[dict[str, Any]]:
    unmade = say("check.unmade")
    return [each | {"name": each["name"] or unmade} for each in answer["cities"]]


def _line(code: str, **evidence: Any) -> str:
    return say(f"check.{code}", evidence)


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value).__name__)


if __name__ == "__main__":
    sys.exit(main())
