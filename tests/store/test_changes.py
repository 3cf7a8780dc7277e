import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.changes import Changes, Line, Span, Version, compare


def body(before: str, after: str) -> Changes:
    return compare(Version("Tin", "", before), Version("Tin", "", after))


def told(changes: Changes) -> list[list[tuple[str, str]]]:
    return [[(span.kind, span.text) for span in line.spans] for line in changes.body]


@pytest.mark.parametrize(
    ("before", "after", "spans"),
    [
        (
            "Gạo tăng 31% so với cùng kỳ.",
            "Gạo tăng 13,5% so với cùng kỳ.",
            [("same", "Gạo tăng "), ("removed", "31"), ("added", "13,5"), ("same", "% so với cùng kỳ.")],
        ),
        (
            "Phà ngừng chạy từ thứ hai.",
            "Phà ngừng chạy hai tuần từ thứ hai.",
            [("same", "Phà ngừng chạy "), ("added", "hai tuần "), ("same", "từ thứ hai.")],
        ),
        (
            "đã đến, và đi ngay trong đêm qua",
            "chưa tới, mà đi ngay trong đêm qua",  # the comma between two changes does not part them
            [("removed", "đã đến, và "), ("added", "chưa tới, mà "), ("same", "đi ngay trong đêm qua")],
        ),
        (
            "古都フエを訪れた観光客",
            "古都ダナンを訪れた観光客",
            [("same", "古都"), ("removed", "フエ"), ("added", "ダナン"), ("same", "を訪れた観光客")],
        ),
    ],
)
def test_word_by_word(before: str, after: str, spans: list[tuple[str, str]]) -> None:
    (line,) = body(before, after).body
    assert line.kind == "changed"
    assert [(span.kind, span.text) for span in line.spans] == spans


def test_a_mark_stays_with_its_letter() -> None:
    (line,) = body("ที่กรุงเทพฯ เมื่อวันพุธ", "ที่กรุงเทพฯ เมื่อวันพฤหัส").body
    assert all(not span.text.startswith(("\u0e34", "\u0e38", "\u0e37", "\u0e48")) for span in line.spans)


def test_paragraphs_that_come_and_go() -> None:
    before = "Đoạn một ở lại.\nĐoạn này bị bỏ hẳn.\nĐoạn ba có ba người bị thương."
    after = "Đoạn một ở lại.\nĐoạn ba có năm người bị thương.\nMột điều hoàn toàn khác."
    assert told(body(before, after)) == [
        [("same", "Đoạn một ở lại.")],
        [("removed", "Đoạn này bị bỏ hẳn.")],
        [("same", "Đoạn ba có "), ("removed", "ba "), ("added", "năm "), ("same", "người bị thương.")],
        [("added", "Một điều hoàn toàn khác.")],
    ]


def test_title_and_lead_and_counts() -> None:
    changes = compare(Version("Phà dừng", "Hai tuần.", "x"), Version("Phà Vàm Thuận dừng", "", "x"))
    assert changes.title == (
        Line("changed", (Span("same", "Phà "), Span("added", "Vàm Thuận "), Span("same", "dừng"))),
    )
    assert changes.title_changed
    assert changes.lead == (Line("removed", (Span("removed", "Hai tuần."),)),)
    assert (changes.added, changes.removed) == (2, 2)
    assert changes.excerpt() == ("", "Vàm Thuận")


def test_spaces_and_composed_letters_are_no_change() -> None:
    assert body("Tin  vắn\n\n về Hà Nội", "Tin vắn\nvề Ha\u0300 Nội").none
    assert not body("Tin vắn", "Tin vắn.").none


def test_an_excerpt_is_short() -> None:
    removed, added = body("x " * 300 + "a " * 200, "x " * 300 + "b " * 200).excerpt(20)
    assert len(removed) == 20
    assert added.endswith("…")


LINES = st.lists(st.text("ab c,.đ中ท\u0e34\u0301-", max_size=12), max_size=8).map("\n".join)


@given(LINES, LINES)
@settings(max_examples=200, deadline=None)
def test_nothing_is_lost_and_nothing_made_up(before: str, after: str) -> None:
    changes = body(before, after)
    for text, gone in ((after, "removed"), (before, "added")):
        kept = "".join(span.text for line in changes.body for span in line.spans if span.kind != gone)
        plain = compare(Version("", "", text), Version("", "", text))
        wanted = "".join(span.text for line in plain.body for span in line.spans)
        assert "".join(kept.split()) == "".join(wanted.split())
    assert changes.none == all(line.kind == "same" for line in changes.body)


@pytest.mark.parametrize(
    ("unit", "count", "join"),
    [("a b", 20_000, " "), ("a", 20_000, "\n"), ("mot hai ba", 3_000, "\n"), ("word", 100_000, " "), ("x", 400, "\n")],
)
def test_the_cost_is_bounded(unit: str, count: int, join: str) -> None:
    draw = random.Random(7)
    before, after = (join.join(draw.choice(unit.split()) for _ in range(count)) for _ in range(2))
    begun = time.process_time()
    body(f"p {before} q", f"x {after} y")
    assert time.process_time() - begun < 6, "under one second on a quiet machine"


def test_a_long_paragraph_with_a_few_edits_is_read_word_by_word() -> None:
    draw = random.Random(3)
    # As words of a language are: the n-th most frequent is n times rarer than the first.
    words = [f"từ{rank}" for rank in draw.choices(range(1, 3_001), [1 / rank for rank in range(1, 3_001)], k=3_000)]
    edited = words.copy()
    edited[5], edited[1_500], edited[-5] = "ĐẦU", "GIỮA", "CUỐI"
    changes = body(" ".join(words), " ".join(edited))
    assert (changes.added, changes.removed) == (3, 3)
