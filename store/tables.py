"""Every table of the database, for callers and for the migrations."""

from store.base import Base
from store.content import (
    ArticleRow,
    BandRow,
    CopyRow,
    MarkRow,
    Outcome,
    PredictionRow,
    RevisionRow,
    SearchRow,
    StoryDecisionRow,
    StoryRow,
    TermRow,
)
from store.crawling import FeedRow, HostRow, PageRow, RobotsRow, RunRow, SourceRow
from store.reviewing import AuditRow, FlagRow, LabelRow, LoginRow, UserRow

__all__ = [
    "ArticleRow",
    "AuditRow",
    "BandRow",
    "Base",
    "CopyRow",
    "FeedRow",
    "FlagRow",
    "HostRow",
    "LabelRow",
    "LoginRow",
    "MarkRow",
    "Outcome",
    "PageRow",
    "PredictionRow",
    "RevisionRow",
    "RobotsRow",
    "RunRow",
    "SearchRow",
    "SourceRow",
    "StoryDecisionRow",
    "StoryRow",
    "TermRow",
    "UserRow",
]
