"""A page that grows downwards: words, rules, tags and numbered notes at pixel positions, then drawn at once."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle
from matplotlib.transforms import Affine2D, Transform

from analytics.results import Caveat
from dashboard.figures.palette import SEVERITY_ROLES, colours
from dashboard.figures.render.typeset import SANS, SANS_STRONG, Face, literal, points, width_of, wrap

__all__ = ["EDGE", "Page"]

EDGE = 28.0  # pixels around the picture
INDENT = 30.0  # of a note's words, right of its number
RADIUS = 9.5  # of a note's ring
TAG_SIZE, NOTE_SIZE, NUMBER_SIZE = 13.0, 14.0, 12.0


class Page:
    """Collects what is to be drawn from the top down; ``height`` is known before anything is drawn."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.height = EDGE
        self._palette = colours("light")
        self._pieces: list[Callable[[Figure], object]] = []

    @property
    def inner(self) -> float:
        """The width between the edges, pixels."""
        return self.width - 2 * EDGE

    def take(self, height: float) -> float:
        """Keep a strip of this height free; its top is returned."""
        top = self.height
        self.height += height
        return top

    def space(self, height: float) -> None:
        """Leave some room."""
        self.height += height

    def write(self, text: str, *, face: Face, size: float, role: str, leading: float, left: float = 0.0) -> None:
        """A paragraph, broken into lines of the page's width."""
        for line in wrap(text, width=self.inner - left, face=face, size=size):
            self._words(EDGE + left, self.take(leading) + leading / 2, line, face=face, size=size, role=role)

    def rule(self) -> None:
        """A hairline across the page, with room below."""
        y = self.take(12)
        self._pieces.append(
            lambda figure: figure.add_artist(
                Line2D([EDGE, self.width - EDGE], [y, y], color=self._palette["line"], linewidth=points(1))
            ).set_transform(self._pixels(figure))
        )

    def tag(self, text: str) -> None:
        """A marking in a box, before everything else."""
        top, wide = self.take(30), width_of(text, face=SANS_STRONG, size=TAG_SIZE) + 14
        box = (EDGE, top, wide, 22.0)
        self._pieces.append(lambda figure: self._box(figure, box, fill="caution_fill", edge="caution"))
        self._words(EDGE + 7, top + 11, text, face=SANS_STRONG, size=TAG_SIZE, role="caution")

    def note(self, number: int, caveat: Caveat) -> None:
        """A caveat: its number in the shape of its severity, the sentence, and the numbers behind it."""
        role = SEVERITY_ROLES[caveat.severity]
        centre = (EDGE + RADIUS + 1, self.height + 10)
        self._pieces.append(lambda figure: self._ring(figure, centre, role))
        ink = "page" if role == "do_not_use" else role
        self._words(*centre, str(number), face=SANS_STRONG, size=NUMBER_SIZE, role=ink, centred=True)
        word = caveat.severity_word
        self._words(EDGE + INDENT, self.height + 10, word, face=SANS_STRONG, size=NOTE_SIZE, role=role)
        first = width_of(f"{word} ", face=SANS_STRONG, size=NOTE_SIZE)
        self._after(caveat.message, first)
        self.write(caveat.detail, face=SANS, size=13, role="ink3", leading=18, left=INDENT)
        self.space(8)

    def _after(self, text: str, first: float) -> None:
        """A paragraph whose first line begins after a word of width ``first``."""
        width = self.inner - INDENT
        # Spaces as wide as the word let the first line break where it must; they are not drawn.
        opening = wrap(text, width=width - first, face=SANS, size=NOTE_SIZE)[0]
        self._words(EDGE + INDENT + first, self.take(20) + 10, opening, face=SANS, size=NOTE_SIZE, role="ink")
        rest = text[len(opening) :].lstrip()
        if rest:
            self.write(rest, face=SANS, size=NOTE_SIZE, role="ink", leading=20, left=INDENT)

    def draw(self, figure: Figure) -> None:
        """Put everything collected onto a figure of this page's size."""
        for piece in self._pieces:
            piece(figure)

    def _words(
        self, x: float, y: float, text: str, *, face: Face, size: float, role: str, centred: bool = False
    ) -> None:
        self._pieces.append(
            lambda figure: figure.text(
                x / self.width,
                1 - y / self.height,
                literal(text),
                fontfamily=list(face),
                fontsize=points(size),
                color=self._palette[role],
                ha="center" if centred else "left",
                # Lines of one size must share a baseline whether or not they hold a descender.
                va="center_baseline",
            )
        )

    def _ring(self, figure: Figure, centre: tuple[float, float], role: str) -> None:
        x, y = centre
        grave = role == "do_not_use"
        fill = role if grave else "caution_fill" if role == "caution" else "page"
        shape = Rectangle((x - RADIUS, y - RADIUS), 2 * RADIUS, 2 * RADIUS) if grave else Circle((x, y), RADIUS)
        shape.set(facecolor=self._palette[fill], edgecolor=self._palette[role], linewidth=points(1.4))
        shape.set_transform(self._pixels(figure))
        figure.add_artist(shape)

    def _box(self, figure: Figure, box: tuple[float, float, float, float], *, fill: str, edge: str) -> None:
        left, top, wide, high = box
        figure.add_artist(
            FancyBboxPatch(
                (left, top),
                wide,
                high,
                boxstyle="round,pad=0,rounding_size=4",
                facecolor=self._palette[fill],
                edgecolor=self._palette[edge],
                linewidth=points(1),
                transform=self._pixels(figure),
            )
        )

    def _pixels(self, figure: Figure) -> Transform:
        """Pixels from the top left corner, as shares of the figure: vector files count in other units."""
        return Affine2D().scale(1 / self.width, -1 / self.height).translate(0, 1) + figure.transFigure
