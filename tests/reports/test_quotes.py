import pytest

from reports.quotes import MOST, quote
from store.figures import TonedText


def toned(text: str, start: int, end: int, /, **more: object) -> TonedText:
    span = {"field": "text", "start": start, "end": end, "tag": "tone:negative", "weight": 0.5} | more
    return TonedText(1, "Title", text, (span,))


def test_a_quote_is_the_words_in_their_line() -> None:
    text = "First line.\nA serious setback, they said.\nLast line."
    start = text.index("serious")
    found = quote(toned(text, start, start + 15))
    assert found is not None
    assert (found.before, found.words, found.after) == ("A ", "serious setback", ", they said.")


def test_words_are_quoted_in_the_sentence_that_says_most() -> None:
    text = "Growth was weak. Critics called the plan a serious setback for small farms. More followed."
    start, low = text.index("serious"), text.index("Critics")
    weak = {"field": "text", "start": 11, "end": 15, "tag": "tone:negative", "weight": 0.6}
    words = {"field": "text", "start": start, "end": start + 15, "tag": "tone:negative", "weight": 0.4}
    sentence = {
        "field": "text",
        "start": low,
        "end": text.index(" More"),
        "tag": "sentence:tone:negative",
        "weight": 0.4,
    }
    found = quote(TonedText(1, "Title", text, (weak, words, sentence)))
    assert found is not None
    assert found.before + found.words + found.after == text[low : text.index(" More")]
    assert found.words == "serious setback"
    plain = quote(TonedText(1, "Title", text, (weak, words)))
    assert plain is not None
    assert (plain.words, plain.before) == ("weak", "Growth was "), (
        "without a sentence the weightiest words, in their line"
    )


@pytest.mark.parametrize("length", [1, 15, 199, 5000])
def test_a_quote_is_never_long(length: int) -> None:
    text = "word " * 2000
    found = quote(toned(text, 3000, 3000 + length))
    assert found is not None
    assert len(found.before + found.words + found.after) <= MOST


def test_a_text_without_spaces_is_cut_too() -> None:
    found = quote(toned("越" * 3000, 1000, 1004))
    assert found is not None
    assert 4 < len(found.before + found.words + found.after) <= MOST


@pytest.mark.parametrize(
    "more",
    [
        {"field": "title"},
        {"start": -1},
        {"end": 99_999},
        {"start": "0"},
        {"tag": "topic:economy"},
        {"start": 9, "end": 3},
    ],
)
def test_a_span_that_is_not_in_the_text_is_not_quoted(more: dict[str, object]) -> None:
    assert quote(toned("Some text of an article.", 0, 4, **more)) is None
