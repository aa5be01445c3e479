"""A bar that says how far work is."""

from __future__ import annotations

from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator

from dashboard import markup

__all__ = ["Bar"]


@dataclass(eq=False)
class Bar:
    """A bar and what it shows: sent when that has changed, as the browser goes over the whole page for each word that comes."""

    place: DeltaGenerator
    shown: tuple[float, str] | None = None

    def show(self, share: float, words: str) -> None:
        """Say how far the work is.

        Parameters
        ----------
        share : done, from 0 to 1.
        words : above the bar.
        """
        following = round(share, 2), words
        if following != self.shown:
            self.shown = following
            bar = self.place
            bar.progress(share, text=markup.label(words))
