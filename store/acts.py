"""Verdicts as acts: the labels that one person gave an article at one moment, together, and nobody took back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from store.reviewing import LabelRow


@dataclass(frozen=True)
class Act:
    """What a person said of one revision of an article. `relevance` is None when the verdict was "cannot tell".

    `topics` is None when they were not asked (of an article that is not about Vietnam), `tone` likewise. What follows
    need not be said: `evidence` is a place of that revision (`field`, `start`, `end`).
    """

    article_id: int
    revision: int
    user_id: int
    made_at: datetime
    verdict: str
    relevance: str | None
    topics: tuple[str, ...] | None
    tone: str | None
    valence: str | None = None
    voice: str | None = None
    evidence: Mapping[str, Any] | None = None
    unsure: bool = False

    @property
    def answers(self) -> tuple[Any, ...]:
        """What two people have to say alike to agree. The order of further topics does not count."""
        topics = self.topics or ()
        return self.relevance, topics[:1], frozenset(topics[1:]), self.tone


def read_acts(session: Session, article_ids: Collection[int]) -> dict[int, tuple[Act, ...]]:
    """For each of these articles with a verdict that stands, its acts, the oldest first."""
    undoing = aliased(LabelRow)
    undone = select(undoing.id).where(undoing.undoes_id == LabelRow.id).exists()
    query = select(LabelRow).where(LabelRow.article_id.in_(article_ids), LabelRow.undoes_id.is_(None), ~undone)
    rows = session.scalars(query.order_by(LabelRow.article_id, LabelRow.made_at, LabelRow.user_id, LabelRow.id))
    found: dict[int, list[Act]] = {}
    for _, labels in groupby(rows, key=lambda row: (row.article_id, row.made_at, row.user_id)):
        act = _act(tuple(labels))
        if act is not None:
            found.setdefault(act.article_id, []).append(act)
    return {article_id: tuple(acts) for article_id, acts in found.items()}


def newest_of_each(acts: Iterable[Act]) -> tuple[Act, ...]:
    """The newest act of every person, the newest of all last: who changed their mind counts once."""
    newest: dict[int, Act] = {}
    for act in acts:
        newest.pop(act.user_id, None)
        newest[act.user_id] = act
    return tuple(newest.values())


def _act(labels: tuple[LabelRow, ...]) -> Act | None:
    said: Mapping[str, Any] = {label.field: label.value for label in labels}
    if "verdict" not in said:
        return None
    first = labels[0]
    topics = said.get("topics")
    return Act(
        article_id=first.article_id,
        revision=first.revision,
        user_id=first.user_id,
        made_at=first.made_at,
        verdict=str(said["verdict"]),
        relevance=said.get("relevance"),
        topics=None if topics is None else tuple(topics),
        tone=said.get("tone"),
        valence=said.get("valence"),
        voice=said.get("voice"),
        evidence=said.get("evidence"),
        unsure=bool(said.get("unsure")),
    )
