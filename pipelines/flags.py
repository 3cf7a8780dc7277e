"""The reasons to look at an article: one function and one line in `RULES` each. About articles, never about persons.

A rule gets a `Case` and yields `(key, values)`: the values are shown to the analyst with the rule's name, the key tells
two flags of one rule on one article apart.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.extraction.article import DateSource
from store.articles import Change
from store.changes import Version, compare
from store.content import ArticleRow, PredictionRow, RevisionRow
from store.crawling import PageRow
from store.reviewing import FlagRow
from store.words import matches

Reason = tuple[str, dict[str, Any]]
RELEVANT = ("central", "substantial")
# What every figure hangs on. The other tasks are measured in fewer languages; an article's page says where not.
ASKED = ("relevance", "topics")
FEED_DIFFERS = timedelta(days=2)  # time zones and late edits explain less than that


@dataclass(frozen=True)
class Case:
    """An article as processing leaves it, with what the rules need to know."""

    page: PageRow
    article: ArticleRow
    prediction: PredictionRow
    change: Change
    folded: str
    watch: tuple[str, ...]
    audit_share: float
    low_confidence: float
    languages: frozenset[str]
    before: RevisionRow | None = None  # the text that the outlet replaced; `raise_flags` finds it


def watch(case: Case) -> Iterator[Reason]:
    """A saved query matches."""
    for query in case.watch:
        if matches(query, case.folded):
            yield query, {"query": query}


def low_confidence(case: Case) -> Iterator[Reason]:
    """The article is about Vietnam and the machine is unsure what about."""
    scores = [case.prediction.scores.get(f"topic:{topic}", 0.0) for topic in case.prediction.topics]
    score = max(scores, default=0.0)
    if case.prediction.relevance in RELEVANT and score < case.low_confidence:
        yield "", {"score": round(score, 3), "threshold": case.low_confidence}


def date_anomaly(case: Case) -> Iterator[Reason]:
    """The publication time is missing, guessed, or not what the feed said."""
    article, listed = case.article, case.page.published_at
    shown = article.published_at.isoformat() if article.published_at else None
    if article.published_at is None:
        yield "", {"published_at": None, "reason": "undated"}
    elif article.date_source == DateSource.GUESSED:
        yield "", {"published_at": shown, "reason": "guessed"}
    elif listed is not None and abs(article.published_at - listed) > FEED_DIFFERS:
        yield "", {"published_at": shown, "reason": "feed_differs", "feed": listed.isoformat()}


def unsupported_language(case: Case) -> Iterator[Reason]:
    """No lexicon for the language, or relevance or topics were never measured in it: the tags are worth little."""
    words = case.article.language in case.languages
    unmeasured = [task for task in ASKED if task in case.prediction.unmeasured]
    if unmeasured or not words:
        yield "", {"language": case.article.language, "words": words, "unmeasured": unmeasured}


def audit(case: Case) -> Iterator[Reason]:
    """Drawn at random: the only unbiased sample, and never skipped.

    The draw is a hash of the address, so that a rerun draws the same articles and nobody can steer it.
    """
    draw = int.from_bytes(hashlib.sha256(b"audit:" + case.page.url_key.encode()).digest()[:8], "big") / 2**64
    if draw < case.audit_share:
        yield "", {"share": case.audit_share}


def revised(case: Case) -> Iterator[Reason]:
    """The outlet changed the text: how much, whether the title, and the first change in short."""
    if case.change != "revised":
        return
    values: dict[str, Any] = {"revision": case.article.revision}
    if case.before is not None:
        values["change"] = change_values(case.before, case.article)
    yield str(case.article.revision), values


def change_values(before: RevisionRow, after: ArticleRow) -> dict[str, Any]:
    """What changed from one text to the next, as a flag keeps it."""
    changes = compare(_version(before), _version(after))
    removed, added = changes.excerpt(60)  # a flag is a line in a list
    return {
        "added": changes.added,
        "removed": changes.removed,
        "title": changes.title_changed,
        "was": removed,
        "now": added,
    }


def _version(row: RevisionRow | ArticleRow) -> Version:
    return Version(row.title, row.lead, row.body)


RULES: dict[str, Callable[[Case], Iterable[Reason]]] = {
    "watch": watch,
    "low_confidence": low_confidence,
    "date_anomaly": date_anomaly,
    "unsupported_language": unsupported_language,
    "audit": audit,
    "revised": revised,
}
# Not here: the rule `learning` compares articles with each other (`pipelines.picking`).
WITHDRAWN = (
    "withdrawn"  # raised where the page is found gone (`pipelines.process`): there is no prediction to make a Case of
)


def raise_flags(session: Session, case: Case) -> int:
    """Apply every rule; a flag raised before stays as it is. Returns how many are new."""
    if case.change == "revised" and case.before is None:
        case = replace(case, before=_before(session, case.article))
    return sum(
        add_flag(session, case.article.id, rule, key, values, first=case.change == "new")
        for rule, judge in RULES.items()
        for key, values in judge(case)
    )


def _before(session: Session, article: ArticleRow) -> RevisionRow | None:
    query = select(RevisionRow).where(RevisionRow.article_id == article.id, RevisionRow.number < article.revision)
    return session.scalars(query.order_by(RevisionRow.number.desc()).limit(1)).one_or_none()


def add_flag(
    session: Session, article_id: int, rule: str, key: str, values: dict[str, Any], *, first: bool = False
) -> bool:
    """Raise a flag unless the same one was raised before; `first`: the article is new and has none."""
    same = select(FlagRow.id).where(FlagRow.article_id == article_id, FlagRow.rule == rule, FlagRow.key == key)
    if not first and session.scalar(same) is not None:
        return False
    session.add(FlagRow(article_id=article_id, rule=rule, key=key, values=values))
    return True
