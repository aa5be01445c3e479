"""What a kind of table is, and a city's tables by kind and name, each opened when it is asked for.

A kind stands in one file: its frozen type, the keys of its section, and how it is checked and opened. Once registered it is
read, checked, listed and guarded like all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any, Generic, TypeVar

from data.errors import CityFileError
from data.tables.section import Keys, Section
from data.tables.stamps import rest_on, section_stamp

__all__ = ["KINDS", "Facts", "Kind", "Named", "Sections", "Tables", "known", "pair_stated", "register"]

K = TypeVar("K", bound=Keys)
T = TypeVar("T")


Sections = Mapping[str, Mapping[str, Section[Any]]]
"""The sections of a city.toml by kind and name."""


def _agrees(section: Section[Any], sections: Sections) -> None:
    """Nothing to check."""


def _nothing(sections: Sections) -> Sequence[Section[Any]]:
    """No table beside those of the file."""
    return ()


@dataclass(frozen=True)
class Kind(Generic[K, T]):
    """A kind of table.

    Parameters
    ----------
    name : of its sections in a city.toml, a plural.
    keys : the model of a section's keys, or what chooses it by the keys that are written.
    open : makes the table of a section; it may ask for others.
    check : refuses a section by what the file itself shows, before any other file is opened.
    beside : sections that the file does not state and implies.
    """

    name: str
    keys: type[K] | Callable[[Mapping[str, Any], str], type[K]]
    open: Callable[[Section[K], Tables], T]
    check: Callable[[Section[K], Sections], None] = _agrees
    beside: Callable[[Sections], Sequence[Section[Any]]] = _nothing

    def model(self, written: Mapping[str, Any], label: str) -> type[K]:
        """The model of the keys of one section.

        Parameters
        ----------
        written : the keys as the file states them.
        label : how sentences name the section.

        Returns
        -------
        type
            A model of keys.
        """
        return self.keys if isinstance(self.keys, type) else self.keys(written, label)


KINDS: dict[str, Kind[Any, Any]] = {}
"""The kinds of table by name, in the order in which a city shows them."""


def register(kind: Kind[K, T]) -> Kind[K, T]:
    """Let cities have a kind of table."""
    KINDS[kind.name] = kind
    return kind


def known(section: Section[Any], name: str, names: Sequence[str], *, code: str, allowed: str = "allowed") -> None:
    """Refuse a name that a section gives of another.

    Parameters
    ----------
    section : who names it.
    name : what is named.
    names : those that there are.
    code : of the sentence.
    allowed : the name of the evidence under which the sentence lists those that there are.

    Raises
    ------
    CityFileError
        When there is none of this name.
    """
    if name not in names:
        raise CityFileError(code, section=section.label, value=name, **{allowed: list(names)})


def pair_stated(section: Section[Any], one: str, other: str) -> None:
    """Refuse a section that states one key of a pair without the other.

    Parameters
    ----------
    section : of the city.toml.
    one, other : keys that stand together.

    Raises
    ------
    CityFileError
        When only one of them is there.
    """
    for key, beside in ((one, other), (other, one)):
        if section.states(key) and not section.states(beside):
            raise CityFileError("missing_key", section=section.label, key=beside)


@dataclass(frozen=True)
class Facts:
    """What holds for all tables of a city: its name, whose clocks it follows, its metres, whose holidays it has, and its money."""

    name: str
    timezone: str
    crs: str
    holidays: str = ""
    currency: str = ""


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of one city by kind and name; each is opened once, when it is first asked for, in whatever thread.

    ``rests`` says of each what it rests on, itself and the tables that it asked for while it was opened, and how their files
    stood before they were read (``section_stamp`` by label). ``asked`` gathers it for all that is asked of these tables; None
    where nobody wants to know.
    """

    facts: Facts
    sections: Sections
    opened: dict[tuple[str, str], Any] = field(default_factory=dict)
    rests: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    asked: dict[str, str] | None = None
    opening: list[dict[str, str]] = field(default_factory=list)  # what those that are being opened rest on so far
    lock: Any = field(default_factory=RLock)  # held while a table opens, which may ask for others

    def __getstate__(self) -> dict[str, Any]:
        # A lock stays in its process; what is open goes along. What is asked there nobody hears of here: it may be all.
        self._note({each.label: section_stamp(each) for each in self._all()} if self.asked is not None else {})
        state = {name: getattr(self, name) for name in ("facts", "sections")}
        return state | {"opened": dict(self.opened), "rests": dict(self.rests)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, asked=None, opening=[], lock=RLock())

    def _all(self) -> Iterator[Section[Any]]:
        return (section for named in self.sections.values() for section in named.values())

    def watched(self) -> Tables:
        """The same tables, with an account of their own of what is asked of them."""
        return replace(self, asked={})

    def taking(self, before: Tables) -> Tables:
        """With the tables of an earlier opening of the same sections that would be read the same now.

        Parameters
        ----------
        before : of the same city.

        Returns
        -------
        Tables
            The others are opened when they are asked for.
        """
        if (before.facts, before.sections) != (self.facts, self.sections):
            return self
        now = {each.label: section_stamp(each) for each in self._all()}
        same = [key for key in before.opened if before.rests[key].items() <= now.items()]
        return replace(
            self, opened={key: before.opened[key] for key in same}, rests={key: before.rests[key] for key in same}
        )

    def _note(self, rests: Mapping[str, str]) -> None:
        """Whoever is being opened, and whoever listens, rests on these; what changed in between matches nothing."""
        for account in (*self.opening[-1:], *([] if self.asked is None else [self.asked])):
            rest_on(account, rests)

    def of(self, kind: str) -> Mapping[str, Any]:
        """The tables of one kind by name, in the file's order."""
        return Named(self, kind)

    def table(self, kind: str, name: str) -> Any:
        """One table.

        Parameters
        ----------
        kind : one of ``KINDS``.
        name : as in the file.

        Returns
        -------
        Table
            As its kind opens it.

        Raises
        ------
        KeyError
            When the city has none of this name.
        CivicastError
            When it cannot be opened, in one sentence.
        """
        section = self.sections[kind][name]
        with self.lock:
            try:
                if (kind, name) not in self.opened:
                    self.opened[kind, name] = self._open(section)
            finally:  # that it cannot be opened is known of its files too
                self._note(self.rests.get((kind, name), {}))
            return self.opened[kind, name]

    def _open(self, section: Section[Any]) -> Any:
        # The stamp before the files: what changes while they are read is read anew next time.
        self.opening.append({section.label: section_stamp(section)})
        try:
            return KINDS[section.kind].open(section, self)
        finally:
            self.rests[section.kind, section.name] = self.opening.pop()


@dataclass(frozen=True, eq=False)
class Named(Mapping[str, Any]):
    """The tables of one kind: their names are known, and each is opened when it is asked for."""

    tables: Tables
    kind: str

    def __getitem__(self, name: str) -> Any:
        return self.tables.table(self.kind, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables.sections.get(self.kind, {}))

    def __len__(self) -> int:
        return len(self.tables.sections.get(self.kind, {}))

    def __contains__(self, name: object) -> bool:
        return name in self.tables.sections.get(self.kind, {})
