"""The two guidelines say the same, and of every value that a label can have."""

import re
import unicodedata
from pathlib import Path

import pytest
import yaml

from classify.types import RELEVANCE, TONES

LANGUAGES = ("en", "vi")


def text(root: Path, language: str) -> str:
    return (root / "data" / "guidelines" / f"{language}.md").read_text(encoding="utf-8")


def sections(root: Path, language: str) -> list[str]:
    return re.split(r"^## ", text(root, language), flags=re.MULTILINE)


def entries(section: str) -> list[str]:
    """Rows of tables and points of lists, each on one line."""
    joined = re.sub(r"\n +", " ", section)
    return [line for line in joined.splitlines() if re.match(r"[|] `|- ", line)]


def codes(entry: str) -> set[str]:
    return set(re.findall(r"`([a-z_/]+)`", entry))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_relevance_topic_and_tone_has_a_row(root: Path, language: str) -> None:
    taxonomy = yaml.safe_load((root / "data" / "taxonomy.yaml").read_text(encoding="utf-8"))
    topics = tuple(topic["id"] for topic in taxonomy["topics"])
    rows = [re.findall(r"^[|] `([a-z_]+)`", section, re.MULTILINE) for section in sections(root, language)]
    assert [tuple(names) for names in rows if names] == [RELEVANCE, topics, TONES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_valence_voice_and_unsure_are_named(root: Path, language: str) -> None:
    valence, voice, unsure = (sections(root, language)[at] for at in (4, 5, 7))
    assert codes(valence) >= {"good", "neutral", "bad"}
    assert codes(voice) == {"own", "quoted", "both", "none"}
    assert "yes" in codes(unsure)


def test_every_topic_of_an_example_is_the_same(root: Path) -> None:
    """What stands behind an arrow: the neighbour's topic, and the labels of the border case."""
    behind = re.compile(r"-> `?([a-z_]+(?:, [a-z_]+)*)")
    english, vietnamese = (sections(root, language)[2] for language in LANGUAGES)
    ids = set(re.findall(r"^[|] `([a-z_]+)`", english, re.MULTILINE))
    for one, other in zip(entries(english), entries(vietnamese), strict=True):
        named = [[name for name in behind.findall(entry) if set(name.split(", ")) <= ids] for entry in (one, other)]
        assert named[0] == named[1], f"{one}\n{other}"


def test_both_have_the_same_sections_rows_and_points(root: Path) -> None:
    english, vietnamese = (sections(root, language) for language in LANGUAGES)
    assert len(english) == len(vietnamese)
    for one, other in zip(english, vietnamese, strict=True):
        assert re.match(r"\d*", one).group() == re.match(r"\d*", other).group()
        assert len(entries(one)) == len(entries(other)), one.splitlines()[0]


def test_every_row_and_point_gives_the_same_values(root: Path) -> None:
    english, vietnamese = (entries(text(root, language)) for language in LANGUAGES)
    for one, other in zip(english, vietnamese, strict=True):
        assert codes(one) == codes(other), f"{one}\n{other}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_is_composed_and_clean(root: Path, language: str) -> None:
    found = text(root, language)
    assert unicodedata.is_normalized("NFC", found)
    strange = {unicodedata.name(sign, "?") for sign in found if unicodedata.category(sign) in ("Cc", "Cf", "Mn", "Co")}
    assert strange - {"?"} == set()  # newlines have no name


def test_the_vietnamese_names_are_those_of_the_desk_and_the_taxonomy(root: Path) -> None:
    from review.words.labels import WORDS

    found = text(root, "vi").casefold()
    for value in (*(f"relevance.{name}" for name in RELEVANCE), *(f"tone.{name}" for name in TONES)):
        assert f"`{value.split('.')[1]}` ({WORDS[value]['vi'].casefold()})" in found
    taxonomy = yaml.safe_load((root / "data" / "taxonomy.yaml").read_text(encoding="utf-8"))
    for topic in taxonomy["topics"]:
        assert f"`{topic['id']}` ({topic['vi'].casefold()})" in found
