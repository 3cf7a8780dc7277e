"""What the schedule holds: which job is due when, by the record of runs, and of which week a summary is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests_support.rows import add_run

from pipelines.errors import UsageError
from pipelines.schedule import arguments, plan
from pipelines.settings import Settings, load_settings
from store.database import Database

FRIDAY = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # 10:00 in Hanoi
MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # 07:00 in Hanoi


def planned(database: Database, settings: Settings, moment: datetime) -> dict[str, datetime]:
    return {job.name: job.next_at.astimezone(UTC) for job in plan(database, settings, moment)}


def test_a_new_installation_runs_at_once_and_reports_on_monday(database: Database, settings: Settings) -> None:
    assert planned(database, settings, FRIDAY) == {"run": FRIDAY, "report": MONDAY}


def test_a_restart_neither_repeats_nor_forgets(database: Database, settings: Settings) -> None:
    add_run(database, "run", FRIDAY - timedelta(minutes=4))
    assert planned(database, settings, FRIDAY)["run"] == FRIDAY + timedelta(minutes=6)
    add_run(database, "run", FRIDAY - timedelta(minutes=1))
    assert planned(database, settings, FRIDAY)["run"] == FRIDAY + timedelta(minutes=9)
    tuesday = MONDAY + timedelta(days=1)
    late = {job.name: job for job in plan(database, settings, tuesday)}["report"]
    assert late.next_at.astimezone(UTC) == MONDAY, "nobody wrote Monday's summary"
    assert late.due(tuesday)
    add_run(database, "report", MONDAY + timedelta(seconds=2))
    assert planned(database, settings, tuesday)["report"] == MONDAY + timedelta(days=7)


def test_the_summary_can_be_switched_off_or_moved(database: Database, settings: Settings, tmp_path: Path) -> None:
    off, _ = load_settings(tmp_path, var_dir=tmp_path, schedule_report="")
    assert list(planned(database, off, FRIDAY)) == ["run"]
    moved, _ = load_settings(tmp_path, var_dir=tmp_path, schedule_report="Fri 10:30")
    assert planned(database, moved, FRIDAY)["report"] == FRIDAY + timedelta(minutes=30)


@pytest.mark.parametrize("text", ["monday 07:00", "mon 24:00", "mon 7:00", "07:00", "mon"])
def test_a_moment_that_is_none(text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="give a day and a time in Vietnam, such as 'mon 07:00'"):
        load_settings(tmp_path, schedule_report=text)


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (MONDAY, "2026-W47"),
        (MONDAY + timedelta(days=3), "2026-W47"),
        (datetime(2026, 11, 22, 17, 30, tzinfo=UTC), "2026-W47"),  # Monday in Hanoi, Sunday in London
        (datetime(2027, 1, 4, 0, 0, tzinfo=UTC), "2026-W53"),
    ],
)
def test_the_summary_is_of_the_week_that_is_over(moment: datetime, week: str, settings: Settings) -> None:
    folder = str(settings.var_dir / "reports")
    assert arguments("report", settings, moment) == ["report", "--week", week, "--out", folder]
