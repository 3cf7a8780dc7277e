"""What came in, in a few lines for the terminal."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.content import ArticleRow, CopyRow, PredictionRow
from store.crawling import SourceRow
from store.reviewing import FlagRow

SHOWN = 6


@dataclass(frozen=True)
class Summary:
    """Counts of the articles that were first kept since a moment; each dict from the most to the fewest."""

    articles: int
    outlets: int
    copies: int
    topics: dict[str, int]
    tones: dict[str, int]
    languages: dict[str, int]
    countries: dict[str, int]
    flags: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return asdict(self)


def summarise(session: Session, since: datetime) -> Summary:
    """Count what processing made of the pages since `since`."""
    new = select(PredictionRow.article_id).where(PredictionRow.current, PredictionRow.created_at >= since)

    def counted(column: Any, *joins: Any) -> dict[str, int]:
        query = select(column, func.count()).select_from(ArticleRow)
        for join in joins:
            query = query.join(*join)
        query = query.where(ArticleRow.id.in_(new)).group_by(column)
        rows = {str(key or "-"): count for key, count in session.execute(query)}
        return dict(sorted(rows.items(), key=lambda row: (-row[1], row[0])))

    prediction = (PredictionRow, (PredictionRow.article_id == ArticleRow.id) & PredictionRow.current)
    source = (SourceRow, SourceRow.id == ArticleRow.source_id)
    languages = counted(ArticleRow.language)
    flags = select(FlagRow.rule, func.count()).where(FlagRow.raised_at >= since).group_by(FlagRow.rule)
    copies = select(func.count()).select_from(CopyRow).where(CopyRow.article_id.in_(new))
    return Summary(
        articles=sum(languages.values()),
        outlets=len(counted(ArticleRow.source_id)),
        copies=session.scalar(copies) or 0,
        topics=counted(PredictionRow.primary_topic, prediction),
        tones=counted(PredictionRow.tone, prediction),
        languages=languages,
        countries=counted(SourceRow.country, source),
        flags={row[0]: row[1] for row in session.execute(flags)},
    )


def write_summary(summary: Summary, counts: Mapping[str, int]) -> str:
    """The summary as text; `counts` are those of the jobs."""
    shown = Counter(counts)
    lines = [
        f"feeds      {shown['feeds read']} read, {shown['feeds unchanged']} unchanged, {shown['feeds failed']} failed",
        f"pages      {shown['pages discovered']} discovered, {shown['pages fetched']} fetched, "
        f"{shown['retries']} retries, {shown['pages refused']} refused, {shown['pages quarantined']} quarantined",
        f"articles   {summary.articles} from {summary.outlets} outlets, {summary.copies} of them copies; "
        f"{shown['articles revised']} revised, {shown['withdrawn']} withdrawn",
    ]
    for name, values in (
        ("topics", summary.topics),
        ("tone", summary.tones),
        ("languages", summary.languages),
        ("countries", summary.countries),
        ("flags", summary.flags),
    ):
        if values:
            first = [f"{key} {count}" for key, count in list(values.items())[:SHOWN]]
            more = f", and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
            lines.append(f"{name:10} {', '.join(first)}{more}")
    return "\n".join(lines)
