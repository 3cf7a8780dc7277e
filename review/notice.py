"""What the next page tells: the verdict that was just written, which can be undone from there."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from store.labels import last_act
from store.tables import ArticleRow


@dataclass(frozen=True)
class Notice:
    """A verdict of this user on an article, still standing."""

    article_id: int
    verdict: str
    title: str


def read_notice(session: Session, article_id: int, user_id: int) -> Notice | None:
    """What this user last said of that article; None when it is nothing, or taken back."""
    article = session.get(ArticleRow, article_id)
    act = last_act(session, article_id, user_id) if article else ()
    verdicts = [str(label.value) for label in act if label.field == "verdict"]
    return Notice(article_id, verdicts[0], article.title) if article and verdicts else None
