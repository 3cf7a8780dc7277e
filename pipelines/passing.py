"""The copies that are not kept: pages of outlets that ask for no archive are deleted once they were read."""

import time
from pathlib import Path

from sqlalchemy import select

from crawler.directives import PASSING
from crawler.frontier import PageState
from store.content import Outcome
from store.crawling import PageRow
from store.database import Database

QUIET_SECONDS = 3600.0  # a file that was written to within the hour may still be a crawl's


def forget_passed(database: Database, archive: Path) -> int:
    """Delete the files apart whose pages were all processed; returns how many."""
    files = [
        path for path in (archive / PASSING).glob("*.warc.gz") if time.time() - path.stat().st_mtime > QUIET_SECONDS
    ]
    if not files:
        return 0
    waiting = PageRow.outcome.is_(None) | (PageRow.outcome == Outcome.QUARANTINED)  # `requeue` may want these again
    unread = select(PageRow.warc_file).where(PageRow.state == PageState.FETCHED, waiting).distinct()
    with database.reading() as session:
        wanted = set(session.scalars(unread))
    passed = [path for path in files if f"{PASSING}/{path.name}" not in wanted]
    for path in passed:
        path.unlink()
    return len(passed)
