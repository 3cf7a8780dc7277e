"""What hosts ask of a crawl, kept across runs and restarts: to be left alone for a while, and their robots.txt."""

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, delete, select
from sqlalchemy.orm import Session

from crawler.frontier import RobotsAnswer
from store.base import now
from store.crawling import LONGEST_HOST, HostRow, RobotsRow

# Statements are made once: these run for every site of a crawl.
ROBOTS = cast("Table", RobotsRow.__table__)
KNOWN = select(ROBOTS.c.site, ROBOTS.c.status, ROBOTS.c.body, ROBOTS.c.fetched_at).where(
    ROBOTS.c.site == bindparam("asked")
)
ANSWER: dict[str, Any] = {
    "status": bindparam("new_status"),
    "body": bindparam("new_body"),
    "fetched_at": bindparam("moment"),
}
REPLACE = ROBOTS.update().where(ROBOTS.c.site == bindparam("asked")).values(ANSWER)
ADD = ROBOTS.insert().values({"site": bindparam("asked")} | ANSWER)


def rest_host(session: Session, host: str, seconds: float, reason: str) -> None:
    """Leave a host alone; a longer rest that it asked for before stays."""
    until = now() + timedelta(seconds=seconds)
    host = host[:LONGEST_HOST]
    row = session.get(HostRow, host)
    if row is None or row.busy_until < until:
        session.merge(HostRow(host=host, busy_until=until, reason=reason[:300]))


def resting() -> Select[str]:
    """The hosts to be left alone now, for a condition `host.not_in(...)`."""
    return select(HostRow.host).where(HostRow.busy_until > now())


def resting_hosts(session: Session) -> dict[str, float]:
    """The hosts to be left alone, with the seconds left; rests that are over are forgotten."""
    moment = now()
    session.execute(delete(HostRow).where(HostRow.busy_until <= moment))
    return {row.host: (row.busy_until - moment).total_seconds() for row in session.scalars(select(HostRow))}


def known_robots(session: Session, site: str) -> RobotsAnswer | None:
    """A site's last answer for its robots.txt."""
    row = session.connection().execute(KNOWN, {"asked": site}).first()
    return RobotsAnswer(*row) if row else None


def robots_sites(session: Session) -> set[str]:
    """The sites whose robots.txt is known at all."""
    return set(session.scalars(select(RobotsRow.site)))


def keep_robots(session: Session, answer: RobotsAnswer) -> None:
    """Keep a site's answer in place of the one before."""
    # No database takes NUL in text, and a robots.txt may hold anything.
    body = answer.body.replace("\x00", "\ufffd")
    values = {"asked": answer.site, "new_status": answer.status, "new_body": body, "moment": answer.fetched_at}
    connection = session.connection()
    if not connection.execute(REPLACE, values).rowcount:
        connection.execute(ADD, values)
