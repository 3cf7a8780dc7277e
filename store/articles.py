"""Keeping what was extracted: the article, its earlier versions, its copies, its story, the machine's word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from classify.copies import VERSION as COPIES
from classify.copies import Marks
from classify.stories import VERSION as STORIES
from classify.stories import Traits
from classify.types import Prediction
from crawler.extraction.article import Article
from store.base import now
from store.content import ArticleRow, MarkRow, PredictionRow, RevisionRow, StoryRow
from store.copies import CopyFinder, pack_bands
from store.crawling import PageRow
from store.stories import day_of, forget_terms, place_articles, recount

Change = Literal["new", "revised", "same"]
MARKS = 1_000 * COPIES + STORIES  # what made an article's marks; articles with other ones are marked anew when seen


@dataclass(frozen=True)
class Extracted:
    """What a worker made of a page. `text_digest` is of the body's letters and digits; equal ones = an exact copy.

    `marks` find its copies (None: too short to have any), `traits` its story; `agency` is the news agency it names.
    """

    article: Article
    language: str
    text_digest: str | None
    folded: str
    exact: str
    extractor: str
    marks: Marks | None = None
    traits: Traits | None = None
    agency: str | None = None


def save_article(session: Session, page: PageRow, found: Extracted) -> tuple[ArticleRow, Change]:
    """Keep an article; the text before a change is kept as a revision. Running it again changes nothing."""
    return save_articles(session, [(page, found)])[0]


def save_articles(session: Session, batch: Sequence[tuple[PageRow, Extracted]]) -> list[tuple[ArticleRow, Change]]:
    """Keep several articles, in order, in few statements (see `save_article`). No page may occur twice."""
    page_ids = [page.id for page, _ in batch]
    known = {row.page_id: row for row in session.scalars(select(ArticleRow).where(ArticleRow.page_id.in_(page_ids)))}
    before = {row.id: _identity(row) for row in known.values()}
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
    _identify(session, [(row, found, before.get(row.id)) for (row, _), (_, found) in zip(saved, batch, strict=True)])
    return saved


def _identity(row: ArticleRow) -> tuple[str, str, str, datetime, str | None]:
    """What an article's copies and story hang on."""
    return row.title, row.lead, row.body, row.sorted_at, row.agency


def _identify(
    session: Session, batch: Sequence[tuple[ArticleRow, Extracted, tuple[str, str, str, datetime, str | None] | None]]
) -> None:
    """Settle copies and stories of the articles that are new, changed, dated anew, or marked by an older program."""
    ids = [row.id for row, _, _ in batch]
    kept = {mark.article_id: mark for mark in session.scalars(select(MarkRow).where(MarkRow.article_id.in_(ids)))}
    todo = [
        (row, found, before)
        for row, found, before in batch
        if before != _identity(row) or row.id not in kept or kept[row.id].version != MARKS
    ]
    with session.no_autoflush:
        CopyFinder(session).settle([(row, found.marks) for row, found, _ in todo])
        forget_terms(session, [kept[row.id] for row, _, _ in todo if row.id in kept])
        for row, found, _ in todo:
            session.add(_marked(kept.get(row.id) or MarkRow(article_id=row.id), row, found))
        session.flush()
        place_articles(session, [(row, found.traits) for row, found, _ in todo])
        session.flush()
        for row, _, before in todo:
            if before is not None and before[3] != row.sorted_at and row.story_id is not None:
                recount(session, session.get_one(StoryRow, row.story_id))


def _marked(mark: MarkRow, row: ArticleRow, found: Extracted) -> MarkRow:
    mark.version, mark.day = MARKS, day_of(row.sorted_at)
    mark.bands = pack_bands(found.marks)
    mark.shingles = found.marks.shingles if found.marks else 0
    mark.sketch = found.marks.sketch if found.marks else b""
    mark.figures = found.marks.figures if found.marks else b""
    mark.traits = found.traits.packed if found.traits else b""
    return mark


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
    row.modified_at = article.modified.moment
    row.date_source, row.date_confidence = article.published.source, article.published.confidence
    row.sorted_at = row.published_at or row.first_seen_at
    row.warc_file, row.warc_offset = page.warc_file, page.warc_offset
    row.text_digest, row.extractor, row.agency = found.text_digest or "", found.extractor, found.agency


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
    row.valence, row.voice, row.unmeasured = prediction.valence, prediction.voice, list(prediction.unmeasured)
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
