"""By which text of the guidelines people labelled: the desk notes it when it begins to serve a new one."""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.reviewing import AuditRow

ACTION = "guidelines"
LENGTH = 12  # of the digest: enough to tell apart all texts that a project will ever have

Versions = Sequence[tuple[datetime, str]]


def guideline_version(folder: Path) -> str | None:
    """A digest of the guidelines in all their languages; None when there are none.

    A digest, not a number that somebody has to remember to raise: it is another one whenever a word is.
    """
    paths = sorted(folder.glob("*.md"))
    if not paths:
        return None
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:LENGTH]


def note_guidelines(session: Session, version: str | None) -> bool:
    """Remember from when on labels are given by this text. Returns whether it is another one than before."""
    known = guideline_versions(session)
    if version is None or (known and known[-1][1] == version):
        return False
    session.add(AuditRow(action=ACTION, detail={"version": version}))
    session.flush()
    return True


def guideline_versions(session: Session) -> Versions:
    """Every text that was noted, with the time from which on it held, the oldest first."""
    query = select(AuditRow.at, AuditRow.detail).where(AuditRow.action == ACTION).order_by(AuditRow.at, AuditRow.id)
    return [(row.at, str(row.detail.get("version"))) for row in session.execute(query)]


def version_at(versions: Versions, moment: datetime) -> str | None:
    """The text that held at a moment; None before the first was noted."""
    place = bisect_right([at for at, _ in versions], moment)
    return versions[place - 1][1] if place else None
