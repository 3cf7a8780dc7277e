"""Hints for reading one outlet's pages, learned from those that are in the archive."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from crawler.archive import read_payload
from crawler.errors import ArchiveError, SourceError
from crawler.extraction.learning import Proposal, learn
from crawler.frontier import PageState
from crawler.source import Source, source_files
from crawler.yamls import with_key
from pipelines.errors import UsageError
from pipelines.settings import Settings
from store.content import Outcome
from store.crawling import PageRow
from store.database import Database

MIN_PAGES = 5  # different articles below which "on nearly all pages" says nothing; of two pages one may quote the other
SPREAD = 10  # times as many pages among which the ones to read are chosen: the newest are often of one day and section
MAX_BYTES = 5 * 1024 * 1024  # of a page; larger ones are no usual pages of their outlet


def propose(database: Database, settings: Settings, source: Source, pages: int) -> Proposal:
    """What an outlet's stored article pages say together.

    Raises
    ------
    UsageError
        Too few of them are stored, or differ.
    """
    with database.reading() as session:
        of_source = (
            PageRow.source_id == source.id,
            PageRow.state == PageState.FETCHED,
            PageRow.outcome == Outcome.ARTICLE,
        )
        stored = session.scalar(select(func.count()).select_from(PageRow).where(*of_source)) or 0
        newest = select(PageRow).where(*of_source).order_by(PageRow.fetched_at.desc(), PageRow.id.desc())
        rows = session.scalars(newest.limit(SPREAD * pages)).all()
    step = max(1, len(rows) // pages)
    spread = [row for first in range(step) for row in rows[first::step]]  # those in between only stand in
    proposal = learn(islice(_bodies(spread, settings.archive), pages))
    if proposal.pages < MIN_PAGES:
        raise UsageError(
            f"{source.id}: {stored} articles are stored, {proposal.pages} different ones could be read; at least "
            f"{MIN_PAGES} are needed: 'diembao crawl --source {source.id}' and 'diembao process', then again"
        )
    return proposal


def _bodies(rows: Iterable[PageRow], archive: Path) -> Iterator[tuple[bytes, str]]:
    for row in rows:
        try:
            _, body = read_payload(archive / (row.warc_file or ""), row.warc_offset or 0, limit=MAX_BYTES)
        except ArchiveError:
            continue  # moved away or damaged: `diembao process` tells of it
        yield body, row.final_url or row.url


def entry_of(proposal: Proposal) -> dict[str, Any]:
    """A proposal as a source file says it."""
    hints = proposal.hints
    return ({"body": hints.body} if hints.body else {}) | ({"remove": list(hints.remove)} if hints.remove else {})


def write_hints(folder: Path, source: Source, proposal: Proposal) -> Path:
    """Put the hints into the outlet's file; everything else stays as it was written.

    Raises
    ------
    UsageError
        The file cannot be written, or is in a form that only a person can change.
    """
    path = next(path for path in source_files(folder) if path.stem == source.id)
    draft = path.with_name(f".{path.stem}.draft")
    try:
        changed = with_key(path.read_bytes().decode(), "extract", entry_of(proposal))
        draft.write_bytes(changed.encode())
        draft.replace(path)
    except SourceError as error:
        raise UsageError(f"{path} {error}") from error
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; set DIEMBAO_SOURCES_DIR") from error
    return path


def as_text(source: Source, proposal: Proposal) -> str:
    """A proposal and its evidence for a person."""
    lines = [f"{source.id}: {proposal.pages} articles read"]
    if proposal.hints.body:
        lines += [
            f"  body    {proposal.hints.body}",
            f"          holds {proposal.covered:.0%} of the text on {proposal.fitting} of {proposal.pages} pages, "
            f"and {proposal.beside:.0%} else",
        ]
    else:
        lines.append("  body    no element with a lasting name holds the text on most pages: the engine finds it")
    for removal in proposal.removals:
        lines += [
            f"  remove  {removal.selector}",
            f"          {removal.characters:,} characters on {removal.pages} pages, such as: {removal.example}",
        ]
    if not proposal.removals:
        lines.append("  remove  nothing that is read as text repeats")
    if source.hints:
        lines.append(f"  in the file now: {'; without '.join((source.hints.body or 'anywhere', *source.hints.remove))}")
    return "\n".join([*lines, f"  {proposal.before:,} characters are read now, {proposal.after:,} with these hints"])
