from collections.abc import Callable

import pytest

from classify.features.mentions import NAMES, Mentions, mention_numbers
from classify.text.lexicons import Lexicons
from classify.text.reading import Reading, read
from classify.types import Document

Read = Callable[..., Reading]


@pytest.fixture
def reading(lexicons: Lexicons) -> Read:
    return lambda title, text, language="en": read(Document(title, text, language), language, lexicons.get(language))


def named(reading: Reading) -> dict[str, float]:
    return dict(zip(NAMES, mention_numbers(reading), strict=True))


def test_the_name_of_the_war_is_no_mention(reading: Read) -> None:
    found = reading("A film of the Vietnam War", "Hanoi is seen once.")
    assert (Mentions.of(found, found.mentions).title, Mentions.of(found, found.mentions).total) == (0, 1)


def test_where_and_how_often_the_country_is_named(reading: Read) -> None:
    found = named(reading("Vietnam sells", "Hanoi sells. Vietnam sells. France buys."))
    assert (found["in title"], found["twice in title"], found["times in lead"]) == (1, 0, 2)
    assert (found["place in title"], found["first mention"], found["never"]) == (0, 0, 0)
    assert found["abroad in lead"] == 1
    assert found["share"] == pytest.approx(3.5 / 5)
    assert found["before abroad"] == 1


def test_a_text_that_names_nothing_is_half_one_and_half_the_other(reading: Read) -> None:
    found = named(reading("Rain", "It rained."))
    assert (found["never"], found["share"], found["first mention"]) == (1, 0.5, 1)
    assert (found["vietnamese text"], found["abroad only"]) == (0, 0)


def test_only_others_named(reading: Read) -> None:
    assert named(reading("France votes", "In France and Germany."))["abroad only"] == 1


def test_a_vietnamese_text_is_marked_as_one(reading: Read) -> None:
    found = named(reading("Hai xe tông nhau", "Một người bị thương.", "vi"))
    assert (found["vietnamese text"], found["vietnamese, never"], found["vietnamese, title not abroad"]) == (1, 1, 1)
    assert named(reading("Tin nước Pháp", "Ở Paris.", "vi"))["vietnamese, title not abroad"] == 0


@pytest.mark.parametrize(("title", "text"), [("", ""), ("Vietnam " * 60, "Vietnam " * 1_500), ("x", "\n" * 12_000)])
def test_numbers_are_small_whatever_the_text(reading: Read, title: str, text: str) -> None:
    values = mention_numbers(reading(title, text))
    assert len(values) == len(NAMES)
    assert all(0 <= value <= 10 for value in values)
