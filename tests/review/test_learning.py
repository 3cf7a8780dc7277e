"""Why an article was picked for the machine to learn from, in both languages and with its values."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from classify.taxonomy import load_taxonomy
from pipelines.picking import choose
from review.flags import REASONS, describe, rule_name
from review.show import Show
from review.words import WORDS
from store.picking import LEARNING, Candidate, Labelled


def show(root: Path, language: Any) -> Show:
    return Show(language, {topic.id: topic for topic in load_taxonomy(root / "data")})


@pytest.mark.parametrize(
    ("because", "vi", "en"),
    [
        (
            {"what": "relevance", "value": "passing", "score": 0.534},
            "máy chưa chắc về mức độ liên quan “Nhắc qua” (độ tin cậy 0,53)",
            "it is unsure of the relevance “Passing” (confidence 0.53)",
        ),
        (
            {"what": "tone", "value": "mixed", "score": 0.5},
            "máy chưa chắc về sắc thái “Đan xen” (độ tin cậy 0,50)",
            "it is unsure of the tone “Mixed” (confidence 0.50)",
        ),
        (
            {"what": "topic", "topic": "economy", "score": 0.5, "other": "tourism", "other_score": 0.41},
            "máy phân vân giữa chủ đề “Kinh tế, thương mại, đầu tư” (0,50) và “Du lịch” (0,41)",
            "it wavers between the topics “Economy, trade, investment” (0.50) and “Tourism” (0.41)",
        ),
        ({"what": "no_topic"}, "máy không xếp được chủ đề nào", "it names no topic"),
        (
            {"what": "near_topic", "topic": "sport", "score": 0.1},
            "máy không xếp được chủ đề; gần nhất là “Thể thao” (0,10)",
            "it names no topic; “Sport” came closest (0.10)",
        ),
        (
            {"what": "rare_topic", "value": "external_info", "labels": 4, "enough": 60},
            "chủ đề “Công tác thông tin đối ngoại” mới có 4 bài được gắn nhãn (cần khoảng 60)",
            "(about 60 are wanted)",
        ),
        (
            {"what": "rare_tone", "value": "negative", "labels": 0, "enough": 150},
            "sắc thái “Tiêu cực” chưa có bài nào được gắn nhãn (cần khoảng 150)",
            "of the tone “Negative”, none labelled so far (about 150 are wanted)",
        ),
        (
            {"what": "rare_language", "value": "th", "labels": 2, "enough": 150},
            "tiếng Thái mới có 2 bài được gắn nhãn (cần khoảng 150)",
            "in Thai, 2 labelled so far (about 150 are wanted)",
        ),
    ],
)
def test_the_reason_in_words(because: dict[str, Any], vi: str, en: str, root: Path) -> None:
    values = {"because": because}
    assert vi in describe(show(root, "vi"), LEARNING, values)
    assert describe(show(root, "vi"), LEARNING, values).startswith("Chọn để máy học thêm: ")
    assert en in describe(show(root, "en"), LEARNING, values)
    assert rule_name(show(root, "vi"), LEARNING) != rule_name(show(root, "vi"), "audit")


@pytest.mark.parametrize(
    "because", [None, [], {}, {"what": "sau này"}, {"what": "topic"}, {"what": "tone", "score": "x"}]
)
def test_values_of_another_program_break_nothing(because: Any, root: Path) -> None:
    assert describe(show(root, "vi"), LEARNING, {"because": because})


def test_every_reason_that_picking_gives_has_its_words(root: Path) -> None:
    unsure = {"relevance": 0.5, "tone": 0.5, "topic:economy": 0.5, "topic:tourism": 0.4}
    named = [Candidate(n, f"o{n}", "vi", None, "central", ("economy",), "neutral", unsure) for n in range(8)]
    none = [
        Candidate(9, "o", "vi", None, "central", (), None, unsure),
        Candidate(8, "p", "th", None, "central", (), None, {}),
    ]
    nothing = Labelled(Counter(), Counter(), Counter())
    picks = [*choose(named, nothing, 8), *choose(none[:1], nothing, 1), *choose(none[1:], nothing, 1)]
    assert {"relevance", "tone", "topic", "near_topic", "no_topic"} < {pick.values["what"] for pick in picks}
    for pick in picks:
        assert set(REASONS[pick.values["what"]]) == set(pick.values) - {"what"}
        assert json.loads(json.dumps(pick.values)) == pick.values, "it is kept as JSON"
        assert "không rõ" not in describe(show(root, "vi"), LEARNING, {"because": pick.values}).lower()


def test_a_reason_takes_the_values_that_its_words_name() -> None:
    for kind, readers in REASONS.items():
        for language in ("vi", "en"):
            assert set(re.findall(r"\{(\w+)\}", WORDS[f"because.{kind}"][language])) == set(readers), kind


def test_the_desk_shows_it_and_filters_by_it(browser_of_lan: Any, new_article: Callable[..., int]) -> None:
    because = {"what": "rare_language", "value": "th", "labels": 2, "enough": 150}
    number = new_article(title="Bài được chọn", flags=((LEARNING, {"because": because}),))
    page = browser_of_lan.get("/queue?rule=learning").text
    assert f'href="/articles/{number}' in page
    assert "Chọn để máy học thêm: tiếng Thái mới có 2 bài được gắn nhãn (cần khoảng 150)" in page
    assert "1 bài chờ duyệt" in page
    audit = browser_of_lan.get("/queue?rule=audit").text
    assert f'href="/articles/{number}' not in audit, "the random sample does not hold it"
    assert "Chọn để máy học thêm" in browser_of_lan.get(f"/articles/{number}").text
