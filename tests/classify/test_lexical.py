import pytest
from tests_support.articles import TOPICS

from classify import lexical
from classify.text.lexicons import Lexicons
from classify.text.reading import Reading, read
from classify.types import Document, Relevance


def reading(lexicons: Lexicons, title: str, text: str = "", language: str = "en") -> Reading:
    return read(Document(title, text, language), language, lexicons.get(language))


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Vietnam trade grows", "Vietnam sold more. Hanoi is pleased.", "central"),
        ("Rice of Vietnam", "Stocks rose. " * 100, "substantial"),
        ("Markets today", "Stocks rose. " * 60 + "Vietnam was flat.", "passing"),
        ("Markets today", "Stocks rose.", "none"),
        ("A film of the Vietnam War", "It is long. " * 30, "none"),
    ],
)
def test_relevance_goes_by_where_the_country_is_named(
    lexicons: Lexicons, title: str, text: str, expected: Relevance
) -> None:
    found, sure = lexical.relevance(reading(lexicons, title, text))
    assert found == expected
    assert 0 < sure < 1


def test_a_vietnamese_text_is_domestic_unless_only_others_are_named(lexicons: Lexicons) -> None:
    home = lexical.relevance(reading(lexicons, "Hai xe tông nhau", "Một người bị thương.", "vi"))
    abroad = lexical.relevance(reading(lexicons, "Nhật Bản bầu cử", "Cử tri đi bỏ phiếu.", "vi"))
    both = lexical.relevance(reading(lexicons, "Nhật Bản thăm Việt Nam", "", "vi"))
    assert (home[0], abroad[0], both[0]) == ("central", "none", "central")
    assert both[1] < home[1]


def test_topics_in_the_order_asked_for(lexicons: Lexicons) -> None:
    found = lexical.topics(reading(lexicons, "Trade", "A football match."), TOPICS)
    assert found[0] > found[1] > found[2] == found[3] == 0
    assert lexical.topics(reading(lexicons, "Trade"), ("sport", "economy")) == [0, found[0] and pytest.approx(3 / 5.5)]


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Vietnam praised", "A success for Hanoi.", "positive"),
        ("Vietnam criticised", "A failure in Hanoi.", "negative"),
        ("Vietnam criticised and praised", "", "mixed"),
        ("Vietnam meets Laos", "They talked.", "neutral"),
        ("Vietnam meets Laos", "It was praised.", "neutral"),
        ("Vietnam not a success", "", "negative"),
        ("Vietnam", "Hanoi was praised, he said: “a success”.", "neutral"),
    ],
)
def test_words_decide_the_tone_and_one_is_not_enough(lexicons: Lexicons, title: str, text: str, expected: str) -> None:
    assert lexical.tone(reading(lexicons, title, text), "central")[0] == expected


def test_sentences_about_others_do_not_count(lexicons: Lexicons) -> None:
    text = "Vietnam met Laos. " + "A word. " * 60 + "Laos was praised, a success, a success."
    assert lexical.tone(reading(lexicons, "A visit", text), "substantial")[0] == "neutral"


@pytest.mark.parametrize("relevance", ["passing", "none", None])
def test_nobody_asks_the_tone_of_a_passing_mention(lexicons: Lexicons, relevance: Relevance | None) -> None:
    assert lexical.tone(reading(lexicons, "Vietnam praised", "success"), relevance) == (None, 0.0)
