"""Labels as a model can learn from them: the text that was read, what was said of it, and where that comes from."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.acts import Act, newest_of_each, read_acts
from store.content import ArticleRow, RevisionRow, full_text
from store.crawling import SourceRow
from store.figures import AUDIT
from store.guidelines import Versions, guideline_versions, version_at
from store.picking import LEARNING
from store.reviewing import FlagRow, LabelRow, UserRow

Drawn = Literal["audit", "learning", "flagged", "none"]
BATCH = 200  # articles read at once, with their texts


@dataclass(frozen=True)
class Said:
    """What one person said of the text, when, and by which guidelines (None: not noted). `reader` is no name.

    Nobody has to say `valence`, `voice` and `evidence` (a `field`, title or text, and from where to where in it).
    """

    reader: str
    role: str
    at: datetime
    verdict: str
    relevance: str | None
    topics: tuple[str, ...] | None
    tone: str | None
    guidelines: str | None
    valence: str | None = None
    voice: str | None = None
    evidence: Mapping[str, Any] | None = None
    unsure: bool = False


@dataclass(frozen=True)
class TrainingLabel:
    """An article with the newest label that stands, in the revision that was labelled.

    `topics` is None when they were not asked, an empty tuple when the reader agreed that none fits; `tone` is None when
    it was not asked. `text` is the lead and the body, as `classify.types.Document` wants it. `drawn` says how the
    article came before the reader: `audit` = the random sample, which alone is unbiased; `learning` = picked because
    the machine was unsure or labels were few; `flagged` = another rule, `rules` names them; `none` = found otherwise.
    `readers` counts who labelled this revision, `agreeing` those who said the same as `said` (itself included);
    `dissent` keeps what the others said.
    """

    article_id: int
    revision: int
    url: str
    outlet: str
    country: str
    language: str
    published_at: datetime | None
    title: str
    text: str
    story: int | None
    said: Said
    drawn: Drawn
    rules: tuple[str, ...]
    readers: int
    agreeing: int
    dissent: tuple[Said, ...]

    def as_facts(self) -> dict[str, Any]:
        """As plain JSON types and without the text, which is the outlet's and stays in the database."""
        row = {name: getattr(self, name) for name in FACTS}
        row["published_at"] = self.published_at.isoformat() if self.published_at else None
        return row | {
            "rules": list(self.rules), "said": _plain(self.said), "dissent": [_plain(other) for other in self.dissent]
        }  # fmt: skip


FACTS = (
    "article_id", "revision", "url", "outlet", "country", "language", "title", "story", "drawn", "readers", "agreeing",
)  # fmt: skip


def training_labels(session: Session) -> Iterator[TrainingLabel]:
    """Every article whose newest standing verdict answers the questions, by id; "cannot tell" teaches nothing.

    The newest verdict wins, whoever gave it. Copies and withdrawn articles are given, too: their text was read.
    """
    versions = guideline_versions(session)
    users = {user.id: user for user in session.scalars(select(UserRow))}
    labelled = select(LabelRow.article_id).where(LabelRow.field == "verdict").distinct().order_by(LabelRow.article_id)
    ids = session.scalars(labelled).all()
    for first in range(0, len(ids), BATCH):
        yield from _batch(session, ids[first : first + BATCH], users, versions)


def reader_of(user: UserRow) -> str:
    """A word for a reader that is no name and leads to nobody outside of this database.

    The time the account was made, to the microsecond, is the salt: it is in no export.
    """
    return hashlib.sha256(f"reader:{user.id}:{user.created_at.isoformat()}".encode()).hexdigest()[:12]


def _batch(
    session: Session, ids: Sequence[int], users: dict[int, UserRow], versions: Versions
) -> Iterator[TrainingLabel]:
    acts = read_acts(session, ids)
    query = select(ArticleRow, SourceRow.country).join(ArticleRow.source).where(ArticleRow.id.in_(acts))
    articles = {row.ArticleRow.id: (row.ArticleRow, row.country) for row in session.execute(query)}
    earlier = select(RevisionRow).where(RevisionRow.article_id.in_(acts))
    texts = {(row.article_id, row.number): row for row in session.scalars(earlier)}
    flags: dict[int, list[FlagRow]] = {}
    for flag in session.scalars(select(FlagRow).where(FlagRow.article_id.in_(acts)).order_by(FlagRow.id)):
        flags.setdefault(flag.article_id, []).append(flag)
    for article_id, given in acts.items():
        last = given[-1]
        article, country = articles[article_id]
        text = article if article.revision == last.revision else texts.get((article_id, last.revision))
        if last.relevance is not None and text is not None:
            rules = _rules(flags.get(article_id, ()), last.made_at)
            yield _label(article, text, country, rules, given, users, versions)


def _label(
    article: ArticleRow,
    text: ArticleRow | RevisionRow,
    country: str,
    rules: tuple[str, ...],
    given: Sequence[Act],
    users: dict[int, UserRow],
    versions: Versions,
) -> TrainingLabel:
    last = given[-1]
    opinions = newest_of_each(act for act in given if act.revision == last.revision)
    agreeing = [act for act in opinions if act.answers == last.answers]
    return TrainingLabel(
        article_id=article.id,
        revision=last.revision,
        url=article.url,
        outlet=article.source_id,
        country=country,
        language=article.language,
        published_at=article.published_at,
        title=text.title,
        text=full_text(text.lead, text.body),
        story=article.story_id,
        said=_said(last, users, versions),
        drawn=_drawn(rules),
        rules=rules,
        readers=len(opinions),
        agreeing=len(agreeing),
        dissent=tuple(_said(act, users, versions) for act in opinions if act not in agreeing),
    )


def _rules(flags: Sequence[FlagRow], labelled_at: datetime) -> tuple[str, ...]:
    """The rules that had spoken when the label was given. The audit is a draw, no matter when it was written down."""
    return tuple(sorted({flag.rule for flag in flags if flag.rule == AUDIT or flag.raised_at <= labelled_at}))


def _drawn(rules: Sequence[str]) -> Drawn:
    if AUDIT in rules:
        return "audit"
    if LEARNING in rules:
        return "learning"
    return "flagged" if rules else "none"


def _said(act: Act, users: dict[int, UserRow], versions: Versions) -> Said:
    user = users[act.user_id]
    return Said(
        reader=reader_of(user),
        role=user.role,
        at=act.made_at,
        verdict=act.verdict,
        relevance=act.relevance,
        topics=act.topics,
        tone=act.tone,
        guidelines=version_at(versions, act.made_at),
        valence=act.valence,
        voice=act.voice,
        evidence=act.evidence,
        unsure=act.unsure,
    )


def _plain(said: Said) -> dict[str, Any]:
    row = {name: getattr(said, name) for name in Said.__dataclass_fields__}
    topics = None if said.topics is None else list(said.topics)
    return row | {"at": said.at.isoformat(), "topics": topics}
