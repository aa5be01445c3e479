"""What the first page of a server would wait for, done while the browser of its visitor still loads the app."""

from __future__ import annotations

import importlib
import inspect
import threading

from data.words import usual_language
from data.words.catalogue import LAYERS, templates

__all__ = ["begin", "warm"]

WITH_A_FIGURE = ("plotly.io", "plotly.tools", "pyarrow.pandas_compat")  # what Streamlit loads as it sends the first


def begin() -> threading.Thread:
    """Begin it in a thread of its own: the server answers meanwhile."""
    thread = threading.Thread(target=warm, name="warming", daemon=True)
    thread.start()
    return thread


def warm() -> None:
    """Load the sentences of all layers, and what Streamlit comes to with the first element and the first figure of a process."""
    # It asks who called it, and the first such question goes through all modules that there are.
    inspect.stack()
    for layer in LAYERS:
        templates(layer, usual_language())
    for name in WITH_A_FIGURE:
        importlib.import_module(name)
