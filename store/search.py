"""Full-text search, the same on both databases: every word must occur; phrases and exact marks rank higher."""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from store.content import ArticleRow, SearchRow
from store.crawling import SourceRow
from store.words import exact_words, fold_word, folded_words, query_phrases

INDEXED = 50_000  # characters of an article that search sees; PostgreSQL's tsvector takes at most 1 MiB
EXACT_WEIGHT = 3.0  # how much a hit with its marks outranks one without
SNIPPET = 160  # characters around a hit

SQLITE = text(
    "SELECT rowid AS id, -bm25(article_fts, 1.0, :weight) AS rank FROM article_fts WHERE article_fts MATCH :query "
    "ORDER BY rank DESC, rowid DESC LIMIT :limit"
)
POSTGRESQL = text(
    "SELECT article_id AS id, "
    # ts_rank does not mind where the words of a phrase stand; @@ does.
    "ts_rank(folded_tsv, each) + CASE WHEN folded_tsv @@ whole THEN ts_rank(folded_tsv, whole) ELSE 0 END "
    "+ CASE WHEN exact_tsv @@ marked THEN :weight * ts_rank(exact_tsv, marked) ELSE 0 END AS rank "
    "FROM article_search, to_tsquery('simple', :every) each, to_tsquery('simple', :phrase) whole, "
    "to_tsquery('simple', :exact) marked WHERE folded_tsv @@ each ORDER BY rank DESC, article_id DESC LIMIT :limit"
)


@dataclass(frozen=True)
class Hit:
    """An article that matched, best first. `snippet` is the text around the first matching word."""

    article_id: int
    title: str
    url: str
    source: str
    country: str
    language: str
    published_at: datetime | None
    snippet: str
    rank: float


def index_article(session: Session, article_id: int, folded: str, exact: str, *, first: bool = False) -> None:
    """Make an article findable by `searchable` words of it; `first`: nothing of it was indexed before."""
    row = None if first else session.get(SearchRow, article_id)
    if row is None:
        session.add(SearchRow(article_id=article_id, folded=folded, exact=exact))
    else:
        row.folded, row.exact = folded, exact


def searchable(title: str, body: str) -> tuple[str, str]:
    """The folded and the exact words of an article, each joined by spaces, ready for `index_article`."""
    words = exact_words(f"{title}\n{body[:INDEXED]}")
    return " ".join(filter(None, map(fold_word, words))), " ".join(words)


def search(session: Session, query: str, limit: int = 20) -> list[Hit]:
    """The articles in which every word of `query` occurs, best first.

    Marks and case do not matter: `thong tin doi ngoai` finds `thông tin đối ngoại`; typed marks rank exact hits higher.
    Quotes make a phrase. A query without a word finds nothing.
    """
    phrases = query_phrases(query)
    if not phrases:
        return []
    statement, parameters = _statement(session, phrases)
    ranks = {row.id: row.rank for row in session.execute(statement, {**parameters, "limit": limit})}
    rows = session.execute(select(ArticleRow, SourceRow).join(SourceRow).where(ArticleRow.id.in_(ranks))).all()
    hits = [
        Hit(
            article.id,
            article.title,
            article.url,
            source.name,
            source.country,
            article.language,
            article.published_at,
            _snippet(f"{article.lead}\n{article.body}", phrases),
            float(ranks[article.id]),
        )
        for article, source in rows
    ]
    return sorted(hits, key=lambda hit: (-hit.rank, -hit.article_id))


def _statement(session: Session, phrases: list[list[str]]) -> tuple[TextClause, dict[str, Any]]:
    folded = [[fold_word(word) for word in phrase] for phrase in phrases]
    whole, exact = list(chain.from_iterable(folded)), list(chain.from_iterable(phrases))
    if session.get_bind().dialect.name == "sqlite":
        every = " AND ".join(f'folded:"{" ".join(phrase)}"' for phrase in folded)
        query = f'({every}) OR folded:"{" ".join(whole)}" OR exact:"{" ".join(exact)}"'
        return SQLITE, {"query": query, "weight": EXACT_WEIGHT}
    return POSTGRESQL, {
        "every": " & ".join(f"({_follow(phrase)})" for phrase in folded),
        "phrase": _follow(whole),
        "exact": _follow(exact),
        "weight": EXACT_WEIGHT,
    }


def _follow(words: list[str]) -> str:
    return " <-> ".join(f"'{word}'" for word in words)


def _snippet(body: str, phrases: list[list[str]]) -> str:
    wanted = {fold_word(word) for phrase in phrases for word in phrase}
    at = next((match.start() for match in re.finditer(r"\S+", body) if wanted & set(folded_words(match.group()))), 0)
    start = max(0, body.rfind(" ", 0, max(0, at - SNIPPET // 3)) + 1)
    cut = " ".join(body[start : start + SNIPPET].split())
    return ("… " if start else "") + cut + (" …" if start + SNIPPET < len(body) else "")
