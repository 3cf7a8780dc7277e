from datetime import UTC, datetime, timedelta

import pytest

from reports.errors import ReportError
from reports.week import Week, parse_week, week_of

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def test_a_week_starts_on_monday_midnight_in_vietnam() -> None:
    week = parse_week("2026-W46", NOW)
    assert week.since == datetime(2026, 11, 8, 17, 0, tzinfo=UTC)
    assert week.until == datetime(2026, 11, 15, 17, 0, tzinfo=UTC)
    assert str(week) == "2026-W46"


@pytest.mark.parametrize("number", range(1, 53))
def test_every_week_has_168_hours_and_the_next_begins_where_it_ends(number: int) -> None:
    week = Week(2026, number)
    assert week.until - week.since == timedelta(hours=168)
    assert week_of(week.until) != week == week_of(week.since)
    assert week_of(week.until - timedelta(microseconds=1)) == week


@pytest.mark.parametrize("text", ["2026-W46", "2026w46", " 2026-W46 "])
def test_spellings(text: str) -> None:
    assert parse_week(text, NOW) == Week(2026, 46)


def test_a_year_of_53_weeks() -> None:
    assert parse_week("2020-W53", NOW).days[-1].isoformat() == "2021-01-03"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("last week", r"--week is 'last week'; give a year and an ISO week, such as 2026-W47"),
        ("2026-46", "such as 2026-W47"),
        ("2026-W00", "2026 has the weeks 01 to 53"),
        ("2025-W53", "2025 has the weeks 01 to 52"),
        ("0001-W01", "years from 1990 to 2026"),
        ("9999-W01", "years from 1990 to 2026"),
        ("2026-W48", "has not begun; the current week is 2026-W47"),
        ("２０２６-W46", "such as 2026-W47"),
    ],
)
def test_what_is_not_a_week_is_told_what_is(text: str, message: str) -> None:
    with pytest.raises(ReportError, match=message):
        parse_week(text, NOW)
