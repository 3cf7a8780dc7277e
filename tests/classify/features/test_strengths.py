import pytest

from classify.features.strengths import (
    BODY_WEIGHT,
    LEAD_WEIGHT,
    TAIL_STARTS,
    TAIL_WEIGHT,
    TITLE_WEIGHT,
    lexicon_confidence,
    strengths_by_field,
    topic_strengths,
)
from classify.text.lexicons import Lexicons
from classify.text.reading import read
from classify.types import Document


def strengths(lexicons: Lexicons, title: str, text: str = "") -> dict[str, float]:
    return topic_strengths(read(Document(title, text, "en"), "en", lexicons.get("en")))


@pytest.mark.parametrize(
    ("title", "text", "weight"),
    [
        ("Trade", "", TITLE_WEIGHT),
        ("", "Trade.", LEAD_WEIGHT),
        ("", "word " * 100 + "trade", BODY_WEIGHT),
        ("", "word " * (TAIL_STARTS // 5 + 1) + "trade", TAIL_WEIGHT),
    ],
)
def test_a_term_counts_by_where_it_stands(lexicons: Lexicons, title: str, text: str, weight: float) -> None:
    assert strengths(lexicons, title, text) == {"economy": pytest.approx(weight)}


def test_a_longer_term_is_more_specific(lexicons: Lexicons) -> None:
    assert strengths(lexicons, "GDP growth")["economy"] == pytest.approx(1.35 * TITLE_WEIGHT)


def test_repeats_count_by_their_root(lexicons: Lexicons) -> None:
    assert strengths(lexicons, "", "trade trade trade trade")["economy"] == pytest.approx(2 * LEAD_WEIGHT)


def test_the_headline_is_told_apart(lexicons: Lexicons) -> None:
    reading = read(Document("Trade", "A football match.", "en"), "en", lexicons.get("en"))
    whole, title = strengths_by_field(reading)
    assert (set(whole), set(title)) == ({"economy", "sport"}, {"economy"})


def test_little_evidence_is_little_confidence() -> None:
    assert lexicon_confidence({"sport": 0.5})["sport"] < 0.2 < lexicon_confidence({"sport": 5.0})["sport"] < 1
    assert lexicon_confidence({}) == {}
    assert sum(lexicon_confidence({"a": 9.0, "b": 1.0}).values()) < 1
