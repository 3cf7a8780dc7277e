import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.text.prose import prose

LEAD = "Kinh tế Indonesia có thể tăng trưởng 6% trong năm 2026."
TEASER = "Việt Nam - Indonesia khai thác tiềm năng hợp tác"


def test_headings_between_sentences_are_blanked() -> None:
    found = prose(f"{LEAD}\n{TEASER}\n<a href='x'>Việt Nam thắng lớn.</a>\nJakarta nói vậy.", "vi")
    assert found.split() == [*LEAD.split(), "Jakarta", "nói", "vậy."]


@pytest.mark.parametrize(
    ("line", "language", "kept"),
    [
        ("Hanoi wins again", "en", False),
        ("Hanoi wins again.", "en", True),
        ("He said: “Hanoi wins again”", "en", True),
        ("Hanoi wins " * 15, "en", True),
        ("- 5 tấn gạo;", "vi", True),
        ("越南获胜", "zh", False),
        ("越南获胜。", "zh", True),
        ("越南获胜" * 16, "zh", True),
        ("เวียดนามชนะ", "th", False),
        ("เวียดนามชนะอีกครั้ง" * 3, "th", True),
        ("វៀតណាមឈ្នះ។", "km", True),
        ("فيتنام تفوز؟", "ar", True),
    ],
)
def test_what_counts_as_a_sentence(line: str, language: str, kept: bool) -> None:
    text = f"First.\n{line}\nLast."
    assert (line.strip() in prose(text, language)) is kept


def test_a_sentence_broken_into_lines_stays() -> None:
    text = "The minister said on Monday that the rice of\nthe delta would be sold abroad by the end of\nthe year."
    assert prose(text, "en") == text


def test_a_sentence_that_a_feed_cut_short_stays() -> None:
    cut = "Chính phủ Indonesia cho biết sẽ phối hợp chính sách tài khóa với chính sách tiền tệ để"
    assert prose(f"{LEAD}\n{cut}", "vi").endswith(cut)
    assert prose(f"{LEAD}\n{cut}\n{LEAD}", "vi").split() == [*LEAD.split(), *LEAD.split()]
    assert prose(f"{LEAD}\nViệt Nam thắng", "vi").strip() == LEAD


@pytest.mark.parametrize("text", ["", "Việt Nam", "Một\nHai\nBa", "\n\n", " \nMột\n"])
def test_a_text_without_any_sentence_is_left_as_it_is(text: str) -> None:
    assert prose(text, "vi") == text


@given(st.text(alphabet="aB. \n\r\u2028“é\ud800", max_size=200), st.sampled_from(["vi", "zh", "en"]))
def test_every_character_stays_where_it_was(text: str, language: str) -> None:
    found = prose(text, language)
    assert len(found) == len(text)
    assert all(now in (before, " ") for now, before in zip(found, text, strict=True))
