import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from classify.features.targets import MASK, MOST_CHARS, mask, masked, sentence_around
from classify.text.lexicons import Lexicons
from classify.text.reading import read
from classify.types import Document


def sentences(lexicons: Lexicons, title: str, text: str, language: str = "en") -> list[str]:
    reading = read(Document(title, text, language), language, lexicons.get(language))
    return [" ".join(sentence.split()) for sentence in masked(reading)]


def test_the_headline_the_lead_and_what_names_the_country(lexicons: Lexicons) -> None:
    text = "It rained. " + "A word. " * 60 + "Then Vietnam won. Nobody saw it."
    found = sentences(lexicons, "Vietnam wins", text)
    assert found[:2] == [f"{MASK} wins", "It rained."]
    assert found[-1] == f"Then {MASK} won."
    assert "Nobody saw it." not in found


def test_no_name_is_left_unmasked(lexicons: Lexicons) -> None:
    found = " ".join(sentences(lexicons, "Vietnamese win", "Hanoi cheers. The Vietnam War is past."))
    assert "Hanoi" not in found
    assert "Vietnamese" not in found
    assert "Vietnam War" in found


def test_a_text_without_the_name_is_read_as_it_stands(lexicons: Lexicons) -> None:
    assert sentences(lexicons, "Hai xe tông nhau", "Một người bị thương.", "vi") == [
        "Hai xe tông nhau", "Một người bị thương.",
    ]  # fmt: skip


def test_decomposed_names_are_masked_whole(lexicons: Lexicons) -> None:
    found = sentences(lexicons, unicodedata.normalize("NFD", "Hà Nội và Huế"), "", "vi")
    assert [unicodedata.normalize("NFC", one) for one in found] == [f"{MASK} và Huế"]


def test_a_long_text_is_read_up_to_a_bound(lexicons: Lexicons) -> None:
    found = sentences(lexicons, "", "Vietnam sells rice to many. " * 400)
    assert MOST_CHARS < len(" ".join(found)) < 2 * MOST_CHARS


def test_overlapping_spans_are_masked_once() -> None:
    assert mask("abcdef", [(1, 4), (2, 5)]) == f"a {MASK} ef"
    assert mask("abc", []) == "abc"


def test_marked_targets_of_a_corpus() -> None:
    text = "Ann met Bob. Bob left. Rain fell."
    start = text.index("Bob left")
    assert [one.split() for one in sentence_around(text, [(start, start + 3)])] == [[MASK, "left."]]
    assert list(sentence_around(text, [])) == []


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_what_is_not_masked_stays_as_it_was(text: str, spans: list[tuple[int, int]]) -> None:
    ordered = sorted((min(a, b), max(a, b)) for a, b in spans if max(a, b) <= len(text))
    kept = "".join(char for at, char in enumerate(text) if not any(a <= at < b for a, b in ordered))
    left = mask(text, ordered).replace(f" {MASK} ", "")
    assert len(left) >= len(kept)
    assert set(left) <= set(text)
