"""What is happening, beside the range that was expected, and how fresh is what we know?"""

from __future__ import annotations

from dashboard.shell.controls import chosen_request
from dashboard.shell.parts import as_ready
from dashboard.views.overview.known import read_back
from dashboard.views.overview.page import Places, parts_of


def show() -> None:
    """Draw the view: what is kept at once, and each other part as it is ready."""
    request = chosen_request()
    known = read_back(request)
    places = Places.laid_out()
    places.draw(known)
    parts = parts_of(request, known, places)

    def look() -> None:
        places.draw_ranges(request, known)

    for name, result in as_ready(parts, meanwhile=look):
        known = known.having(name, result).compared(request)
        parts |= {key: part for key, part in parts_of(request, known, places).items() if key not in parts}
        places.draw(known)
    places.take_along(request, known)
