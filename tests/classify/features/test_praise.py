from pathlib import Path

import pytest

from classify.features.praise import NEGATORS, PRAISE_NAMES, Praise, praise, praise_numbers
from classify.text.lexicons import OTHER, Lexicons
from classify.text.reading import read
from classify.types import Document


def found(lexicons: Lexicons, title: str, text: str = "", language: str = "en") -> list[Praise]:
    return list(praise(read(Document(title, text, language), language, lexicons.get(language))))


def test_words_and_their_place(lexicons: Lexicons) -> None:
    one, two = found(lexicons, "Vietnam praised", "A failure.")
    assert (one.positive, one.weight, one.near) == (True, 2.0, True)
    assert (two.positive, two.weight) == (False, 1.0)


@pytest.mark.parametrize(
    ("title", "language"), [("Vietnam not a success", "en"), ("Việt Nam không thành công", "vi"), ("越南没成功", "zh")]
)
def test_negation_turns_a_word_round(lexicons: Lexicons, title: str, language: str) -> None:
    assert [(one.positive, one.negated) for one in found(lexicons, title, language=language)] == [(False, True)]


def test_a_negator_further_off_turns_nothing_round(lexicons: Lexicons) -> None:
    assert found(lexicons, "Not in a long time was Vietnam praised")[0].positive


@pytest.mark.parametrize("text", ["He said: “a success”.", 'He said: "a success".', "Er: „success“"])
def test_a_quotation_counts_half(lexicons: Lexicons, text: str) -> None:
    assert [(one.quoted, one.weight) for one in found(lexicons, "Vietnam", text)] == [(True, 0.5)]


def test_a_closed_quotation_does_not_reach_on(lexicons: Lexicons) -> None:
    assert [one.quoted for one in found(lexicons, "Vietnam", "“Yes”, he said: a success.")] == [False]


def test_sentences_about_others_are_not_near(lexicons: Lexicons) -> None:
    text = "Vietnam met Laos. " + "A word. " * 60 + "Laos had a success. Vietnam had a failure."
    assert [(one.positive, one.near) for one in found(lexicons, "A visit", text)] == [(True, False), (False, True)]


def test_the_numbers_have_their_names(lexicons: Lexicons) -> None:
    reading = read(
        Document("Vietnam praised", "A failure, “a success”, not a success.", "en"), "en", lexicons.get("en")
    )
    values = dict(zip(PRAISE_NAMES, praise_numbers(reading), strict=True))
    assert (values["good in title"], values["bad in title"], values["turned round"]) == (1, 0, 1)
    assert values["good quoted"] > values["bad quoted"] == 0
    assert values["good share"] == pytest.approx((2.5 + 0.5) / (2.5 + 2 + 1))


def test_every_lexicon_of_the_desk_has_negators_or_is_known_to_lack_them(data_dir: Path) -> None:
    shipped = {path.stem for path in (data_dir / "lexicons").glob("*.yaml")}
    assert shipped - set(NEGATORS) == {"km", "lo", OTHER}
