"""`diembao status` in words: where every page stands, with sums that match, and how the machinery does."""

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.disk import Disk
from pipelines.drift import WEEKS, Check, Drift
from store.runs import Run, Standing

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
SHOWN = 8  # reasons or hosts of a kind; the rest is summed up in a line
UNITS = (("day", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
Alive = Callable[[Run], bool | None]


def alive(run: Run) -> bool | None:
    """Whether the process of a run is there; None when it was on another machine, or was not recorded."""
    if not run.pid or run.host != socket.gethostname()[:200]:
        return None
    try:
        os.kill(run.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, and there
        return True
    return True


def write_standing(standing: Standing, disk: Disk, is_alive: Alive = alive, drift: Drift | None = None) -> str:
    """Where everything stands, for a person. Times are those of Vietnam."""
    blocks = [
        [f"Điểm Báo, {local(standing.at)} (times are Vietnam's)"],
        _pages(standing),
        _feeds(standing),
        [
            f"articles   {standing.articles} kept; {standing.copies} are copies, {standing.revisions} were edited, "
            f"{standing.withdrawn} withdrawn",
            f"desk       {standing.open_flags} open flags, {standing.labels} labels",
            *(_drift(drift) if drift else ()),
        ],
        _runs(standing, is_alive),
        _disk(disk),
        [f"ERROR      {wrong}: a fault of the program, please report it" for wrong in standing.mismatches],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def as_json(standing: Standing, disk: Disk, is_alive: Alive = alive, drift: Drift | None = None) -> dict[str, Any]:
    """Everything that is known, in plain JSON types; times are UTC, ISO 8601."""
    known = asdict(standing)
    known["last_runs"] = [
        asdict(run) | {"seconds": run.seconds, "alive": is_alive(run) if run.status == "running" else None}
        for run in standing.last_runs
    ]
    known["running"] = [run["job"] for run in known["last_runs"] if run["status"] == "running"]
    known["resting"] = [dict(zip(("host", "until", "reason"), row, strict=True)) for row in standing.resting]
    known["mismatches"] = standing.mismatches
    known["disk"] = asdict(disk)
    if drift:
        known["drift"] = asdict(drift) | {"raised": [check.name for check in drift.raised]}
    plain: dict[str, Any] = _plain(known)
    return plain


def local(moment: datetime) -> str:
    """A time as it is in Vietnam, to the minute."""
    return f"{moment.astimezone(VIETNAM):%Y-%m-%d %H:%M}"


def duration(seconds: float) -> str:
    """A span of time in its two largest units: `2 h 5 min`."""
    left = max(0, round(seconds))
    parts = []
    for unit, size in UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}")
        if parts and (len(parts) == 2 or not left):
            break
    return " ".join(parts) or "0 s"


def size(count: float | None) -> str:
    """A number of bytes in the unit that suits it."""
    if count is None:
        return "unknown"
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "bytes" or count >= 10 else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


def _drift(drift: Drift) -> list[str]:
    """What the last week has that the weeks before had not; nothing while there are too few articles to say."""
    compared = [check for check in drift.checks if check.value is not None]
    if not compared:
        return []
    if not drift.raised:
        return [f"drift      none seen: 7 days ({drift.articles} articles) are like the {7 * WEEKS} days before"]
    return [f"drift      {check.name.replace('_', ' ')}: {check.told}{_distance(check)}" for check in drift.raised]


def _distance(check: Check) -> str:
    """How far it is; the audits say it with their shares."""
    if check.usual is None:
        return f" ({check.recent} audited, {check.reference} before)"
    return f" in 7 days (distance {check.value:.2f}, allowed {max(check.threshold, check.usual):.2f})"


def _pages(standing: Standing) -> list[str]:
    lines = [
        f"pages      {_sum(standing.pages, standing.states)}",
        f"fetched    {_sum(standing.states.get('fetched', 0), standing.outcomes)}",
    ]
    for group, reasons in standing.reasons_of.items():
        lines.append(f"  {group}: {sum(reasons.values())}")
        listed = list(reasons.items())
        lines += [f"    {count:6}  {reason}" for reason, count in listed[:SHOWN]]
        if rest := listed[SHOWN:]:
            lines.append(f"    {sum(count for _, count in rest):6}  for {len(rest)} other reasons (--json lists all)")
    if standing.oldest_due_at:
        waits = (standing.at - standing.oldest_due_at).total_seconds()
        lines.append(f"waiting    the longest-waiting page could have been fetched {duration(waits)} ago")
    return lines


def _sum(total: int, parts: Mapping[str, int]) -> str:
    """`845 = 838 fetched + 7 refused`, with a sign that does not lie."""
    written = " + ".join(f"{count} {name}" for name, count in sorted(parts.items(), key=lambda row: (-row[1], row[0])))
    sign = "=" if sum(parts.values()) == total else "≠"
    return f"{total} {sign} {written}" if written else str(total)


def _feeds(standing: Standing) -> list[str]:
    states = {name: count for name, count in standing.feed_states.items() if count and name != "disabled"}
    lines = [f"sources    {standing.sources} enabled", f"feeds      {_sum(standing.feeds, states)}"]
    if standing.feed_states.get("disabled"):
        lines[-1] += f"; {standing.feed_states['disabled']} more are disabled"
    if standing.next_feed_at:
        late = (standing.at - standing.next_feed_at).total_seconds()
        when = f"since {duration(late)}" if late > 0 else f"in {duration(-late)}"
        lines.append(f"next feed  due {when} ({local(standing.next_feed_at)})")
    for host, until, reason in standing.resting[:SHOWN]:
        lines.append(f"resting    {host} until {local(until)}: {reason}")
    if len(standing.resting) > SHOWN:
        lines.append(f"resting    and {len(standing.resting) - SHOWN} other hosts")
    return lines


def _runs(standing: Standing, is_alive: Alive) -> list[str]:
    lines = []
    for run in standing.last_runs:
        by = f"pid {run.pid} on {run.host}" if run.pid else "process not recorded"
        if run.seconds is not None:
            how = f"{run.status} after {duration(run.seconds)}"
        elif is_alive(run) is False:
            how = "its process is gone: it was killed; the next run goes on where it stopped"
        else:
            how = f"running for {duration((standing.at - run.started_at).total_seconds())}"
        lines.append(f"last run   {run.job}: {how}, begun {local(run.started_at)} ({by})")
        done = standing.last_done.get(run.job)
        if run.status != "done" and done:
            lines.append(f"           it last ended well {local(done)}")
    return lines


def _disk(disk: Disk) -> list[str]:
    database = f"; database {size(disk.database_bytes)}" if disk.database_bytes is not None else ""
    share = f" ({disk.free_bytes / disk.total_bytes:.0%})" if disk.free_bytes is not None and disk.total_bytes else ""
    return [
        f"archive    {size(disk.archive_bytes)} in {disk.archive_files} files{database}",
        f"free       {size(disk.free_bytes)}{share}",
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int | float | str) or value is None else str(value)
