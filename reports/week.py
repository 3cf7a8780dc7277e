"""An ISO week in Vietnam: Monday 00:00 to Monday 00:00, Asia/Ho_Chi_Minh."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from reports.errors import ReportError
from store.figures import LOCAL

PATTERN = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII | re.IGNORECASE)
FIRST_YEAR = 1990  # no web press before; and Vietnam has kept UTC+7, without summer time, since 1975


@dataclass(frozen=True)
class Week:
    """A week by its ISO 8601 number."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"

    @property
    def days(self) -> tuple[date, ...]:
        """Monday to Sunday."""
        return tuple(date.fromisocalendar(self.year, self.number, day) for day in range(1, 8))

    @property
    def since(self) -> datetime:
        """Its first moment, in UTC."""
        return datetime.combine(self.days[0], time(), LOCAL).astimezone(UTC)

    @property
    def until(self) -> datetime:
        """The first moment after it, in UTC."""
        return datetime.combine(self.days[0] + timedelta(days=7), time(), LOCAL).astimezone(UTC)


def week_of(moment: datetime) -> Week:
    """The week a moment falls in, in Vietnam."""
    year, number, _ = moment.astimezone(LOCAL).isocalendar()
    return Week(year, number)


def parse_week(text: str, now: datetime) -> Week:
    """The week that `text` names, as 2026-W46.

    Raises
    ------
    ReportError
        It is not a week, the year has no such week, or it has not begun at `now`.
    """
    current = week_of(now)
    match = PATTERN.fullmatch(text.strip())
    if not match:
        raise ReportError(f"--week is {text!r}; give a year and an ISO week, such as {current}")
    year, number = int(match[1]), int(match[2])
    if not FIRST_YEAR <= year <= current.year + 1:
        raise ReportError(f"--week is {text!r}; years from {FIRST_YEAR} to {current.year} are valid")
    last = date(year, 12, 28).isocalendar().week  # 28 December is always in the last week of its year
    if not 1 <= number <= last:
        raise ReportError(f"--week is {text!r}; {year} has the weeks 01 to {last}")
    week = Week(year, number)
    if week.since > now:
        raise ReportError(f"--week is {text!r}, which has not begun; the current week is {current}")
    return week
