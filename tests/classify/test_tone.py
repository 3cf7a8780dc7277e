from pathlib import Path

import pytest

from classify.lexicons import load_lexicons
from classify.reading import read
from classify.tone import judge
from classify.types import Document, Relevance

TOPICS = frozenset({"economy", "sport", "environment", "world"})


def tone(data: Path, title: str, text: str, relevance: Relevance = "central") -> str | None:
    lexicon = load_lexicons(data, TOPICS).get("en")
    return judge(read(Document(title, text, "en"), "en", lexicon), relevance).tone


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Vietnam praised", "A success for Hanoi.", "positive"),
        ("Vietnam criticised", "A failure in Hanoi.", "negative"),
        ("Vietnam criticised and praised", "", "mixed"),
        ("Vietnam meets Laos", "They talked.", "neutral"),
        ("Vietnam meets Laos", "It was praised.", "neutral"),
    ],
)
def test_words_decide_and_one_is_not_enough(small_data: Path, title: str, text: str, expected: str) -> None:
    assert tone(small_data, title, text) == expected


def test_negation_turns_a_word_round(small_data: Path) -> None:
    assert tone(small_data, "Vietnam not a success", "") == "negative"


def test_a_quotation_counts_half(small_data: Path) -> None:
    assert tone(small_data, "Vietnam", "Hanoi was praised, he said: “a success”.") == "neutral"


def test_sentences_about_others_do_not_count(small_data: Path) -> None:
    text = "Vietnam met Laos. " + "A word. " * 60 + "Laos was praised, a success, a success."
    assert tone(small_data, "A visit", text, "substantial") == "neutral"


def test_nobody_asks_the_tone_of_a_passing_mention(small_data: Path) -> None:
    assert tone(small_data, "Vietnam praised", "success", "passing") is None
