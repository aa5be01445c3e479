"""Words in files: the fonts, how wide a text is, and where its lines break. Sizes and widths are pixels."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matplotlib import font_manager

__all__ = ["DPI", "SANS", "SANS_STRONG", "SERIF", "Face", "literal", "points", "width_of", "wrap"]

DPI = 100
FOLDER = Path(__file__).parent / "fonts"
Face = tuple[str, ...]  # families, the first that has a character draws it

_FILES = {
    "Source Sans Pro": "SourceSansPro-Regular.ttf",
    "Source Sans Pro Semibold": "SourceSansPro-Semibold.ttf",
    "Source Serif Pro Semibold": "SourceSerifPro-Semibold.ttf",
}


def _family(name: str) -> str:
    """Make a font known to matplotlib under a family of its own, so that no weight is chosen by guessing."""
    entry = font_manager.FontEntry(fname=str(FOLDER / _FILES[name]), name=name, style="normal", weight="normal")
    if entry not in font_manager.fontManager.ttflist:
        font_manager.fontManager.ttflist.append(entry)
    return name


SANS: Face = (_family("Source Sans Pro"), "DejaVu Sans")
SANS_STRONG: Face = (_family("Source Sans Pro Semibold"), "DejaVu Sans")
SERIF: Face = (_family("Source Serif Pro Semibold"), "DejaVu Sans")


def points(pixels: float) -> float:
    """A size in points, as matplotlib wants it."""
    return pixels * 72 / DPI


def literal(text: str) -> str:
    """Matplotlib takes what stands between two dollars for mathematics; names and money are neither."""
    return text.replace("$", r"\$")


@cache
def _advance(character: str, family: str, size: float) -> float:
    font = font_manager.get_font(font_manager.findfont(font_manager.FontProperties(family=[family])))
    font.set_size(points(size), DPI)
    known = font.get_char_index(ord(character))
    # A character that the font lacks comes from another one; few are wider than an m.
    return float(font.load_char(ord(character if known else "m")).linearHoriAdvance) / 65536


def width_of(text: str, *, face: Face, size: float) -> float:
    """The width of one line in pixels."""
    return sum(_advance(character, face[0], size) for character in text)


def wrap(text: str, *, width: float, face: Face, size: float) -> list[str]:
    """The text in lines of at most ``width``; a word that is wider than a line is broken, nothing is left out.

    >>> wrap("a b", width=1000, face=SANS, size=13)
    ['a b']
    """
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        candidate = f"{line} {word}" if line else word
        if width_of(candidate, face=face, size=size) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line, face=face, size=size) > width and len(line) > 1:
            cut = _longest(line, width=width, face=face, size=size)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line or not lines else lines


def _longest(word: str, *, width: float, face: Face, size: float) -> int:
    reached = 0.0
    for place, character in enumerate(word):
        reached += width_of(character, face=face, size=size)
        if reached > width:
            return max(1, place)
    return len(word)
