"""Keeping what was extracted: the article, its earlier versions, exact copies, its story, the machine's word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from classify.stories import best_match
from classify.types import Prediction
from crawler.article import Article
from store.base import now
from store.content import ArticleRow, CopyRow, PredictionRow, RevisionRow, StoryRow
from store.crawling import PageRow
from store.words import folded_words

Change = Literal["new", "revised", "same"]
STORY_WINDOW = timedelta(hours=48)
STORY_CANDIDATES = 1_000  # headlines compared with; far more than one language's news of four days here


@dataclass(frozen=True)
class Extracted:
    """What a worker made of a page. `text_digest` is of the body's letters and digits; equal ones = an exact copy."""

    article: Article
    language: str
    text_digest: str | None
    folded: str
    exact: str
    extractor: str


def save_article(session: Session, page: PageRow, found: Extracted) -> tuple[ArticleRow, Change]:
    """Keep an article; the text before a change is kept as a revision. Running it again changes nothing."""
    return save_articles(session, [(page, found)])[0]


def save_articles(session: Session, batch: Sequence[tuple[PageRow, Extracted]]) -> list[tuple[ArticleRow, Change]]:
    """Keep several articles, in order, in few statements (see `save_article`). No page may occur twice."""
    page_ids = [page.id for page, _ in batch]
    known = {row.page_id: row for row in session.scalars(select(ArticleRow).where(ArticleRow.page_id.in_(page_ids)))}
    saved: list[tuple[ArticleRow, Change]] = []
    for page, found in batch:
        row = known.get(page.id)
        if row is not None:
            saved.append((row, _change(session, row, page, found)))
            continue
        row = ArticleRow(page_id=page.id, source_id=page.source_id, url=page.url, first_seen_at=page.discovered_at)
        _fill(row, page, found)
        session.add(row)
        saved.append((row, "new"))
    session.flush()
    with session.no_autoflush:
        for row, change in saved:
            if change == "new":
                _find_story(session, row, _find_original(session, row))
    return saved


def _change(session: Session, row: ArticleRow, page: PageRow, found: Extracted) -> Change:
    article = found.article
    row.withdrawn_at = None
    if (row.title, row.lead, row.body) == (article.title, article.lead, article.body):
        _fill(row, page, found)
        return "same"
    session.add(
        RevisionRow(
            article_id=row.id,
            number=row.revision,
            title=row.title,
            lead=row.lead,
            body=row.body,
            text_digest=row.text_digest,
            warc_file=row.warc_file,
            warc_offset=row.warc_offset,
        )
    )
    if row.extractor == found.extractor:
        change: Change = "revised"
        row.revision, row.revised_at = row.revision + 1, page.fetched_at or now()
    else:  # another extractor reads the same page differently: not the outlet's edit
        change, row.revision = "same", row.revision + 1
    _fill(row, page, found)
    return change


def _fill(row: ArticleRow, page: PageRow, found: Extracted) -> None:
    article = found.article
    row.canonical_url, row.title, row.lead, row.body = article.canonical_url, article.title, article.lead, article.body
    row.authors, row.language = list(article.authors), found.language
    row.published_at = article.published.moment
    row.date_source, row.date_confidence = article.published.source, article.published.confidence
    row.sorted_at = row.published_at or row.first_seen_at
    row.warc_file, row.warc_offset = page.warc_file, page.warc_offset
    row.text_digest, row.extractor = found.text_digest or "", found.extractor


def _find_original(session: Session, row: ArticleRow) -> int | None:
    """The id of an article with the same text, the original if it is another; None when there is none, or no digest."""
    if not row.text_digest:
        return None
    same = select(ArticleRow).where(ArticleRow.text_digest == row.text_digest, ArticleRow.id != row.id)
    twins = sorted(session.scalars(same), key=lambda twin: (twin.sorted_at, twin.id))
    if not twins:
        return None
    # The earliest is the original; when that is the newcomer, the others become its copies.
    original = row if row.sorted_at < twins[0].sorted_at else twins[0]
    for twin in [*twins, row]:
        if twin is original:
            known = session.get(CopyRow, twin.id)
            if known is not None:
                session.delete(known)
        else:
            session.merge(CopyRow(article_id=twin.id, original_id=original.id, method="exact", similarity=1.0))
    session.flush()
    return original.id if original is not row else twins[0].id


def _find_story(session: Session, row: ArticleRow, original_id: int | None) -> None:
    if row.story_id is not None:  # an article saved with it has found it already
        return
    near = (
        select(ArticleRow.id, ArticleRow.title, ArticleRow.story_id)
        .where(
            ArticleRow.language == row.language,
            ArticleRow.id != row.id,
            ArticleRow.sorted_at.between(row.sorted_at - STORY_WINDOW, row.sorted_at + STORY_WINDOW),
        )
        .order_by(ArticleRow.sorted_at.desc())
        .limit(STORY_CANDIDATES)
    )
    others = session.execute(near).all()
    match = best_match(_headline(row.title), {other.id: _headline(other.title) for other in others})
    twin = original_id or match
    if twin is None:
        return
    other = session.get_one(ArticleRow, twin)
    if other.story_id is None:
        story = StoryRow(title=other.title, first_at=other.sorted_at, last_at=other.sorted_at)
        session.add(story)
        session.flush()
        other.story_id = story.id
    story = session.get_one(StoryRow, other.story_id)
    row.story_id = story.id
    story.articles += 1
    story.first_at, story.last_at = min(story.first_at, row.sorted_at), max(story.last_at, row.sorted_at)


@lru_cache(maxsize=20_000)  # the same neighbours are compared with one article after another
def _headline(title: str) -> frozenset[str]:
    return frozenset(folded_words(title))


def save_prediction(
    session: Session, article: ArticleRow, prediction: Prediction, *, first: bool = False
) -> PredictionRow:
    """Keep what the machine said of the current revision, and make it the current word on the article.

    `first`: the article is new, there is nothing to replace.
    """
    row = None if first else _replaced(session, article, prediction)
    row = row or PredictionRow(article_id=article.id, revision=article.revision, model=prediction.model)
    row.language, row.language_confidence = prediction.language, prediction.language_confidence
    row.relevance, row.topics, row.tone = prediction.relevance, list(prediction.topics), prediction.tone
    row.primary_topic = prediction.topics[0] if prediction.topics else None
    row.scores, row.current = dict(prediction.scores), True
    row.evidence = prediction.as_dict()["evidence"]
    session.add(row)
    return row


def _replaced(session: Session, article: ArticleRow, prediction: Prediction) -> PredictionRow | None:
    session.execute(
        update(PredictionRow).where(PredictionRow.article_id == article.id, PredictionRow.current).values(current=False)
    )
    return session.scalar(
        select(PredictionRow).where(
            PredictionRow.article_id == article.id,
            PredictionRow.revision == article.revision,
            PredictionRow.model == prediction.model,
        )
    )


def withdraw_article(session: Session, page: PageRow, moment: datetime) -> ArticleRow | None:
    """Remember that an article is gone from its outlet; its text and record stay. None when there was no article."""
    row = session.scalar(select(ArticleRow).where(ArticleRow.page_id == page.id))
    if row is not None and row.withdrawn_at is None:
        row.withdrawn_at = moment
    return row
