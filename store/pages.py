"""The life of a page's row: discovered, due, fetched, looked at again, failed, refused.

Functions of a session; `store.frontier` makes each one transaction.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from crawler.frontier import Discovery, PageReading, PageState, PageTask, Refusal
from crawler.urls import UNWRITABLE, host_of, url_key
from store.base import now
from store.crawling import HostRow, PageRow
from store.hosts import resting

# The tables behind the rows: at every answer of an outlet the plain statements cost half of what mapped ones do.
PAGES = cast("Table", PageRow.__table__)
DUE = (PageState.WAITING, PageState.RETRYING)
# Seconds before attempt 2, 3, ...: two soon (a hiccup, a restart), then over most of a day (an outage).
BACKOFF = (5, 30, 300, 1800, 7200, 43_200)
MAX_WAIT = 86_400.0  # no Retry-After is believed beyond a day
LOOKED_AT = 2_000  # due pages looked at for one batch
KNOWN_AT_ONCE = 500  # keys in one query, below SQLite's limit on parameters
TWINS = 3  # other pages of a host with the very same bytes: an error page that says 200; two may be one article's
RECENT = timedelta(days=7)  # older articles are seldom edited
_jitter = Random(0)  # spreads retries; nothing depends on the numbers


def due_pages(
    session: Session, limit: int, per_host: int, held: Collection[PageTask], sources: Collection[str] | None
) -> list[PageTask]:
    """Pages due now, oldest due first, a few a host."""
    hosts = Counter(page.host for page in held)
    full = [host for host, count in hosts.items() if count >= per_host]
    columns = (PAGES.c.id, PAGES.c.source_id, PAGES.c.url, PAGES.c.host, PAGES.c.attempts)
    query = (
        select(*columns, PAGES.c.etag, PAGES.c.last_modified)
        .where(PAGES.c.state.in_(DUE), PAGES.c.due_at <= now(), PAGES.c.host.not_in(resting()))
        .order_by(PAGES.c.due_at, PAGES.c.id)
        .limit(LOOKED_AT)
    )
    query = query.where(PAGES.c.host.not_in(full)) if full else query
    query = query.where(PAGES.c.source_id.in_(sources)) if sources is not None else query
    busy = {page.id for page in held}
    tasks: list[PageTask] = []
    for row in session.execute(query):
        if len(tasks) == limit:
            break
        if row.id not in busy and hosts[row.host] < per_host:
            hosts[row.host] += 1
            tasks.append(PageTask(*row))
    return tasks


def next_page_at(session: Session, sources: Collection[str] | None) -> datetime | None:
    """When the next page falls due, of the hosts that do not rest; None when none waits."""
    query = select(func.min(PageRow.due_at)).where(PageRow.state.in_(DUE), PageRow.host.not_in(resting()))
    return session.scalar(query.where(PageRow.source_id.in_(sources)) if sources is not None else query)


def next_rest_over(session: Session, sources: Collection[str] | None) -> datetime | None:
    """When the first resting host with pages waiting may be asked again; None when there is none."""
    waiting = select(PAGES.c.host).where(PAGES.c.state.in_(DUE))
    waiting = waiting.where(PAGES.c.source_id.in_(sources)) if sources is not None else waiting
    return session.scalar(
        select(func.min(HostRow.busy_until)).where(HostRow.busy_until > now(), HostRow.host.in_(waiting))
    )


SAME = (PAGES.c.digest == bindparam("new_digest")) & (PAGES.c.status == bindparam("new_status"))
FETCHED = (
    PAGES.update()
    .where(PAGES.c.id == bindparam("page"))
    .values(
        state=PageState.FETCHED,
        reason=None,
        attempts=0,
        fetched_at=bindparam("moment"),
        status=bindparam("new_status"),
        content_type=bindparam("kind"),
        final_url=bindparam("final"),
        warc_file=bindparam("file"),
        warc_offset=bindparam("offset"),
        etag=bindparam("new_etag"),
        last_modified=bindparam("modified"),
        recheck_at=bindparam("again"),
        # The same bytes with the same status as last time need no processing again.
        outcome=case((SAME, PAGES.c.outcome), else_=None),
        outcome_reason=case((SAME, PAGES.c.outcome_reason), else_=None),
        digest=bindparam("new_digest"),
    )
)
TWIN = PAGES.alias("twin")
TWINS_OF = (
    select(func.count())
    .select_from(TWIN)
    .where(TWIN.c.host == bindparam("host"), TWIN.c.digest == bindparam("new_digest"), TWIN.c.id != bindparam("page"))
    .scalar_subquery()
)
LOOK = select(PAGES.c.published_at, PAGES.c.discovered_at, PAGES.c.rechecks, TWINS_OF.label("twins")).where(
    PAGES.c.id == bindparam("page")
)


def page_read(connection: Connection, task: PageTask, reading: PageReading, again: Sequence[float]) -> PageState:
    """Keep a page's answer: where its record is, when to look again. It waits for processing now.

    Nothing is kept when it is `REFUSED`, being the same bytes as other pages of its host: the caller says so. A plain
    connection, because a session costs a part of all that a page costs a crawl. `again`: hours after the first fetch at
    which a page is looked at again, while its article is recent.
    """
    moment = now()
    same = {"host": task.host, "new_digest": reading.record.digest, "page": task.id}
    row = connection.execute(LOOK, same).one()
    if reading.status < 400 and row.twins >= TWINS:
        return PageState.REFUSED
    values = {
        "page": task.id,
        "moment": moment,
        "new_status": reading.status,
        "kind": reading.content_type,
        "final": reading.final_url if reading.final_url != task.url else None,
        "file": reading.record.file,
        "offset": reading.record.offset,
        "new_etag": reading.etag,
        "modified": reading.last_modified,
        "again": _next_look(row, moment, again) if reading.status < 400 else None,
        "new_digest": reading.record.digest,
    }
    connection.execute(FETCHED, values)
    return PageState.FETCHED


def page_unchanged(session: Session, task: PageTask, again: Sequence[float]) -> None:
    """A look at a fetched page found it as it was: nothing but the next look changes."""
    moment = now()
    values: dict[str, Any] = {"state": PageState.FETCHED, "reason": None, "attempts": 0}
    connection = session.connection()
    row = connection.execute(LOOK, {"host": task.host, "new_digest": None, "page": task.id}).one()
    values["recheck_at"] = _next_look(row, moment, again)
    connection.execute(PAGES.update().where(PAGES.c.id == task.id).values(values))


def _next_look(row: Any, moment: datetime, again: Sequence[float]) -> datetime | None:
    if row.rechecks >= len(again) or (row.published_at or row.discovered_at) < moment - max(RECENT, _hours(again)):
        return None
    earlier = again[row.rechecks - 1] if row.rechecks else 0.0
    return moment + timedelta(hours=again[row.rechecks] - earlier)


def _hours(again: Sequence[float]) -> timedelta:
    return timedelta(hours=2 * max(again, default=0.0))


def looks_due(session: Session) -> int:
    """Make the articles due whose time has come to be looked at again; returns how many."""
    due = update(PageRow).where(
        PageRow.recheck_at <= now(), PageRow.state == PageState.FETCHED, PageRow.outcome == "article"
    )
    values = {
        "state": PageState.WAITING,
        "due_at": PageRow.recheck_at,
        "recheck_at": None,
        "rechecks": PageRow.rechecks + 1,
    }
    return session.execute(due.values(values)).rowcount  # type: ignore[attr-defined,no-any-return]


def look_again(session: Session, since: datetime) -> int:
    """Make every article due that was discovered after `since`; returns how many."""
    again = (
        update(PageRow)
        .where(PageRow.state == PageState.FETCHED, PageRow.outcome == "article", PageRow.discovered_at >= since)
        .values(state=PageState.WAITING, due_at=now())
    )
    return session.execute(again).rowcount  # type: ignore[attr-defined,no-any-return]


def page_failed(session: Session, task: PageTask, problem: str, retry_after: float | None) -> PageState:
    """A passing failure: retry later, quarantine after the last attempt. What was fetched before stays fetched."""
    row = session.get_one(PageRow, task.id)
    row.attempts += 1
    problem = row.reason = UNWRITABLE.sub("\ufffd", problem)
    if row.attempts <= len(BACKOFF):
        row.state = PageState.RETRYING
        row.due_at = now() + wait(BACKOFF, row.attempts, retry_after)
    elif row.warc_file is not None:
        row.state, row.attempts, row.reason = PageState.FETCHED, 0, f"not seen again: {problem}"
    else:
        row.state = PageState.QUARANTINED
    return PageState(row.state)


def refuse_page(session: Session, task: PageTask, reason: Refusal, detail: str = "") -> None:
    """A page that will not be fetched, and why. One that was fetched before stays fetched, and says so."""
    detail = UNWRITABLE.sub("\ufffd", detail)
    why = f"{reason.value} ({detail})" if detail else reason.value
    row = session.get_one(PageRow, task.id)
    if row.warc_file is None:
        row.state, row.reason = PageState.REFUSED, why
    else:
        row.state, row.attempts, row.reason = PageState.FETCHED, 0, f"not seen again: {why}"


def wait(steps: Sequence[int], failures: int, retry_after: float | None) -> timedelta:
    """How long to wait after so many failures, at least as long as the outlet asks."""
    step = steps[min(failures, len(steps)) - 1] * _jitter.uniform(1.0, 1.2)
    return timedelta(seconds=min(max(step, retry_after or 0.0), MAX_WAIT))


KNOWN = select(PAGES.c.url_key, PAGES.c.id, PAGES.c.state, PAGES.c.fetched_at, PAGES.c.modified_at).where(
    PAGES.c.url_key.in_(bindparam("keys", expanding=True))
)


def known_pages(session: Session, keys: Sequence[str]) -> dict[str, Row[Any]]:
    """The rows (key, id, state, times) of those keys that are known."""
    known: dict[str, Row[Any]] = {}
    for at in range(0, len(keys), KNOWN_AT_ONCE):
        some = {"keys": keys[at : at + KNOWN_AT_ONCE]}
        known.update({row.url_key: row for row in session.connection().execute(KNOWN, some)})
    return known


def by_key(items: Sequence[Discovery]) -> dict[str, Discovery]:
    """Items by their page's key; of several of one page the first."""
    found: dict[str, Discovery] = {}
    for item in items:
        found.setdefault(url_key(item.url), item)
    return found


