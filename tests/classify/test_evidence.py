import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.evidence import MOST_PER_TOPIC, MOST_RELEVANCE, MOST_TONE, SENTENCE, Learned, collect
from classify.text.lexicons import Lexicons
from classify.text.reading import read
from classify.types import Document, Span, Tone

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


def found(
    lexicons: Lexicons,
    document: Document,
    topics: tuple[str, ...] = (),
    tone: Tone | None = None,
    learned: Learned | None = None,
) -> tuple[Span, ...]:
    code = str(document.language)
    return collect(read(document, code, lexicons.get(code)), topics, tone, learned or {})


def words(document: Document, spans: tuple[Span, ...], tag: str) -> list[str]:
    return [
        (document.title if span.field == "title" else document.text)[span.start : span.end]
        for span in spans
        if span.tag == tag
    ]


VISIT = Document("Vietnam trade praised", "Hanoi sold rice. A football match was a failure. Vietnam traded.", "en")


def test_the_words_of_each_tag(lexicons: Lexicons) -> None:
    spans = found(lexicons, VISIT, ("economy", "sport"), "positive")
    assert words(VISIT, spans, "relevance") == ["Vietnam", "Hanoi"]
    assert words(VISIT, spans, "topic:economy") == ["trade"]
    assert words(VISIT, spans, "topic:sport") == ["football"]
    assert words(VISIT, spans, "tone:positive") == ["praised"]
    assert words(VISIT, spans, "tone:negative") == []


def test_what_was_not_chosen_has_no_reasons(lexicons: Lexicons) -> None:
    assert {span.tag for span in found(lexicons, VISIT)} == {"relevance", "sentence:relevance"}


def test_a_mixed_tone_shows_both_sides(lexicons: Lexicons) -> None:
    spans = found(lexicons, VISIT, (), "mixed")
    assert words(VISIT, spans, "tone:positive") == ["praised"]
    assert words(VISIT, spans, "tone:negative") == ["failure"]


def test_each_tag_has_the_sentence_with_most_of_its_weight(lexicons: Lexicons) -> None:
    spans = found(lexicons, VISIT, ("sport",), "negative")
    assert words(VISIT, spans, SENTENCE + "topic:sport") == [" A football match was a failure."]
    assert words(VISIT, spans, SENTENCE + "relevance") == ["Vietnam trade praised"]
    for tag in {span.tag for span in spans if not span.tag.startswith(SENTENCE)}:
        (sentence,) = [span for span in spans if span.tag == SENTENCE + tag]
        assert any(
            span.field == sentence.field and sentence.start <= span.start and span.end <= sentence.end
            for span in spans
            if span.tag == tag
        )


def test_learned_words_stand_beside_those_of_the_lists(lexicons: Lexicons) -> None:
    learned = {"topic:economy": [("w:rice", 2.0), ("b:vietnam_trade", 1.0), ("w:absent", 1.0), ("w:sold", 0.5)]}
    spans = found(lexicons, VISIT, ("economy",), None, learned)
    # "Vietnam trade" overlaps the word of the list, which is shown already.
    assert words(VISIT, spans, "topic:economy") == ["trade", "rice", "sold"]


@pytest.mark.parametrize(
    ("word", "shown"),
    [("t:rice", []), ("w:rice", ["rice"]), ("w:ric", []), ("b:sold_rice", ["sold rice"]), ("v:xsubjectx", []),
     ("x:xsubjectx_sold", ["sold"]), ("b:rice_a", ["rice. A"])],
)  # fmt: skip
def test_where_a_learned_word_stands(lexicons: Lexicons, word: str, shown: list[str]) -> None:
    assert (
        words(VISIT, found(lexicons, VISIT, ("world",), None, {"topic:world": [(word, 1.0)]}), "topic:world") == shown
    )


