"""What we show: views in a browser, figures in files."""

from data.words import add_layer as _add_layer

_add_layer("dashboard")
