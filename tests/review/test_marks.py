"""Evidence stands where it was found, whatever the spans."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.marks import MarkedText, mark_text, read_evidence, sentences_of, words_of
from store.content import full_text


def joined(text: MarkedText) -> tuple[str, ...]:
    return tuple("".join(piece.text for piece in line) for line in (text.title, *text.lead, *text.body))


def span(start: Any, end: Any, field: str = "text", tag: str = "relevance", weight: Any = 0.5) -> dict[str, Any]:
    return {"field": field, "start": start, "end": end, "tag": tag, "weight": weight}


def test_a_span_is_found_in_title_lead_and_body() -> None:
    evidence = [span(0, 3, "title"), span(0, 4), span(5, 9, tag="topic:economy")]
    marks = read_evidence("Tin mới", "Lead", "Body here\n\nMore", evidence)
    assert [(mark.term, mark.kind) for mark in marks] == [
        ("Tin", "relevance"),
        ("Lead", "relevance"),
        ("Body", "topic"),
    ]
    text = mark_text("Tin mới", "Lead", "Body here\n\nMore", marks)
    assert joined(text) == ("Tin mới", "Lead", "Body here", "More")
    assert [len(text.lead), len(text.body)] == [1, 2]


def test_overlapping_spans_share_a_piece() -> None:
    marks = read_evidence("", "", "abcdef", [span(0, 4), span(2, 6, tag="tone:negative")])
    (line,) = mark_text("", "", "abcdef", marks).body
    assert [(piece.text, [mark.kind for mark in piece.marks]) for piece in line] == [
        ("ab", ["relevance"]),
        ("cd", ["relevance", "negative"]),
        ("ef", ["negative"]),
    ]


def test_a_sentence_is_no_further_word() -> None:
    evidence = [
        span(4, 7, tag="topic:economy", weight=0.7),
        span(0, 10, tag="sentence:topic:economy", weight=0.7),
        span(0, 10, tag="sentence:tone:negative", weight=1.0),
        span(0, 3, "title", tag="sentence:relevance"),
    ]
    marks = read_evidence("Tin mới", "", "Lúa gạo ra. Hết.", evidence)
    assert [mark.term for mark in words_of(marks)] == ["gạo"]
    assert [(one.words, one.field, one.tags) for one in sentences_of(marks)] == [
        ("Tin", "title", (("relevance", 0.5),)),
        ("Lúa gạo ra", "text", (("topic:economy", 0.7), ("tone:negative", 1.0))),
    ]
    (line,) = mark_text("Tin mới", "", "Lúa gạo ra. Hết.", marks).body
    assert [(piece.text, len(piece.words), len(piece.sentences)) for piece in line] == [
        ("Lúa ", 0, 2),
        ("gạo", 1, 2),
        (" ra", 0, 2),
        (". Hết.", 0, 0),
    ]


@pytest.mark.parametrize(
    "bad",
    [span(-1, 2), span(2, 2), span(0, 99), span("x", 2), span(0, 2, "body"), {}, None, "span", span(0, 2, weight="?")],
)
def test_evidence_that_is_none_is_left_out(bad: Any) -> None:
    assert read_evidence("title", "", "body", [bad]) == ()


@given(
    st.text("ab\n ", max_size=12),
    st.text("cd\n ", max_size=30),
    st.lists(st.tuples(st.integers(-2, 50), st.integers(-2, 50)), max_size=8),
)
def test_no_letter_is_lost_or_doubled(lead: str, body: str, spans: list[tuple[int, int]]) -> None:
    marks = read_evidence("", lead, body, [span(*pair) for pair in spans])
    lines = [line for line in full_text(lead, body).split("\n") if line.strip()]
    text = mark_text("", lead, body, marks)
    assert joined(text)[1:] == tuple(lines)
    marked = "".join(piece.text for line in (*text.lead, *text.body) for piece in line if piece.marks)
    places = {place for mark in marks for place in range(mark.start, mark.end)}
    kept = [place for place in sorted(places) if _on_a_shown_line(full_text(lead, body), place)]
    assert len(marked) == len(kept)


def _on_a_shown_line(text: str, place: int) -> bool:
    start = text.rfind("\n", 0, place) + 1
    return text[place] != "\n" and bool(text[start:].split("\n")[0].strip())
