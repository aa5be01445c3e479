"""The kinds of table that a city may have, one a file."""
