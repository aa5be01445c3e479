"""The one style block: colours as CSS variables for both themes, and the classes of ``style.css`` and ``alone.css``."""

from __future__ import annotations

from pathlib import Path

from dashboard.figures.palette import Theme, colours

__all__ = ["cut_to_width", "style_block"]

ROLES = (
    "page", "surface", "ink", "ink2", "ink3", "primary", "on_primary", "link", "line", "hairline", "border",
    "today", "option_a", "option_b", "option_c", "fifth", "note", "caution", "caution_fill", "do_not_use",
    "seq2", "seq3", "seq5", "seq7", "seq9",
)  # fmt: skip


def style_block(theme: Theme, *, alone: bool = False) -> str:
    """The style element; variables hold both themes, so a switch of the theme needs no second page.

    Parameters
    ----------
    theme : that the browser shows.
    alone : whether one figure is shown and nothing else.
    """
    light, dark = colours("light"), colours("dark")
    variables = ";".join(f"--cc-{role}:light-dark({light[role]},{dark[role]})" for role in ROLES)
    # Dialogs live outside the app's own element, so the variables stand on the root.
    names = ["style.css", "alone.css"] if alone else ["style.css"]
    rules = "".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in names)
    return f"<style>:root{{color-scheme:{theme};{variables}}}{rules}</style>"


def cut_to_width(key: str, *, height: str) -> str:
    """A style that cuts an element to the height that it needs in a room of its width.

    Parameters
    ----------
    key : of the element.
    height : a length of CSS; 100cqw is the width of the room (a container whose key begins with ``room-``).
    """
    return f"<style>.st-key-{key}{{max-height:{height};overflow:hidden}}</style>"
