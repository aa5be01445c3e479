"""What of a text was never a sentence of ours: found by writing every sentence in the pseudo-language.

In it each vowel and a few consonants of ours bear an accent. A plain word with such a letter that is neither the city's
data nor Babel's (dates, lists) is thus English that was written into code, or made where the reader's language was not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from babel import Locale
from babel.dates import get_day_names, get_month_names

from data import City
from data.words.catalogue import ACCENTED

__all__ = ["KEYS", "STREAMLITS", "data_words", "texts_of", "unsaid"]

NAMES = {"Civicast", "EPSG"}
# What Streamlit itself says: on its own buttons, and to screen readers.
STREAMLITS = {
    "App pages", "Choose an option", "Choose date", "Clear value", "Expand sidebar", "Help for", "Homepage", "Logo",
    "Clear all", "Copy to clipboard", "Decrement", "Increment", "Navigate to home page", "Remove", "Selected values", "file upload",
    "folder_open", "lightbulb", "Open", "Upload", "per file", "TOML", "day", "month", "year",
    "start", "end", "info", "yyyy",
}  # fmt: skip
KEYS = {
    "Shift",
    "PageUp",
    "PageDown",
    "Left",
    "Right",
    "Up",
    "Down",
    "Home",
    "End",
}  # of the keyboard, in every language
PLAIN = "".join(chr(letter) for letter in ACCENTED)
# Up to the end of its sentence: on paper it is broken into lines. A page that nobody serves has only what is asked of it.
ADDRESS = re.compile(r"(?:https?://|\?language=)[^·⟧]*")
SNAPSHOT = re.compile(r"(?<= )[0-9a-f]{6,16}(?=[.,; ])")  # one in hundreds has letters alone
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
TAG = re.compile(r"<style\b.*?</style>|<[^>]*>", re.DOTALL)
HEARD = re.compile(r'\b(?:aria-label|title|alt)="([^"]*)"')
READ = (
    "label",
    "body",
    "help",
    "placeholder",
    "text",
    "options",
    "caption",
    "title",
    "alt",
)  # of what Streamlit is told
MARKED = re.compile(
    r":material/\w+:|[\\\u2060]|[*`]"
)  # icons, what keeps markdown from reading a sign, and its own signs


def data_words(city: City) -> frozenset[str]:
    """What a city's own files call things: never translated."""
    tables = [
        table for kind in ("series", "incidents", "drivers", "requests") for table in getattr(city, kind).values()
    ]
    found = {city.name, city.key, city.currency, *NAMES}
    for table in tables:
        found |= {table.title, getattr(table, "unit", ""), *map(str, getattr(table, "categories", ()))}
    for name, layer in city.areas.items():
        found |= {name, *layer.frame["name"].astype(str)}
    for table in city.provenances:
        found |= {each for each in (table.name, table.origin, table.licence) if isinstance(each, str)}
    found |= {target.title for target in city.targets.values()}
    found |= {
        table.title
        for kind in ("sites", "desks", "crews", "costs", "regions", "waters")
        for table in city.of(kind).values()
    }
    found |= {str(name) for table in city.of("sites").values() for name in table.frame["name"]}
    found |= roads_words(city)
    found |= {each.replace("_", " ") for each in found}
    return frozenset(each for each in found if len(each) > 1)


def roads_words(city: City) -> set[str]:
    """What its roads, trips, counters and signals are called."""
    found = {each.title for kind in ("networks", "trips", "counters", "junctions") for each in city.of(kind).values()}
    found |= {text for trips in city.of("trips").values() for text in (str(trips.hours), *map(str, trips.zones.index))}
    for network in city.networks.values():
        if network.routes:
            found |= {*network.links["name"].astype(str), *network.links["kind"].astype(str)}
    for table in city.of("junctions").values():
        found |= {*table.frame["name"].astype(str), *table.corridors, *table.movements["approach"].astype(str)}
    return found


def unsaid(texts: Iterable[str], known: Iterable[str], *, broken: bool = False) -> list[str]:
    """A line for each text that holds a word which is neither of the pseudo-language nor known; one with a digit is a code.

    Parameters
    ----------
    texts : as people read them.
    known : phrases that are data, in any case of letters.
    broken : whether a narrow column may break a word of the data in two, as on paper.
    """
    phrases = [(_letters(each), each) for each in sorted({*known, *_babels()}, key=len, reverse=True)]
    found = {text: _foreign(text, phrases, broken=broken) for text in dict.fromkeys(texts)}
    return [f"{', '.join(words)} in: {text}" for text, words in found.items() if words]


def _foreign(text: str, phrases: Iterable[tuple[str, str]], *, broken: bool) -> list[str]:
    rest = SNAPSHOT.sub(" ", ADDRESS.sub(" ", text))
    letters = _letters(rest)
    for needed, phrase in phrases:
        # Of hundreds of phrases a text holds a few, and to look for letters costs a fraction of looking for words.
        if needed in letters:
            pattern = r"\s?".join(map(re.escape, phrase)) if broken else re.escape(phrase)
            rest = re.sub(rf"(?<!\w){pattern}(?!\w)", " ", rest, flags=re.IGNORECASE)
            letters = _letters(rest)
    words = [word for word in WORD.findall(rest) if not any(character.isdigit() for character in word)]
    return [word for word in words if len(word) > 1 and word.isascii() and any(letter in PLAIN for letter in word)]


def _letters(text: str) -> str:
    return "".join(text.split()).casefold()


def _babels() -> set[str]:
    locale = Locale.parse("en_GB")
    names = set(locale.list_patterns["standard"]["end"].replace("{0}", "").replace("{1}", "").split())
    for width in ("wide", "abbreviated", "short"):
        names |= set(get_day_names(width, locale=locale).values())
        names |= set(get_month_names("abbreviated" if width == "short" else width, locale=locale).values())
    return names


def texts_of(nodes: Iterable[Any]) -> list[str]:
    """What a page without a browser says, to who reads it and to who hears it, widgets and what popovers hold included.

    Parameters
    ----------
    nodes : of a page's tree, as Streamlit's tests have it.

    Returns
    -------
    list
        Texts without their tags; figures, which draw their own, are left out.
    """
    found: dict[str, None] = {}
    for node in nodes:
        if node.type in ("plotly_chart", "code") or getattr(node, "proto", None) is None:
            continue
        for each in _strings(node.proto):
            heard = HEARD.findall(each)
            for part in (*heard, *TAG.split(each)) if node.type in ("html", "markdown") else (each,):
                if words := MARKED.sub("", unescape(part)).strip():
                    found[words] = None
    return list(found)


def _strings(proto: Any) -> Iterator[str]:
    for field, value in proto.ListFields():
        for each in value if field.is_repeated else (value,):
            if field.message_type is not None:
                yield from () if field.message_type.GetOptions().map_entry else _strings(each)
            elif isinstance(each, str) and field.name in READ:
                yield each
