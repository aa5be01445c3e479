"""Scenario files: name, rationale, levers and uncertainties in TOML, and the city, question and subject that they are for."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from analytics.errors import ScenarioError
from analytics.scenarios.study import Scenario
from data import City
from data.toml import NotToml, read_toml
from data.words import Sentence

__all__ = [
    "ScenarioFile",
    "agreed",
    "file_name",
    "read_scenario",
    "read_scenario_file",
    "scenario_of_text",
    "write_scenario",
]

TABLES = ("levers", "uncertainties")
WHERE = ("city", "question", "subject")
KEYS = ("name", "rationale", *WHERE, *TABLES)
LONGEST_NAME = 60  # letters; systems take 255 bytes, of which a number may need some


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario as a file states it, and the city (by its key), question and subject that it is for: "" is any."""

    scenario: Scenario
    file: str
    city: str = ""
    question: str = ""
    subject: str = ""


def read_scenario(path: Path) -> Scenario:
    """The scenario of a file; empty levers mean today. What it was written for is left aside.

    Parameters
    ----------
    path : of the file.

    Returns
    -------
    Scenario
        Under the file's own name where it states none.

    Raises
    ------
    ScenarioError
        As ``read_scenario_file``.
    """
    return read_scenario_file(path).scenario


def read_scenario_file(path: Path) -> ScenarioFile:
    """The scenario of a file with the city, the question and the subject that it was written for.

    Parameters
    ----------
    path : of the file.

    Returns
    -------
    ScenarioFile
        Under the file's own name where it states none.

    Raises
    ------
    ScenarioError
        When the file is missing, is not TOML, or has an unknown key.
    """
    if not os.path.isfile(path):  # false for a name that no file can have, too
        raise ScenarioError("missing_scenario", path=str(path))
    return scenario_of_text(path.read_bytes(), file=path.name)


def scenario_of_text(content: bytes, *, file: str) -> ScenarioFile:
    """The scenario in the bytes of a file, as somebody sends them.

    Parameters
    ----------
    content : of the file.
    file : its name, for the sentence that refuses it.

    Returns
    -------
    ScenarioFile
        As ``read_scenario_file``.

    Raises
    ------
    ScenarioError
        When it is not TOML, or has an unknown key.
    """
    try:
        found = read_toml(content)
    except NotToml as error:
        raise ScenarioError("not_toml", path=file, why=error.why) from error
    for key in found:
        if key not in KEYS:
            raise ScenarioError("unknown_scenario_key", path=file, key=key, keys=list(KEYS))
    for key in TABLES:
        if not isinstance(found.get(key, {}), dict):
            raise ScenarioError("bad_scenario", path=file, why=Sentence("scenario_file.not_a_table", {"key": key}))
    for key in WHERE:
        if not isinstance(found.get(key, ""), str):
            raise ScenarioError("bad_scenario", path=file, why=Sentence("scenario_file.not_a_name", {"key": key}))
    scenario = Scenario(
        name=str(found.get("name") or Path(file).stem),
        levers=found.get("levers", {}),
        uncertainties=found.get("uncertainties", {}),
        rationale=str(found.get("rationale", "")),
    )
    return ScenarioFile(scenario, file, **{key: found.get(key, "") for key in WHERE})


def agreed(
    files: Sequence[ScenarioFile], city: City, *, question: str | None = None, subject: str | None = None
) -> tuple[str | None, str | None]:
    """The question and the subject that files are compared on: what is asked for, else what the files themselves state.

    Parameters
    ----------
    files : that are compared with each other.
    city : whose options they must be.
    question, subject : what is asked for (default: what the files state).

    Returns
    -------
    question, subject
        None where neither says.

    Raises
    ------
    ScenarioError
        When a file is for another city, question or subject, naming both.
    """
    for each in files:
        if each.city not in ("", city.key):
            raise ScenarioError("other_city", path=each.file, theirs=each.city, city=city.name, key=city.key)
    wanted = {"question": question, "subject": subject}
    for key, asked in wanted.items():
        for each in files:
            own, known = getattr(each, key), wanted[key]
            if own and known and own != known:
                raise ScenarioError(f"other_{key}", path=each.file, theirs=own, ours=known)
            wanted[key] = known or own or asked
    return wanted["question"] or None, wanted["subject"] or None


def write_scenario(
    scenario: Scenario, *, city: City | None = None, question: str | None = None, subject: str | None = None
) -> str:
    """The scenario as the text of a file that reads back as the same.

    Parameters
    ----------
    scenario : what is written.
    city, question, subject : what it is for (default: any).

    Returns
    -------
    str
        TOML.
    """
    content: dict[str, Any] = {"name": scenario.name, "rationale": scenario.rationale}
    places = {"city": "" if city is None else city.key, "question": question, "subject": subject}
    content |= {key: value for key, value in places.items() if value}
    levers, assumed = _plain(scenario.levers), _plain(scenario.uncertainties)
    return tomli_w.dumps({**content, "levers": levers, "uncertainties": assumed})


def file_name(scenario: Scenario) -> str:
    """The name of a file for a scenario, in letters that every system takes: "Two sites" is ``two_sites.toml``."""
    plain = unicodedata.normalize("NFKD", scenario.name).encode("ascii", "ignore").decode()
    return (re.sub(r"\W+", "_", plain.lower()).strip("_")[:LONGEST_NAME].rstrip("_") or "scenario") + ".toml"


def _plain(values: Any) -> Any:
    """Mappings and sequences of any kind as those that TOML has."""
    if isinstance(values, str):
        return values
    if hasattr(values, "items"):
        return {str(key): _plain(value) for key, value in values.items()}
    return [_plain(each) for each in values] if isinstance(values, list | tuple | set | frozenset) else values