@pytest.mark.parametrize(
    ("language", "text", "word", "shown"),
    [
        ("en", "The price of rice is up.", "b:price_of", ["price of"]),
        ("en", "The price of the rice is up.", "b:of_the", []),
        ("en", "Rice, plan B and the ship's price", "w:s", []),
        ("vi", "Giá gạo của tỉnh tăng.", "w:của", []),
        ("vi", "Giá gạo của tỉnh tăng.", "b:gạo_của", ["gạo của"]),
        ("ru", "Цены на рис в порту", "w:на", []),
        ("fr", "Le prix du riz", "w:du", []),
    ],
)
def test_what_only_holds_a_sentence_together_is_no_reason(
    lexicons: Lexicons, language: str, text: str, word: str, shown: list[str]
) -> None:
    document = Document("", text, language)
    assert words(document, found(lexicons, document, ("world",), None, {"topic:world": [(word, 1.0)]}),
                 "topic:world") == shown  # fmt: skip


def test_characters_in_a_row_are_found_inside_a_run(lexicons: Lexicons) -> None:
    document = Document("越南国家主席访问", "", "zh")
    spans = found(lexicons, document, ("world",), None, {"topic:world": [("b:家主席", 1.0)]})
    assert words(document, spans, "topic:world") == ["家主席"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_offsets_point_into_the_text_as_it_was(lexicons: Lexicons, form: Form) -> None:
    title = unicodedata.normalize(form, "“Xuất khẩu” của Việt Nam thành công")
    document = Document(
        title, unicodedata.normalize(form, "Ở Hà Nội, ‘thương mại’ tăng.\nBóng đá Việt Nam thắng."), "vi"
    )
    spans = found(lexicons, document, ("economy", "sport"), "positive", {"topic:sport": [("w:thắng", 1.0)]})
    shown = {
        unicodedata.normalize("NFC", word) for tag in {s.tag for s in spans} for word in words(document, spans, tag)
    }
    assert {"Việt Nam", "Hà Nội", "Xuất khẩu", "thương mại", "Bóng đá", "thành công", "thắng"} <= shown


TERMS = ["Việt Nam", "hà nội", "BÓNG ĐÁ", "xuất khẩu", "thành công", "không", "“", "”", ".\n", "ﬁ", "İ", "ß", "越南"]


@given(
    words=st.lists(st.sampled_from(TERMS) | st.text(max_size=4), max_size=30),
    form=st.sampled_from(["NFC", "NFD", "NFKD"]),
    tone=st.sampled_from(["positive", "negative", "mixed", "neutral", None]),
)
def test_any_mixture_has_sound_spans(lexicons: Lexicons, words: list[str], form: Form, tone: Tone | None) -> None:
    text = unicodedata.normalize(form, " ".join(words))
    document = Document(text[:40], text, "vi")
    learned = {"topic:sport": [("w:thành", 1.0), ("b:hà_nội", 1.0)], "tone:positive": [("v:không", 0.5)]}
    spans = found(lexicons, document, ("sport", "economy"), tone, learned)
    assert len(spans) == len(set(spans))
    assert len(spans) <= 2 * (MOST_RELEVANCE + 2 * MOST_PER_TOPIC + MOST_TONE)
    for span in spans:
        whole = document.title if span.field == "title" else document.text
        assert 0 <= span.start < span.end <= len(whole)
        assert 0 <= span.weight <= 1
        assert whole[span.start : span.end].strip()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("w:rice", ["rice"]),  # not the one inside "price"
        ("b:sold_rice", ["sold - rice"]),
        ("b:rice_sold", []),
        ("w:pric", []),
        ("w:old", []),
        ("w:sold_-", ["sold -"]),
        ("v:xsubjectx", []),
    ],
)
def test_a_learned_word_stands_alone_and_its_parts_follow_each_other(
    lexicons: Lexicons, word: str, expected: list[str]
) -> None:
    document = Document("", "The price of what was sold - rice, _rice - and the price again.", "en")
    assert words(document, found(lexicons, document, ("economy",), None, {"topic:economy": [(word, 1.0)]}),
                 "topic:economy") == expected  # fmt: skip
