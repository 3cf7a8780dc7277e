"""Stories on the desk, as the tests of its pages look at them and take articles out of them."""

from typing import Any

import httpx
import lxml.html

from store.database import Database
from store.tables import ArticleRow

Events = dict[str, list[int]]


def story_of(database: Database, article_id: int) -> int:
    with database.reading() as session:
        return session.get_one(ArticleRow, article_id).story_id or 0


def text_of(answer: httpx.Response) -> str:
    return " ".join(str(lxml.html.fromstring(answer.text).xpath("string(//main)")).split())


def split(browser: Any, database: Database, article_id: int, **fields: str) -> Any:
    return browser.post(f"/articles/{article_id}/split", **{"seen": str(story_of(database, article_id)), **fields})
