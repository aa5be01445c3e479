"""From a result to a figure: charts and maps as values, drawn on screen and into files."""
