from pathlib import Path

import pytest

from classify.errors import LexiconError
from classify.predict import Classifier
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
    assert [hit.tags for hit in borrowed.find(fold("Vietnam, trade"))] == [("vietnam",), ("topic:economy",)]
    assert borrowed is lexicons.get("sv")
    assert not lexicons.serves("sv")


def test_few_borrowed_lists_are_kept(small_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of texts may name any language: memory does not grow with them."""
    monkeypatch.setattr("classify.text.lexicons.MOST_BORROWED", 2)
    lexicons = load_lexicons(small_data, TOPICS)
    first = lexicons.get("sv")
    assert (lexicons.get("da"), lexicons.get("sv")) == (lexicons.get("da"), first)
    for code in ("aa", "ab", "ac"):
        assert lexicons.get(code) is not None
    assert lexicons.get("sv") is not first
    assert lexicons.get("sv") == first


@pytest.mark.parametrize(
    ("language", "text", "named", "abroad"),
    [
        ("pt", "O Vietnã e o Brasil assinam acordo em Hanói; delegação vietnamita viaja.", 3, 1),
        ("pt", "O Vietname e Portugal", 1, 1),
        ("it", "Il governo vietnamita riceve la Germania", 1, 1),
        ("nl", "De Vietnamese premier in Duitsland", 1, 1),
        ("pl", "W Wietnamie i we Francji; wietnamski rząd", 2, 0),
        ("hu", "Vietnámi küldöttség Vietnamban", 2, 0),
        ("uk", "Прем'єр В'єтнаму; у Вʼєтнамі; Ханой", 3, 0),
        ("bg", "Виетнам и Германия", 1, 1),
        ("ar", "زيارة إلى فيتنام، والعلاقات الفيتنامية مع مصر", 2, 1),
        ("fa", "روابط ایران و ویتنام", 1, 1),
        ("hi", "भारत और वियतनाम के बीच समझौता", 1, 1),
        ("bn", "ভিয়েতনাম সফরে প্রধানমন্ত্রী", 1, 0),
        ("ta", "வியட்நாமில் வெள்ளம்", 1, 0),
        ("tr", "Vietnam'ın başkenti Hanoi", 2, 0),
        ("el", "Το Βιετνάμ και η Γαλλία", 1, 0),
        ("my", "ဗီယက်နမ်နိုင်ငံ", 1, 0),
        ("sv", "Norge och Danmark", 0, 2),
        ("und", "Vietnam and France", 1, 1),
    ],
)
def test_vietnam_is_known_by_its_names_elsewhere(
    classifier: Classifier, language: str, text: str, named: int, abroad: int
) -> None:
    lexicon = classifier.lexicons.get(language)
    assert lexicon is not None
    tags = [tag for hit in lexicon.find(fold(text)) for tag in hit.tags]
    assert tags.count("vietnam") == named
    assert tags.count("abroad") >= abroad


def test_an_unknown_topic_is_refused(small_data: Path) -> None:
    (small_data / "lexicons" / "fr.yaml").write_text("topics: {sports: [but]}", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"fr\.yaml: unknown topics \['sports'\]"):
        load_lexicons(small_data, TOPICS)


def test_a_section_that_is_no_list_is_refused(small_data: Path) -> None:
    (small_data / "lexicons" / "fr.yaml").write_text("vietnam: vietnam", encoding="utf-8")
    with pytest.raises(LexiconError, match="must be a list"):
        load_lexicons(small_data, TOPICS)
