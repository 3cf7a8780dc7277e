"""Every table of the database, for callers and for the migrations."""

from store.base import Base
from store.content import ArticleRow, CopyRow, Outcome, PredictionRow, RevisionRow, SearchRow, StoryRow
from store.crawling import FeedRow, PageRow, RunRow, SourceRow
from store.reviewing import AuditRow, FlagRow, LabelRow, LoginRow, UserRow

__all__ = [
    "ArticleRow",
    "AuditRow",
    "Base",
    "CopyRow",
    "FeedRow",
    "FlagRow",
    "LabelRow",
    "LoginRow",
    "Outcome",
    "PageRow",
    "PredictionRow",
    "RevisionRow",
    "RunRow",
    "SearchRow",
    "SourceRow",
    "StoryRow",
    "UserRow",
]
