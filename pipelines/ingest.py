"""WARC files made by us or by others -> pages to process. The files stay where they are; the rows point into them."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from tldextract import TLDExtract

from crawler.archive import cut_off, left_over, open_records
from crawler.errors import ArchiveError
from crawler.frontier import PageState
from crawler.source import Source
from crawler.urls import fetchable, host_of, url_key
from pipelines.sources import slug
from store.base import now
from store.crawling import PageRow, SourceRow
from store.database import Database

BATCH = 200  # pages a transaction: a killed ingest repeats at most that many
DOMAIN = TLDExtract(suffix_list_urls=(), cache_dir=None)  # the list in the wheel: nothing is downloaded
LISTING_PATHS = ("", "/")


@dataclass(frozen=True)
class Record:
    """A response worth processing: where it is and when it was fetched."""

    url: str
    offset: int
    fetched_at: datetime
    content_type: str


@dataclass
class IngestReport:
    """Counts by what became of each response record, and the files that could not be read to their end."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def ingest(
    database: Database, files: Iterable[Path], sources: Iterable[Source], progress: Callable[[int], object]
) -> IngestReport:
    """Add the HTML responses of WARC files as fetched pages. Taking a file in twice adds nothing.

    Memory does not grow with the file: records are read one at a time and never whole. A file that was begun before is
    gone on with at the last record that was taken from it.
    """
    report = IngestReport()
    domains = {_site(source.domain): source.id for source in sources}
    for path in files:
        batch: list[Record] = []
        last = 0
        try:
            last = _resume_at(database, path)
            if last:
                report.counts["files gone on with"] += 1
            progress(last)
            with open_records(path, last) as records:
                for record in records:
                    offset = records.get_record_offset()
                    progress(offset - last)
                    last = offset
                    found = _usable(record, offset, report.counts)
                    if found:
                        batch.append(found)
                    if len(batch) > BATCH:  # the newest is held back: it may prove to be cut off
                        _save(database, path, batch[:-1], domains, report.counts)
                        del batch[:-1]
            if cut_off(path, last):
                batch = [record for record in batch if record.offset != last]
                report.problems.append(f"{path}: the file ends within the record at byte {last}; the rest was taken in")
            elif left_over(path, last):
                report.problems.append(f"{path}: the file ends within the header of the record after byte {last}")
        except (ArchiveError, EOFError, ValueError, OSError) as error:
            report.problems.append(f"{path}: stopped at byte {last}: {error or type(error).__name__}")
        _save(database, path, batch, domains, report.counts)
        progress(max(0, path.stat().st_size - last) if path.exists() else 0)
    return report


def _resume_at(database: Database, path: Path) -> int:
    """Where to go on: the last record that was taken in from this file, if it is still there; else the beginning.

    Records are taken in in their order, so everything before it was seen. Another file of that name is read whole.
    """
    here = PageRow.warc_file == str(path.resolve())
    query = select(PageRow.url, PageRow.warc_offset).where(here).order_by(PageRow.warc_offset.desc()).limit(1)
    with database.reading() as session:
        row = session.execute(query).first()
    if row is None or not row.warc_offset:
        return 0
    try:
        with open_records(path, row.warc_offset) as records:
            record = next(iter(records), None)
            url = _url_of(record) if record is not None and record.rec_type == "response" else ""
    except ArchiveError:
        return 0
    return int(row.warc_offset) if url and url_key(url) == url_key(row.url) else 0


def _usable(record: Any, offset: int, counts: Counter[str]) -> Record | None:
    if record.rec_type != "response":
        return None
    url = _url_of(record)
    status = record.http_headers.get_statuscode() if record.http_headers else ""
    content_type = str((record.http_headers and record.http_headers.get_header("Content-Type")) or "")
    if not fetchable(url):
        counts["left: not an http(s) address"] += 1
    elif status != "200":
        counts["left: not a 200 answer"] += 1
    elif "html" not in content_type.lower():
        counts["left: not HTML"] += 1
    else:
        moment = _moment(str(record.rec_headers.get_header("WARC-Date") or ""))
        if moment is not None:
            return Record(url, offset, moment, content_type[:200])
        counts["left: no valid WARC-Date"] += 1
    return None


def _url_of(record: Any) -> str:
    return str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return min(moment if moment.tzinfo else moment.replace(tzinfo=UTC), now())


def _save(database: Database, path: Path, batch: list[Record], domains: dict[str, str], counts: Counter[str]) -> None:
    if not batch:
        return
    with database.writing() as session:
        unique = {url_key(record.url): record for record in batch}
        known = {row.url_key: row for row in session.scalars(select(PageRow).where(PageRow.url_key.in_(unique)))}
        for key, record in unique.items():
            page = known.get(key)
            if page is not None and page.fetched_at is not None and page.fetched_at >= record.fetched_at:
                counts["left: a record as new is known"] += 1
                continue
            if page is None:
                page = PageRow(url=record.url, url_key=key, host=host_of(record.url))
                page.source_id = _source_of(session, record.url, domains)
                page.discovered_at = record.fetched_at
                session.add(page)
            page.state, page.status, page.reason = PageState.FETCHED, 200, None
            page.fetched_at, page.content_type = record.fetched_at, record.content_type
            page.warc_file, page.warc_offset = str(path.resolve()), record.offset
            page.outcome = page.outcome_reason = page.digest = None
            counts["pages taken in"] += 1
        if len(batch) > len(unique):
            counts["left: twice in one batch"] += len(batch) - len(unique)


def _source_of(session: Session, url: str, domains: dict[str, str]) -> str:
    site = _site(host_of(url))
    source_id = domains.get(site) or slug(site)
    if session.get(SourceRow, source_id) is None:
        # An outlet that only an archive knows: kept apart from the registry, never crawled.
        session.add(
            SourceRow(
                id=source_id,
                name=site,
                name_vi=site,
                name_en=site,
                domain=site,
                country="VN" if site.endswith(".vn") else "XX",
                languages=["und"],
                scope="foreign",
                timezone="Asia/Ho_Chi_Minh" if site.endswith(".vn") else "UTC",
                enabled=False,
            )
        )
        session.flush()
    return source_id


def _site(host: str) -> str:
    host = host.partition(":")[0].lower()
    return str(DOMAIN(host).top_domain_under_public_suffix) or host.removeprefix("www.")
