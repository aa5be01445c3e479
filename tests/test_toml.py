"""What is wrong with a file in TOML is told by its line and what mends it, and never in the parser's own words."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from data.toml import NotToml, read_toml

TEMPLATE = Path("data/templates/city.toml")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("\nname = Riverside", "line 2, “name = Riverside”, has a value that is none: put text in quotes"),
        ("name = ", "line 1, “name =”, has a value that is none"),
        ("from = 2024-02-31", "has a date that there is not: write it like 2024-01-31"),
        ('name "x"', "has no = behind its key"),
        ("cost = 1,000", "goes on behind its value: write one key a line, and numbers without commas"),
        ("[city", "line 1, “[city”, opens a section and does not close it"),
        ("[[city]", "opens a section and does not close it"),
        ('name = "x', "line 1, “name = \"x”, opens quotes and does not close them"),
        ("name = 'x\nof = 'y'", "line 1, “name = 'x”, opens quotes and does not close them"),
        ('name = """x', "it ends before all is closed that it opens"),
        ("names = [1,", "it ends before all is closed that it opens"),
        ("names = [1\nof = 2", "opens a list or a table and does not close it"),
        ("columns = { of = 1", "opens a list or a table and does not close it: put the missing ] or } behind it"),
        (r'folder = "C:\data"', r"has a \ in its text: write \\, or put the text in 'single quotes'"),
        (r'folder = "C:\users"', r"has a \ in its text"),
        ("key = 1\nkey = 2", "line 2, “key = 2”, states again what stands above"),
        ("[city]\n[city]", "line 2, “[city]”, states again what stands above"),
        ("columns = { of = 1, of = 2 }", "states again what stands above"),
        ('name = "\x01"', "line 1, “name = \"\"”, has a character that cannot stand there"),
        ("é = 3", "begins with no key: write a name, = and a value"),
        ("[ ]", "begins with no key"),
        ("number = " + "1" * 5000, "it holds a number with thousands of digits: shorten it"),
        ("names = " + "[" * 3000, "it has brackets within brackets without end: take them out"),
        ("name = " + "x" * 500, f"line 1, “name = {'x' * 53}…”, has"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_its_line_and_what_mends_it(text: str, why: str) -> None:
    with pytest.raises(NotToml) as told:
        read_toml(text.encode())
    assert why in str(told.value.why)


def test_bytes_that_are_no_text_are_told_by_their_line() -> None:
    with pytest.raises(NotToml, match="line 2 holds bytes that are no text in UTF-8: save the file as UTF-8"):
        read_toml(b'name = "x"\nof = "\xff"')


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(end: str) -> None:
    content = f"\ufeff[city]{end}name = 'Tiny'{end}".encode()
    assert read_toml(content) == {"city": {"name": "Tiny"}}


def test_nothing_that_the_parser_says_is_left_unclear() -> None:
    """Each sign of the template left out once: what then cannot be read has a sentence of ours for it."""
    text = TEMPLATE.read_text(encoding="utf-8")
    lines = [line.removeprefix("# ") for line in text.splitlines() if " = " in line or "[" in line]
    refused = 0
    for line in lines:
        for at in range(len(line)):
            spoiled = line[:at] + line[at + 1 :]
            try:
                tomllib.loads(spoiled)
            except tomllib.TOMLDecodeError:
                refused += 1
                with pytest.raises(NotToml) as told:
                    read_toml(spoiled.encode())
                assert "cannot be understood" not in str(told.value.why), spoiled
    assert refused > 100
