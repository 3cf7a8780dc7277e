from pathlib import Path

import pytest

from classify.lexicons import load_lexicons
from classify.reading import Reading, read
from classify.relevance import FEATURES, Mentions, features, judge
from classify.types import Document

TOPICS = frozenset({"economy", "sport", "environment", "world"})


@pytest.fixture
def reader(small_data: Path) -> "type[Reader]":
    Reader.lexicons = load_lexicons(small_data, TOPICS)
    return Reader


class Reader:
    """Reads a title and text with the small lexicons."""

    lexicons = None

    @classmethod
    def read(cls, title: str, text: str, language: str = "en") -> Reading:
        assert cls.lexicons is not None
        return read(Document(title, text, language), language, cls.lexicons.get(language))


def test_the_name_of_the_war_is_no_mention(reader: type[Reader]) -> None:
    reading = reader.read("A film of the Vietnam War", "Hanoi is seen once.")
    assert Mentions.of(reading).title == 0
    assert Mentions.of(reading).total == 1


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Vietnam trade grows", "Vietnam sold more. Hanoi is pleased.", "central"),
        ("Markets today", "Stocks rose. " * 60 + "Vietnam was flat.", "passing"),
        ("Markets today", "Stocks rose.", "none"),
        ("", "", None),
        (" ", "\n", None),
    ],
)
def test_the_rule(reader: type[Reader], title: str, text: str, expected: str | None) -> None:
    assert judge(reader.read(title, text), 0.0, None)[0] == expected


def test_a_vietnamese_text_is_domestic_unless_the_world_leads(reader: type[Reader]) -> None:
    reading = reader.read("Hai xe tông nhau", "Một người bị thương.", "vi")
    assert judge(reading, 0.1, None)[0] == "central"
    assert judge(reading, 0.9, None)[0] == "none"


def test_features_match_their_names(reader: type[Reader]) -> None:
    assert len(features(reader.read("Vietnam", "Hanoi"))) == len(FEATURES)
