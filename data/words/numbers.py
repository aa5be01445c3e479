"""Numbers, dates and lists as people read them, by Babel in the reader's language."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from babel.dates import format_date, format_skeleton, format_time, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal

from data.words.catalogue import template
from data.words.language import language, locale

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MINUS",
    "NARROW",
    "as_count",
    "as_date",
    "as_day",
    "as_hour",
    "as_list",
    "as_month",
    "as_number",
    "as_numbers",
    "as_percent",
    "as_plural",
    "as_points",
    "as_short",
    "as_short_date",
    "as_spelled",
    "as_weekday",
    "in_short",
    "in_title_case",
]

_ORDINAL = re.compile(r"(?<=\d)(?:St|Nd|Rd|Th)\b")  # which str.title takes for a word of its own
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
NARROW = "\u202f"  # the narrow no-break space that stands between a number and its unit
MINUS = "\u2212"
# Unicode's plural categories in its own order; a language uses some of them, and always "other".
MOST_SPELLED = 12
CATEGORIES = ("zero", "one", "two", "few", "many", "other")


def as_count(value: float) -> str:
    """A whole number with thousands separators: ``2,914``."""
    return _unknown() if _missing(value) else _decimal(round(value), places=0)


def as_short(value: float) -> str:
    """A whole number that is taken in at a glance: as ``as_count`` up to a million, then ``3.37 million`` or ``1.2 billion``."""
    if _missing(value):
        return _unknown()
    for least, word in ((1e9, "billions"), (1e6, "millions")):
        if abs(value) >= least * (1 - 5e-4):  # what rounds to a million is one
            return template(f"words.{word}", language()).format(number=as_number(value / least))
    return as_count(value)


def as_number(value: float) -> str:
    """At most three digits that matter: ``0.0123``, ``12.3``, ``1,230``.

    >>> as_number(0.012345), as_number(12.345), as_number(1234.5)
    ('0.0123', '12.3', '1,230')
    """
    if _missing(value):
        return _unknown()
    if value == 0:
        return "0"
    places = 2 - math.floor(math.log10(abs(value)))
    return _decimal(round(value, places), places=max(0, places))


def as_numbers(values: Iterable[float], *, none: str) -> list[str]:
    """The numbers of a column, all with as many decimals as the greatest of them has digits that matter, or none.

    Parameters
    ----------
    values : of the column.
    none : stands where there is no number.

    Returns
    -------
    list
        One text a number.

    Examples
    --------
    >>> as_numbers([38.16, 19.0, float("nan")], none="–")
    ['38.2', '19.0', '–']
    """
    numbers = list(values)
    most = max((abs(each) for each in numbers if not _missing(each)), default=0.0)
    whole = all(_missing(each) or float(each).is_integer() for each in numbers)
    places = 0 if whole or not most else max(0, 2 - math.floor(math.log10(most)))
    return [none if _missing(each) else _written(round(each, places), places, language(), "0") for each in numbers]


def as_percent(share: float, *, digits: int = 2) -> str:
    """A share as per cent: ``0.09`` gives ``9 %``, ``0.0123`` gives ``1.2 %``; 100 % is never made by rounding.

    Parameters
    ----------
    share : 1 is 100 %.
    digits : how many digits that matter.

    Returns
    -------
    The number, a narrow space and the sign; ``unknown`` where there is no number.
    """
    if _missing(share):
        return _unknown()
    percent = 100 * share
    if 99 < abs(percent) < 100:
        text = _decimal(math.copysign(math.floor(abs(percent) * 10) / 10, percent), places=1)
    else:
        text = _in_hundreds(percent, digits=digits)
    return text + NARROW + "%"


def as_points(difference: float) -> str:
    """A difference of shares in percentage points, two digits that matter: ``0.012`` gives ``1.2 points``."""
    if _missing(difference):
        return _unknown()
    return template("words.points", language()).format(number=_in_hundreds(100 * difference, digits=2))


def as_date(value: Any) -> str:
    """``20 March 2026``, with the hour where there is one."""
    stamp = _stamp(value)
    if math.isnan(stamp.year):  # pandas' own word for no time
        return _unknown()
    day = format_date(stamp, "long", locale=locale())
    return f"{day}, {format_time(stamp, 'short', locale=locale())}" if (stamp.hour or stamp.minute) else day


def as_day(value: Any) -> str:
    """``20 March``, where the year stands beside it."""
    return format_skeleton("MMMMd", _stamp(value), locale=locale())


def as_month(value: Any) -> str:
    """``March 2026``."""
    return format_date(_stamp(value), "MMMM y", locale=locale())


def as_short_date(value: Any, *, part: Literal["hour", "day", "month", "year"]) -> str:
    """A date as it stands beside a tick: ``06:00``, ``31 Dec``, ``Dec`` or ``2026``.

    Parameters
    ----------
    value : anything that pandas takes for a time.
    part : the finest part that is written.

    Returns
    -------
    As few words as the language has for it.
    """
    skeleton = {"hour": "Hm", "day": "MMMd", "month": "MMM", "year": "y"}[part]
    return format_skeleton(skeleton, _stamp(value), locale=locale())


def as_hour(value: Any) -> str:
    """``01:00``."""
    return as_short_date(value, part="hour")


def as_weekday(number: int, *, short: bool = False) -> str:
    """``Monday``, or ``Mo`` where it is short.

    Parameters
    ----------
    number : 0 is Monday, 6 is Sunday.
    short : as few letters as the language has for a day.

    Returns
    -------
    The name as it stands alone.
    """
    return str(get_day_names("short" if short else "wide", "stand-alone", locale=locale())[number])


def in_title_case(name: str) -> str:
    """A name whose words begin with a capital; the letters behind a number stay small.

    >>> in_title_case("19TH DISTRICT"), in_title_case("o'hare")
    ('19th District', "O'Hare")
    """
    return _ORDINAL.sub(lambda found: found.group().lower(), name.title())


def in_short(value: Any, *, most: int = 160) -> str:
    """What is written somewhere, on one line; of a long text the beginning.

    Parameters
    ----------
    value : written by ``str``.
    most : how many letters are left.

    Returns
    -------
    The text, without line breaks.

    Examples
    --------
    >>> in_short("a\\nb"), in_short("x" * 9, most=5)
    ('a b', 'xxxx…')
    """
    words = _BREAKS.sub(" ", str(value))
    return words if len(words) <= most else words[: most - 1] + "…"


def as_list(values: Iterable[Any], *, most: int = 8) -> str:
    """``a, b and c``; of a long list the first few and how many more.

    Parameters
    ----------
    values : each is written in short.
    most : how many are named.

    Returns
    -------
    One phrase, or the word for none.
    """
    words = [in_short(value) for value in values]
    if len(words) > most:
        words = [*words[:most], template("words.more", language()).format(n=as_count(len(words) - most))]
    return format_list(words, locale=locale()) if words else template("words.none", language())


def as_plural(n: float, forms: str) -> str:
    """A count with the form that it takes: 1 with ``area|areas`` gives ``1 area``, 3 gives ``3 areas``.

    Parameters
    ----------
    n : how many.
    forms : one for each plural category that the language has, in Unicode's order, separated by ``|``.

    Returns
    -------
    The count and its form.
    """
    rule = locale().plural_form
    used = [category for category in CATEGORIES if category in {*rule.tags, "other"}]
    by_category = dict(zip(used, forms.split("|"), strict=True))
    return f"{as_count(n)} {by_category[rule(n)]}"


def as_spelled(n: int, forms: str, *, first: bool = False) -> str:
    """A count as ``as_plural`` writes it, in words up to twelve where the language has them: of headlines.

    Parameters
    ----------
    n : how many.
    forms : as there.
    first : whether it begins a sentence.

    Returns
    -------
    The count and its form.

    Examples
    --------
    >>> as_spelled(3, "target is|targets are", first=True)
    'Three targets are'
    >>> as_spelled(13, "target is|targets are")
    '13 targets are'
    """
    plain = as_plural(n, forms)
    if not 0 < n <= MOST_SPELLED:
        return plain
    word = template(f"words.number_{n}", language())
    return (word[:1].upper() + word[1:] if first else word) + plain.removeprefix(as_count(n))


def _in_hundreds(percent: float, *, digits: int) -> str:
    places = 0 if percent == 0 else max(0, min(3, digits - 1 - math.floor(math.log10(abs(percent)))))
    return _decimal(round(percent, places), places=places)


def _decimal(value: float, *, places: int) -> str:
    return _written(value, places, language())


@lru_cache(maxsize=16_384)  # the sentences over the marks of a page hold some thousand numbers, at each step the same
def _written(value: float, places: int, code: str, digit: str = "#") -> str:
    text = format_decimal(value, format="#,##0" + ("." + digit * places if places else ""), locale=locale())
    return ("0" if text == "-0" else text).replace("-", MINUS)


def _unknown() -> str:
    return template("words.unknown", language())


def _stamp(value: Any) -> pd.Timestamp:
    """A time as pandas has it, which is loaded for the first: a command that says a sentence begins without."""
    import pandas as pd

    return pd.Timestamp(value)


def _missing(value: float) -> bool:
    return value is None or not math.isfinite(value)
