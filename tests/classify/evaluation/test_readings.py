import pytest

from classify.evaluation.readings import Reading, agreements, as_text


def both(article: str, language: str, first: dict[str, object], second: dict[str, object]) -> list[Reading]:
    return [Reading(article, "r1", language, **first), Reading(article, "r2", language, **second)]  # type: ignore[arg-type]


@pytest.fixture
def readings() -> list[Reading]:
    same = {"relevance": "central", "topics": ("economy",), "tone": "neutral"}
    other = {"relevance": "none", "topics": ("world", "sport"), "tone": "n/a"}
    return [
        *both("1", "vi", same, same),
        *both("2", "vi", other, other),
        *both("3", "vi", {**same, "tone": "negative"}, {**same, "tone": "mixed"}),
        *both("4", "en", same, other),
        *both("5", "en", other, {**other, "topics": ("world",)}),
        Reading("6", "r1", "th", "central"),
    ]


def test_every_field_in_every_language_read_twice(readings: list[Reading]) -> None:
    found = {(row.field, row.language): row for row in agreements(readings)}
    assert {language for _, language in found} == {"all", "en", "vi"}
    assert (found["relevance", "vi"].alpha.value, found["relevance", "vi"].articles) == (1, 3)
    assert found["relevance", "all"].equal == pytest.approx(4 / 5)
    assert found["primary topic", "en"].alpha.value == pytest.approx(0)  # economy, world; world, world: 1 - 2 * 3 / 6
    assert found["topics (MASI)", "en"].equal == pytest.approx(1 - (1 + 1 - 0.5 * 2 / 3) / 2)


def test_tone_is_compared_where_both_gave_one(readings: list[Reading]) -> None:
    found = {(row.field, row.language): row for row in agreements(readings)}
    assert found["tone", "all"].articles == 2
    assert ("tone", "en") not in found
    assert (found["tone", "vi"].equal, found["tone of three", "vi"].equal) == (0.5, 1)


def test_a_second_reading_by_the_same_reader_is_no_agreement(readings: list[Reading]) -> None:
    again = [Reading("6", "r1", "th", "central"), *readings]
    assert "th" not in {row.language for row in agreements(again)}


def test_the_table_has_a_line_for_each(readings: list[Reading]) -> None:
    rows = agreements(readings)
    assert len(as_text(rows).splitlines()) == len(rows) + 1
    assert as_text(()).startswith("field")
