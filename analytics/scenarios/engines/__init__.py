"""The engines, one a file; ``_template.py`` is where a new one begins."""
