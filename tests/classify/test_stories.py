"""Stories: one event in other words is one, another event is none; names carry over between languages."""

from pathlib import Path

import pytest

from classify.stories import CommonWords, Neighbour, Traits, likenesses, story_likeness, traits


@pytest.fixture(scope="module")
def common(root: Path) -> CommonWords:
    return CommonWords.load(root / "data" / "common_words.tsv")


def alike(one: Traits, other: Traits, same: bool = True, days: float = 0) -> float:
    return likenesses(one, [Neighbour(other, same, days)])[0]


STORM = (
    "Bão Sao Mai đổ bộ Lam Giang, 12.000 người phải sơ tán",
    "Bão Sao Mai đổ bộ vào bờ biển tỉnh Lam Giang rạng sáng nay, làm tốc mái 340 ngôi nhà ở huyện Trà Khê.",
)
STORM_TOO = (
    "Lam Giang: hơn 12.000 người sơ tán trước bão Sao Mai",
    "Chính quyền Lam Giang cho biết bão Sao Mai làm tốc mái 340 ngôi nhà, nhiều nhất ở huyện Trà Khê.",
)
MATCH = (
    "Hải Yến thắng trận mở màn giải bóng chuyền",
    "Đội nữ Hải Yến thắng ba hiệp trắng trong trận mở màn giải bóng chuyền vùng tối qua tại nhà thi đấu thành phố.",
)
STORM_ENGLISH = (
    "Storm Sao Mai hits Lam Giang, 12,000 evacuated",
    "The storm Sao Mai tore the roofs off 340 houses in the district of Tra Khe after landfall in Lam Giang province.",
)


def test_one_event_in_other_words_is_one_story(common: CommonWords) -> None:
    one, other, none = (traits(*text, "vi", common) for text in (STORM, STORM_TOO, MATCH))
    assert alike(one, other) >= 1
    assert alike(one, none) < 0.3


def test_names_and_numbers_carry_over_between_languages(common: CommonWords) -> None:
    one, none = traits(*STORM, "vi", common), traits(*MATCH, "vi", common)
    english = traits(*STORM_ENGLISH, "en", common)
    assert alike(one, english, same=False) >= 1
    assert alike(none, english, same=False) == 0


def test_marks_are_folded_in_names(common: CommonWords) -> None:
    with_marks = traits("Tin", "Sáng nay ông Đỗ Quý Lân đến Hà Nội bằng tàu số 4.521 từ ga Trà Khê.", "vi", common)
    without = traits("News", "This morning Do Quy Lan came to Hanoi on train 4521 from Tra Khe.", "en", common)
    names = [{int(term["term"]) for term in one.terms if term["name"]} for one in (with_marks, without)]
    assert len(names[0] & names[1]) >= 4, "the man, the city, the number, the station"


def test_what_is_told_days_later_counts_less(common: CommonWords) -> None:
    one, other = traits(*STORM, "vi", common), traits(*STORM_TOO, "vi", common)
    assert alike(one, other) > alike(one, other, days=2) > alike(one, other, days=4) == 0


def test_many_neighbours_at_once_are_as_one_by_one(common: CommonWords) -> None:
    one = traits(*STORM, "vi", common)
    texts = [STORM, STORM_TOO, MATCH, STORM_ENGLISH, ("", "")]
    others = [Neighbour(traits(*text, "vi", common), at != 3, at / 4) for at, text in enumerate(texts)]
    assert likenesses(one, others) == pytest.approx([likenesses(one, [other])[0] for other in others])
    assert likenesses(one, []) == []
    assert likenesses(Traits(b""), others) == [0.0] * len(others)


def test_a_story_is_joined_through_half_of_its_members() -> None:
    assert story_likeness([1.4], 1) == pytest.approx(1.4)
    assert story_likeness([1.4, 0.2], 2) == pytest.approx(1.4)
    assert story_likeness([1.4, 0.2], 4) == pytest.approx(0.8)
    assert story_likeness([2.0], 6) == pytest.approx(2 / 3), "members that were not near count as nothing"


@pytest.mark.parametrize("title", ["", "\ud800", "越南宣布修建新桥", "1.250", "a" * 5_000, "TIN NÓNG"])
def test_any_headline_has_traits(title: str, common: CommonWords) -> None:
    found = traits(title, title, "vi", common)
    assert all(weight > 0 for weight in found.terms["weight"].tolist())