def insert_pages(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows made by `new_page`."""
    if rows:
        session.connection().execute(PAGES.insert(), list(rows))


def new_page(source_id: str, feed_id: int | None, key: str, item: Discovery, **values: Any) -> dict[str, Any]:
    """The row of a page that was not known."""
    url = item.url.strip()
    return {
        "source_id": source_id,
        "feed_id": feed_id,
        "url": url,
        "url_key": key,
        "host": host_of(url),
        "title": item.title,
        "published_at": item.published_at,
        "modified_at": item.modified_at,
        "state": PageState.WAITING,
        "reason": None,
        "due_at": now(),
    } | values


def mark_changed(session: Session, known: Mapping[str, Row[Any]], items: Mapping[str, Discovery]) -> int:
    """Make due again the fetched pages that changed since, by what the feed says; returns how many."""
    changed = {known[key].id: item for key, item in items.items() if key in known and _changed(known[key], item)}
    for page_id, item in changed.items():
        due = {"state": PageState.WAITING, "due_at": now(), "modified_at": item.modified_at}
        session.execute(update(PageRow).where(PageRow.id == page_id).values(due))
    return len(changed)


def _changed(row: Row[Any], item: Discovery) -> bool:
    return (
        item.modified_at is not None
        and row.state == PageState.FETCHED
        and row.fetched_at is not None
        and item.modified_at > row.fetched_at
        and item.modified_at > (row.modified_at or row.fetched_at)
    )


NEW = PAGES.c.discovered_at >= bindparam("since")
QUEUE = select(func.count().filter(NEW), func.count().filter(PAGES.c.state.in_(DUE))).where(
    PAGES.c.source_id == bindparam("source"), or_(NEW, PAGES.c.state.in_(DUE))
)


def waiting_of(session: Session, source_id: str, since: datetime) -> tuple[int, int]:
    """How many pages of a source were discovered since a time, and how many wait to be fetched."""
    today, waiting = session.connection().execute(QUEUE, {"source": source_id, "since": since}).one()
    return today, waiting
