"""Words: sentences that travel as a code and its evidence, and become text where they are shown, in the reader's language."""

from data.words.catalogue import add_layer, knows
from data.words.language import PSEUDO, known_language, language, languages, use_language, usual_language
from data.words.numbers import (
    MINUS,
    NARROW,
    as_count,
    as_date,
    as_day,
    as_hour,
    as_list,
    as_month,
    as_number,
    as_numbers,
    as_percent,
    as_points,
    as_short,
    as_short_date,
    as_weekday,
    in_title_case,
)
from data.words.sentence import Sentence, Words, say, text

__all__ = [
    "MINUS",
    "NARROW",
    "PSEUDO",
    "Sentence",
    "Words",
    "add_layer",
    "as_count",
    "as_date",
    "as_day",
    "as_hour",
    "as_list",
    "as_month",
    "as_number",
    "as_numbers",
    "as_percent",
    "as_points",
    "as_short",
    "as_short_date",
    "as_weekday",
    "in_title_case",
    "known_language",
    "knows",
    "language",
    "languages",
    "say",
    "text",
    "use_language",
    "usual_language",
]
