"""The commands of ``python -m analytics``, one a file: each has ``add``, which adds it to the parser."""
