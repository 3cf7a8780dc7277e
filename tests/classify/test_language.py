import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.function_words import by_words
from classify.language import SERVED, UNKNOWN, base, detect
from classify.learning.corpora import rows


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thủ tướng thăm chính thức Trung Quốc", "vi"),
        ("Prime Minister Phạm Minh Chính arrives in Beijing for an official visit this week", "en"),
        ("Le Premier ministre vietnamien en visite à Paris", "fr"),
        ("Президент Вьетнама прибыл в Москву с визитом", "ru"),
        ("นายกรัฐมนตรีเยือนเวียดนาม", "th"),
        ("ນາຍົກລັດຖະມົນຕີ ຢ້ຽມຢາມຫວຽດນາມ", "lo"),
        ("នាយករដ្ឋមន្ត្រីទៅទស្សនកិច្ចវៀតណាម", "km"),
        ("越南国家主席访问中国", "zh"),
        ("ベトナムの首相が訪日した", "ja"),
        ("베트남 총리 방한", "ko"),
    ],
)
def test_languages_are_told(text: str, language: str) -> None:
    assert detect(text)[0] == language


@pytest.mark.parametrize("text", ["", "   ", "12345 67", "!!! ...", "\x00", "🙂🙂"])
def test_no_language_is_said_honestly(text: str) -> None:
    assert detect(text) == (UNKNOWN, 0.0)


@pytest.mark.parametrize(("code", "expected"), [("zh-Hant", "zh"), ("vi_VN", "vi"), (None, "und"), ("??", "und")])
def test_base(code: str | None, expected: str) -> None:
    assert base(code) == expected


@given(st.text(st.characters(), max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    code, confidence = detect(text)
    assert code in SERVED | {UNKNOWN}
    assert 0.0 <= confidence <= 1.0


@pytest.mark.shared
def test_floor_on_sentences_of_33_languages(shared: Path) -> None:
    examples = list(rows(shared / "corpora" / "sib200" / "dev.jsonl.gz"))
    right = sum(detect(row["text"])[0] == row["lang"].split("-")[0] for row in examples)
    assert right / len(examples) >= 0.985


@pytest.mark.shared
def test_naughty_strings_do_no_harm(shared: Path) -> None:
    for text in json.loads((shared / "corpora" / "naughty_strings" / "blns.json").read_text(encoding="utf-8")):
        detect(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Tổng thống Mỹ: “We are very happy to be here with our friends in Hanoi”", "en"),
        ("Thủ tướng dự khai mạc ASEAN Future Forum 2026", "vi"),
        ("The president of Vietnam was in Hanoi for the talks with Nguyễn Văn A", "en"),
        ("Der Minister ist für drei Tage nach Hanoi gereist und wird dort sprechen", "de"),
        ("El ministro visitó la capital y habló con los estudiantes sobre el futuro", "es"),
        ("Menteri itu mengatakan bahwa kunjungan tersebut akan dilakukan karena alasan ini", "id"),
        ("Выставка была открыта в столице, и это событие посетили многие", "ru"),
        ("Președintele a fost primit în capitală și a vorbit despre viața de acolo și despre țară", "ro"),
    ],
)
def test_mixed_and_neighbouring_languages(text: str, language: str) -> None:
    assert detect(text)[0] == language


@pytest.mark.parametrize("text", ["", "123", "der the la yang", "Hanoi Bangkok Jakarta", "Президент прибил"])
def test_words_answer_only_where_they_are_clear(text: str) -> None:
    assert by_words(text) is None
    told = by_words("It was said that they would not be there for the talks")
    assert told is not None
    assert told[0] == "en"


@pytest.mark.shared
def test_floor_on_the_beginnings_of_sentences(shared: Path) -> None:
    served = {"de", "en", "es", "fr", "id", "ja", "km", "ko", "lo", "ru", "th", "vi", "zh"}
    examples = [row for row in rows(shared / "corpora" / "sib200" / "dev.jsonl.gz") if row["lang"][:2] in served]
    right = sum(detect(row["text"][:60])[0] == row["lang"].split("-")[0] for row in examples)
    assert right / len(examples) >= 0.98, f"of {len(examples)}"
