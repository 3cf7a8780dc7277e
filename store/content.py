"""What the pages said: articles and their earlier versions, copies, stories, predictions, and the text to search."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.base import Base, Key, Short, now
from store.crawling import PageRow, SourceRow


class Outcome(StrEnum):
    """How the processing of a fetched page ended; `outcome_reason` says why for the last three."""

    ARTICLE = "article"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    QUARANTINED = "quarantined"


class StoryRow(Base):
    """Articles on one event."""

    __tablename__ = "stories"

    id: Mapped[Key]
    title: Mapped[str]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    articles: Mapped[int] = mapped_column(default=1)


class ArticleRow(Base):
    """An article as it reads now; earlier texts are its `RevisionRow`s. One page, one article.

    `sorted_at` is `published_at` where the page told it, else `first_seen_at`: an undated article stays undated and is
    still found by time.
    """

    __tablename__ = "articles"
    __table_args__ = (Index("ix_articles_sorted_at_source_id", "sorted_at", "source_id"),)

    id: Mapped[Key]
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), unique=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), index=True)
    story_id: Mapped[int | None] = mapped_column(ForeignKey("stories.id"), index=True)
    url: Mapped[str]
    canonical_url: Mapped[str]
    title: Mapped[str]
    lead: Mapped[str]
    body: Mapped[str]
    authors: Mapped[list[str]]
    language: Mapped[Short]
    published_at: Mapped[datetime | None]
    date_source: Mapped[Short]
    date_confidence: Mapped[float]
    modified_at: Mapped[datetime | None]
    first_seen_at: Mapped[datetime] = mapped_column(default=now)
    sorted_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
    revised_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    text_digest: Mapped[str] = mapped_column(index=True)
    agency: Mapped[Short | None]
    extractor: Mapped[Short]
    warc_file: Mapped[str | None]
    warc_offset: Mapped[int | None] = mapped_column(BigInteger)

    page: Mapped[PageRow] = relationship(lazy="raise")
    source: Mapped[SourceRow] = relationship(lazy="raise")
    story: Mapped[StoryRow | None] = relationship(lazy="raise")


class RevisionRow(Base):
    """A text that an article had before, with the archived response it was read from."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    number: Mapped[int]
    title: Mapped[str]
    lead: Mapped[str]
    body: Mapped[str]
    text_digest: Mapped[str]
    warc_file: Mapped[str | None]
    warc_offset: Mapped[int | None] = mapped_column(BigInteger)
    replaced_at: Mapped[datetime] = mapped_column(default=now)


class CopyRow(Base):
    """`article_id` repeats the text of `original_id`, the earliest article seen with it.

    `similarity` is the share of the shorter text that the other holds; `agency` the news agency that the earliest of
    them to name one names as its source.
    """

    __tablename__ = "copies"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    original_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    method: Mapped[Short]
    similarity: Mapped[float]
    agency: Mapped[Short | None]
    found_at: Mapped[datetime] = mapped_column(default=now)


class MarkRow(Base):
    """What is kept of an article's current text to find its copies and its story (see `classify.copies`, `.stories`).

    `version` names the makers of the marks; `shingles` is 0 when the text is too short to have copies.
    """

    __tablename__ = "marks"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    version: Mapped[int]
    shingles: Mapped[int]
    bands: Mapped[bytes]
    sketch: Mapped[bytes]
    figures: Mapped[bytes]
    traits: Mapped[bytes]
    day: Mapped[int]


class BandRow(Base):
    """An article by one of its MinHash bands. Derived from `MarkRow`; a band is kept of the first articles only.

    The key is the whole row, so SQLite needs no second tree; no foreign key, which would cost a look-up a band.
    """

    __tablename__ = "copy_bands"
    __table_args__ = ({"sqlite_with_rowid": False},)

    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class TermRow(Base):
    """An article by one of the heavy terms of its headline and lead, and its day. Derived from `MarkRow`."""

    __tablename__ = "story_terms"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class StoryDecisionRow(Base):
    """What an analyst decided on stories: machines place no article elsewhere that has one, and undo none.

    `merge`: the story `from_id` went into `story_id`. `place`: the article was put into `story_id`, out of `from_id`
    (None when it was in none).
    """

    __tablename__ = "story_decisions"

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[Short]
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), index=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)
    from_id: Mapped[int | None] = mapped_column(ForeignKey("stories.id"), index=True)


class PredictionRow(Base):
    """What one version of the machine said of one revision of an article, and why (see `classify.types.Prediction`).

    Predictions from before 0004 have no `valence` and `voice`, and an empty `unmeasured`.
    """

    __tablename__ = "predictions"
    __table_args__ = (UniqueConstraint("article_id", "revision", "model"),)

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    revision: Mapped[int]
    model: Mapped[Short]
    language: Mapped[Short]
    language_confidence: Mapped[float]
    relevance: Mapped[Short | None]
    topics: Mapped[list[str]]
    primary_topic: Mapped[Short | None]
    tone: Mapped[Short | None]
    valence: Mapped[Short | None]
    voice: Mapped[Short | None]
    unmeasured: Mapped[list[str]] = mapped_column(default=list)
    scores: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]
    current: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    article: Mapped[ArticleRow] = relationship(lazy="raise")


class SearchRow(Base):
    """The words of an article as search sees them; both databases index these two columns (see `store.search`)."""

    __tablename__ = "article_search"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    folded: Mapped[str]
    exact: Mapped[str]


def full_text(lead: str, body: str) -> str:
    """The text of an article without its title, as the machine reads it: evidence counts its characters from here."""
    return "\n".join(part for part in (lead, body) if part)
