"""The only two places that draw: plotly for the screen, matplotlib for files."""
