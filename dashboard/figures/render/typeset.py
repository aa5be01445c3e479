"""Words in files: the fonts, how wide a text is, and where its lines break. Sizes and widths are pixels."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

__all__ = [
    "DPI",
    "SANS",
    "SANS_STRONG",
    "SERIF",
    "Face",
    "has_glyph",
    "literal",
    "path_of",
    "points",
    "width_of",
    "wrap",
]

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
def _advance(character: str, face: Face, size: float) -> float:
    drawn_by = [family for family in face if has_glyph(character, family)]
    # A character that no family has is drawn as a box; few letters are wider than an m.
    family, drawn = (drawn_by[0], character) if drawn_by else (face[0], "m")
    font = _font(family)
    font.set_size(points(size), DPI)
    return float(font.load_char(ord(drawn)).linearHoriAdvance) / 65536


def _font(family: str) -> FT2Font:
    return font_manager.get_font(font_manager.findfont(font_manager.FontProperties(family=[family])))


def path_of(family: str) -> Path:
    """The file of a family, for programs that draw words themselves."""
    return Path(font_manager.findfont(font_manager.FontProperties(family=[family])))


def has_glyph(character: str, family: str) -> bool:
    """Whether a family can draw a character.

    Parameters
    ----------
    character : one.
    family : one of a face.

    Returns
    -------
    False where another family of the face must draw it.
    """
    return bool(_font(family).get_char_index(ord(character)))


def width_of(text: str, *, face: Face, size: float) -> float:
    """The width of one line.

    Parameters
    ----------
    text : without a line break.
    face : whose first family that has a character draws it.
    size : of the letters, pixels.

    Returns
    -------
    Pixels.
    """
    return _width(text, face, size)


@lru_cache(maxsize=16_384)  # the same few thousand words stand in the sentences over all marks
def _width(text: str, face: Face, size: float) -> float:
    return sum(_advance(character, face, size) for character in text)


def wrap(text: str, *, width: float, face: Face, size: float) -> list[str]:
    """The text in lines; a word that is wider than a line is broken, nothing is left out.

    Parameters
    ----------
    text : of any length.
    width : of a line at most, pixels.
    face, size : as in ``width_of``.

    Returns
    -------
    At least one line.

    Examples
    --------
    >>> wrap("a b", width=1000, face=SANS, size=13)
    ['a b']
    """
    lines: list[str] = []
    line, reached = "", 0.0
    space = _advance(" ", face, size)
    for word in text.split(" "):
        wide = _width(word, face, size)
        if (reached + space if line else 0.0) + wide <= width:
            line, reached = (f"{line} {word}", reached + space + wide) if line else (word, wide)
            continue
        if line:
            lines.append(line)
        line, reached = word, wide
        while reached > width and len(line) > 1:
            cut = _longest(line, width=width, face=face, size=size)
            lines.append(line[:cut])
            line = line[cut:]
            reached = _width(line, face, size)
    return [*lines, line] if line or not lines else lines


def _longest(word: str, *, width: float, face: Face, size: float) -> int:
    reached = 0.0
    for index, character in enumerate(word):
        reached += width_of(character, face=face, size=size)
        if reached > width:
            return max(1, index)
    return len(word)
