"""Sentences travel as codes and become text where they are shown, in the language of the moment."""

from __future__ import annotations

import pickle
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from analytics.errors import ScenarioError
from data.words import PSEUDO, Sentence, in_title_case, language, languages, say, text, use_language
from data.words.catalogue import template, templates
from data.words.numbers import as_numbers, as_plural

CARD = Sentence("errors.no_such_city", {"name": "atlantis", "cities": ["meridian"]})


def test_a_sentence_is_text_only_when_it_is_asked_for() -> None:
    assert str(CARD) == text(CARD) == say(CARD.code, CARD.evidence)
    assert "atlantis" in str(CARD)
    assert text("A name that somebody gave") == "A name that somebody gave"


def test_a_sentence_crosses_processes_and_is_equal_by_its_content() -> None:
    again = pickle.loads(pickle.dumps(CARD))  # noqa: S301 - made one line above
    assert again == CARD
    assert hash(again) == hash(CARD)
    assert Sentence(CARD.code, {"name": "troy", "cities": ["meridian"]}) != CARD


def test_a_sentence_in_the_evidence_is_told_in_the_same_language() -> None:
    inner = Sentence("words.points", {"number": 3})
    outer = Sentence("errors.no_such_city", {"name": inner, "cities": [inner]})
    assert str(outer).count("3 points") == 2
    with use_language(PSEUDO):
        assert str(outer).count("⟦3 póíñtš") == 2


def test_an_error_is_told_in_the_language_of_who_reads_it() -> None:
    error = ScenarioError("no_scenarios")
    plain = str(error)
    with use_language(PSEUDO):
        assert str(error) != plain
        assert str(error).startswith("⟦")
    assert str(error) == plain


def test_the_language_belongs_to_one_reader() -> None:
    with use_language(PSEUDO), ThreadPoolExecutor(1) as pool:
        assert language() == PSEUDO
        assert pool.submit(language).result() == "en"
    assert language() == "en"


def test_a_language_without_sentences_is_refused() -> None:
    with pytest.raises(KeyError, match="xx: there are sentences in en, qps"), use_language("xx"):
        pass
    assert languages() == ("en", PSEUDO)


@pytest.mark.parametrize("layer", ["data", "analytics", "dashboard"])
def test_the_pseudo_language_changes_words_and_nothing_else(layer: str) -> None:
    plain, pseudo = templates(layer, "en"), templates(layer, PSEUDO)
    assert plain.keys() == pseudo.keys()
    for code, told in plain.items():
        accented = pseudo[code]
        assert accented.startswith("⟦"), code
        assert accented.endswith("⟧"), code
        names = r"{(\w*)[^}]*}"
        assert re.findall(names, told) == re.findall(names, accented), code
        letters = len(re.sub(r"{[^}]*}|[^a-zA-Z]", "", told))
        assert accented.count("·") - told.count("·") == pytest.approx(letters / 3, abs=1), code


@pytest.mark.parametrize(("n", "written"), [(0, "0 areas"), (1, "1 area"), (2, "2 areas"), (1234, "1,234 areas")])
def test_a_count_takes_the_form_that_the_language_asks_for(n: int, written: str) -> None:
    assert as_plural(n, "area|areas") == written


def test_a_plural_must_name_every_form_that_the_language_has() -> None:
    with pytest.raises(ValueError, match="zip"):
        as_plural(2, "area")


def test_no_code_is_written_in_two_layers() -> None:
    codes = [code for layer in ("data", "analytics", "dashboard") for code in templates(layer, "en")]
    assert sorted(set(codes)) == sorted(codes)


def test_a_code_must_name_a_sentence_and_not_a_table_of_them() -> None:
    for code in ("words", "words.no_such_word", ""):
        with pytest.raises(KeyError):
            template(code)


@pytest.mark.parametrize(
    ("capitals", "name"),
    [
        ("19TH", "19th"),
        ("24TH AND MISSION", "24th And Mission"),
        ("21ST, 2ND, 3RD", "21st, 2nd, 3rd"),
        ("ST. PAUL", "St. Paul"),
    ],
)
def test_the_letters_behind_a_number_stay_small(capitals: str, name: str) -> None:
    assert in_title_case(capitals) == name


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 day"), (153, "153 days"), (729, "729 days"), (730, "2 years"), (9_465, "26 years")]
)
def test_an_age_is_in_days_and_from_two_years_on_in_years(days: int, words: str) -> None:
    assert say("overview.days_old", {"n": days}) == f"{words} old"


def test_numbers_of_a_column_have_as_many_decimals_as_its_greatest() -> None:
    assert as_numbers([38.16, 19.0, float("nan"), 0.04], none="–") == ["38.2", "19.0", "–", "0.0"]
    assert as_numbers([1234.5, 2.0], none="–") == ["1,234", "2"]
    assert as_numbers([6.0, 10.0, float("nan")], none="–") == ["6", "10", "–"]
    assert as_numbers([], none="–") == []
