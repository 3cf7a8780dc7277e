from pathlib import Path

import pytest

from classify.errors import LexiconError
from classify.text.folding import fold
from classify.text.lexicons import load_lexicons

TOPICS = frozenset({"economy", "sport", "environment", "world"})


def test_terms_are_found_with_their_tags(small_data: Path) -> None:
    lexicon = load_lexicons(small_data, TOPICS).get("en")
    assert lexicon is not None
    assert [hit.tags for hit in lexicon.find(fold("Vietnamese trade praised"))] == [
        ("vietnam",), ("topic:economy",), ("tone:positive",),
    ]  # fmt: skip


def test_a_language_is_compiled_when_it_is_first_read(small_data: Path) -> None:
    lexicons = load_lexicons(small_data, TOPICS)
    english, chinese = lexicons.by_language["en"], lexicons.by_language["zh"]
    assert [hit.tags for hit in english.find(fold("France"))] == [("abroad",)]
    assert "matcher" in vars(english)
    assert "matcher" not in vars(chinese)
    assert english.matcher is english.matcher


def test_a_language_without_a_list_borrows_one(small_data: Path) -> None:
    lexicons = load_lexicons(small_data, TOPICS)
    borrowed = lexicons.get("sv")
    assert borrowed is not None
    assert borrowed.language == "en"
    assert not lexicons.serves("sv")


def test_an_unknown_topic_is_refused(small_data: Path) -> None:
    (small_data / "lexicons" / "fr.yaml").write_text("topics: {sports: [but]}", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"fr\.yaml: unknown topics \['sports'\]"):
        load_lexicons(small_data, TOPICS)


def test_a_section_that_is_no_list_is_refused(small_data: Path) -> None:
    (small_data / "lexicons" / "fr.yaml").write_text("vietnam: vietnam", encoding="utf-8")
    with pytest.raises(LexiconError, match="must be a list"):
        load_lexicons(small_data, TOPICS)
