"""Maps of where incidents concentrate, judged on later data."""
