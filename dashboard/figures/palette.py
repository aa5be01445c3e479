"""Colours by role, for light and dark pages. No chart, map or page names a colour itself.

Roles, and the contrast that they must keep on the page and on the surface (WCAG 2.2): text 4.5, graphics 3.
Options are told apart by shape and name too; severities by shape and word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from analytics.results import Severity

__all__ = [
    "BASELINE_LOOK", "DIVERGING", "GRAPHIC_ROLES", "OPTION_LOOKS", "SEQUENTIAL", "SEVERITY_ROLES", "TEXT_ROLES",
    "Look", "Theme", "colours", "contrast", "option_looks",
]  # fmt: skip

Theme = Literal["light", "dark"]
Shape = Literal["circle", "square", "diamond", "triangle", "cross"]


class Look(NamedTuple):
    """How an option is recognised wherever it is shown: a role of the palette and a shape."""

    role: str
    shape: Shape


BASELINE_LOOK = Look("today", "circle")
OPTION_LOOKS = (Look("option_a", "square"), Look("option_b", "diamond"), Look("option_c", "triangle"))
SEVERITY_ROLES = {Severity.DO_NOT_USE: "do_not_use", Severity.CAUTION: "caution", Severity.NOTE: "note"}

TEXT_ROLES = (
    "ink", "ink2", "ink3", "primary", "link", "today", "option_a", "option_b", "option_c", "fifth",
    "note", "caution", "do_not_use",
)  # fmt: skip
GRAPHIC_ROLES = (*TEXT_ROLES, "better", "worse", "median")
SEQUENTIAL = tuple(f"seq{step}" for step in range(1, 11))
DIVERGING = tuple(f"div{step}" for step in range(1, 11))

_LIGHT = {
    "page": "#FFFFFF", "surface": "#F4F6F7", "ink": "#16232C", "ink2": "#465661", "ink3": "#5D6C77",
    "primary": "#0B5D87", "on_primary": "#FFFFFF", "link": "#0B5D87", "line": "#D5DDE2", "hairline": "#E6EBEE",
    "today": "#65727B", "option_a": "#185CBF", "option_b": "#A05200", "option_c": "#5A2169", "fifth": "#00573D",
    "note": "#4A6272", "caution": "#8A5800", "caution_fill": "#FBF3E2", "do_not_use": "#A31F2B",
    "too_close": "#DDE2E6", "border": "#B9C3C9", "water": "#9DB9BC",
}  # fmt: skip
_DARK = {
    "page": "#10181E", "surface": "#18222A", "ink": "#E9EEF1", "ink2": "#B4C0C8", "ink3": "#94A3AD",
    "primary": "#6DB9E4", "on_primary": "#10181E", "link": "#7CC4EC", "line": "#33424D", "hairline": "#24313A",
    "today": "#98A5AE", "option_a": "#5B9BEA", "option_b": "#E0913D", "option_c": "#F3B5F5", "fifth": "#63E6B0",
    "note": "#A3B6C2", "caution": "#E0B050", "caution_fill": "#33291A", "do_not_use": "#F2858C",
    "too_close": "#333F48", "border": "#4A5A66", "water": "#4F7276",
}  # fmt: skip
_LIGHT_SEQUENTIAL = "#EEF4F7 #D9E7EE #BFD8E4 #A1C6D8 #80B2CB #5D9CBC #3B85AB #1A6D97 #0B567C #073C58"
_DARK_SEQUENTIAL = "#182A35 #1D3A4A #214B61 #255D79 #2A7093 #3B86AC #5C9EC0 #83B7D2 #AED0E2 #DCEBF3"
# Worse to better; the same ten colours as the theme's.
_LIGHT_DIVERGING = "#7A3B00 #A05A14 #C5823F #E0B07F #F3DEC6 #D3E4F0 #9CC3DF #5E9BC9 #2B72AE #0E4A85"
_DARK_DIVERGING = "#FFC78A #E39A4F #B57430 #7A5128 #3B2F25 #22333F #2B5674 #3C7EAD #6DA8DA #B2D6F5"


def _complete(named: dict[str, str], sequential: str, diverging: str) -> Mapping[str, str]:
    roles = dict(named)
    roles |= dict(zip(SEQUENTIAL, sequential.split(), strict=True))
    roles |= dict(zip(DIVERGING, diverging.split(), strict=True))
    # Roles that say what a colour means where it is used, so that a chart need not know which step of a scale that is.
    roles |= {"band95": roles["seq2"], "band80": roles["seq3"], "band50": roles["seq5"], "median": roles["seq9"]}
    roles |= {"better": roles["option_a"], "worse": roles["option_b"], "flagged": roles["seq9"]}
    return MappingProxyType(roles)


_THEMES: Mapping[str, Mapping[str, str]] = {
    "light": _complete(_LIGHT, _LIGHT_SEQUENTIAL, _LIGHT_DIVERGING),
    "dark": _complete(_DARK, _DARK_SEQUENTIAL, _DARK_DIVERGING),
}


def colours(theme: Theme) -> Mapping[str, str]:
    """The hexadecimal colour of every role in a theme.

    >>> colours("light")["ink"], colours("dark")["page"]
    ('#16232C', '#10181E')
    """
    return _THEMES[theme]


def option_looks(scenarios: Sequence[str], *, baseline: str) -> Mapping[str, Look]:
    """The colour and shape of each scenario by name: today's grey circle, then square, diamond, triangle in order.

    Parameters
    ----------
    scenarios : names in the order in which they are compared.
    baseline : one of them.

    Returns
    -------
    The look of the baseline and of each option. Beyond three the colours come again with other shapes, so that no option is
    told by its colour alone.

    Raises
    ------
    ValueError
        When there are more options than pairs of a colour and a shape.

    Examples
    --------
    >>> option_looks(["Today", "A", "B"], baseline="Today")["B"]
    Look(role='option_b', shape='diamond')
    """
    options = [name for name in scenarios if name != baseline]
    kinds = len(OPTION_LOOKS)
    if len(options) > kinds**2:
        raise ValueError(f"{len(options)} options cannot be told apart: draw at most {kinds**2}")
    looks = [
        Look(OPTION_LOOKS[index % kinds].role, OPTION_LOOKS[(index + index // kinds) % kinds].shape)
        for index in range(len(options))
    ]
    return {baseline: BASELINE_LOOK, **dict(zip(options, looks, strict=True))}


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, as WCAG 2.2 defines it.

    Parameters
    ----------
    first, second : hexadecimal, in any order.

    Returns
    -------
    1 to 21.

    Examples
    --------
    >>> round(contrast("#FFFFFF", "#000000"))
    21
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[position : position + 2], 16) / 255 for position in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
