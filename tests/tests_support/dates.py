"""Pages with dates, and what is read of them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from lxml import html

from crawler.extraction.article import Dated
from crawler.extraction.dates import find_dates
from crawler.extraction.metadata import read_metadata

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 9, 5, tzinfo=UTC)
PUBLISHED = '<meta property="article:published_time" content="{}">'
LINE = '<span class="date">{}</span>'


def page(body: str, head: str = "") -> html.HtmlElement:
    """A page with a headline."""
    return html.fromstring(f"<html><head>{head}</head><body><h1>Tin</h1>{body}</body></html>")


def dated(
    body: str = "", head: str = "", url: str = "http://bao-mau.example/tin", listed: datetime | None = None
) -> Dated:
    """When such a page was published."""
    tree = page(body, head)
    return find_dates(tree, read_metadata(tree), url=url, zone=HANOI, now=NOW, listed=listed)[0]


def times(body: str, head: str = "", title: str = "Tin") -> tuple[str, str]:
    """When such a page was published and changed: month, day and time, or nothing."""
    tree = page(body, head)
    found = find_dates(tree, read_metadata(tree), url="http://a.example/x", zone=HANOI, now=NOW, title=title)
    return tuple(one.moment.strftime("%m-%d %H:%M") if one.moment else "" for one in found)  # type: ignore[return-value]
