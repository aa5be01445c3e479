"""Whether categories look like names of people, which no figure should show."""

from __future__ import annotations

import re

import pandas as pd

from data.provenance import Classification, Finding

__all__ = ["names_of_people"]

FEWEST = 10  # names; fewer may be like anything
NEARLY_UNIQUE = 0.5  # names to a row: kinds, streets and neighbourhoods come again and again, people seldom
MOST = 0.8  # of the names
PARTICLES = frozenset(re.findall(r"\w+", "al bin da das de del den der di dos du el la le ten ter van von y"))
# Words of what is called like a person and is none: streets, parts of towns, houses, shops and offices.
PLACES = frozenset(re.findall(r"\w+", """
    allee alley ave avenue bar bay beach blvd boulevard bridge building cafe calle camino center central centre chaussee
    church city clinic close club college corner court creek crescent cross district drive east end estate farm field
    fields forest garden gardens gate green grill grove hall harbor harbour heights highway hill hills hospital house
    inn island junction lake lane lawn library lodge lower market meadow meadows mews midtown mill mount museum new
    north office old parade park piazza place plaza plein point pont port quay rd restaurant ridge rise river road row
    rue san santa school shop shore side south springs square st station store strada strasse straße street terrace
    tower town uptown ulica upper valley via view village walk ward way west wharf wood woods yard
"""))  # fmt: skip


def names_of_people(categories: pd.Series, *, classification: Classification, label: str) -> tuple[Finding, ...]:
    """A finding where categories look like names of people: nearly one a row, of two to four capitalised words.

    Parameters
    ----------
    categories : one a row.
    classification : of the table; one that is personal already is guarded.
    label : how sentences name the table.

    Returns
    -------
    tuple of Finding
        One, or none. It names nobody.
    """
    distinct = categories.unique()
    if classification is Classification.PERSONAL or len(distinct) < max(FEWEST, NEARLY_UNIQUE * len(categories)):
        return ()
    alike = sum(_like_a_name(str(each)) for each in distinct)
    if alike < MOST * len(distinct):
        return ()
    return (Finding("names_of_people", label, {"names": alike, "categories": len(distinct)}),)


def _like_a_name(text: str) -> bool:
    if "," in text and text.isupper():  # the family's name first, as lists in capitals have it
        text = text.title()
    words = [word for word in text.replace(",", " ").split() if word.lower() not in PARTICLES]
    if not 2 <= len(words) <= 4 or any(word.lower().strip(".") in PLACES for word in words):
        return False
    return all(_capitalised(word) for word in words) and any(len(word.strip(".")) > 1 for word in words[1:])


def _capitalised(word: str) -> bool:
    parts = word.removesuffix(".").replace("’", "'").replace("-", "'").split("'")
    return all(part[:1].isupper() and (len(part) == 1 or part[1:].islower()) and part.isalpha() for part in parts)
