from datetime import UTC, date, datetime

import pytest

from crawler.discovery.sitemaps import MAX_CHILDREN, read_sitemap
from crawler.discovery.span import Span, days_of
from crawler.frontier import Child, Discovery

MAY = Span(date(2024, 5, 1), date(2024, 5, 31))
HOST = "http://bao-mau.example"


@pytest.mark.parametrize(
    ("path", "first", "last"),
    [
        ("/2024/05/17/tin.html", date(2024, 5, 17), date(2024, 5, 17)),
        ("/tin-20240517-x.html", date(2024, 5, 17), date(2024, 5, 17)),
        ("/tin-20221224083224103.htm", date(2022, 12, 24), date(2022, 12, 24)),
        ("/tin-188260307071033787.chn", date(2026, 3, 7), date(2026, 3, 7)),
        ("/sitemap-2024-05.xml", date(2024, 5, 1), date(2024, 5, 31)),
        ("/sitemap-2024-02.xml", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_the_days_that_an_address_names(path: str, first: date, last: date) -> None:
    assert days_of(HOST + path) == (first, last)


@pytest.mark.parametrize("path", ["/tin-123456789.html", "/2024/13/x", "/tin-20240231.htm", "/tin-1234567890123456789"])
def test_numbers_that_are_no_days(path: str) -> None:
    assert days_of(HOST + path) is None


def test_a_year_alone_counts_for_sitemaps_only() -> None:
    assert days_of(f"{HOST}/sitemap-2024.xml") is None
    assert days_of(f"{HOST}/sitemap-2024.xml", year_alone=True) == (date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("path", "changed", "may"),
    [
        ("/sitemap-2024-05.xml", None, True),
        ("/sitemap-2024-05.xml", datetime(2020, 1, 1, tzinfo=UTC), True),
        ("/sitemap-2024-06.xml", None, False),
        ("/sitemap-2024.xml", None, True),
        ("/sitemap-1.xml", None, True),
        ("/sitemap-1.xml", datetime(2024, 4, 30, tzinfo=UTC), False),
        ("/sitemap-1.xml", datetime(2026, 1, 1, tzinfo=UTC), True),
    ],
)
def test_which_sitemaps_may_hold_entries_of_these_days(path: str, changed: datetime | None, may: bool) -> None:
    assert MAY.may_hold(Child(HOST + path, "sitemap", changed)) is may


def entry(path: str, published: str | None = None, modified: str | None = None) -> Discovery:
    times = [datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None for text in (published, modified)]
    return Discovery(HOST + path, None, *times)


@pytest.mark.parametrize(
    ("item", "listing", "held"),
    [
        (entry("/tin-1", published="2024-05-31"), "", True),
        (entry("/tin-1", published="2024-06-01"), "/sitemap-2024-05.xml", False),
        (entry("/2024/05/02/tin", modified="2026-01-01"), "", True),
        (entry("/2024/06/02/tin", modified="2024-05-03"), "", False),
        (entry("/tin-1", modified="2024-05-03"), "", True),
        (entry("/tin-1", modified="2024-04-03"), "/sitemap-2024.xml", False),
        (entry("/tin-1", modified="2026-01-01"), "", False),
        (entry("/tin-1", modified="2026-01-01"), "/sitemap-2024-05.xml", True),
        (entry("/tin-1"), "", False),
        (entry("/tin-1"), "/sitemap-2024-05.xml", True),
        (entry("/tin-1"), "/sitemap-1.xml", False),
    ],
)
def test_which_entries_are_of_these_days(item: Discovery, listing: str, held: bool) -> None:
    assert MAY.holds(item, HOST + listing if listing else "") is held


def test_an_index_longer_than_we_take_still_gives_the_days_asked_for() -> None:
    rows = "".join(f"<sitemap><loc>/sitemap-{2024 - n // 12}-{n % 12 + 1:02}.xml</loc></sitemap>" for n in range(240))
    more = "".join(f"<sitemap><loc>/{n}.xml</loc><lastmod>2023-01-01</lastmod></sitemap>" for n in range(MAX_CHILDREN))
    body = f"<sitemapindex>{more}{rows}</sitemapindex>".encode()
    assert [child.url for child in read_sitemap(body, HOST, "", MAY).children] == [f"{HOST}/sitemap-2024-05.xml"]


def test_a_sitemap_gives_the_entries_of_the_days_asked_for() -> None:
    body = b"<urlset><url><loc>/2024/05/01/a</loc></url><url><loc>/2024/06/01/b</loc></url></urlset>"
    assert [item.url for item in read_sitemap(body, HOST, "", MAY).items] == [f"{HOST}/2024/05/01/a"]
    assert len(read_sitemap(body, HOST).items) == 2
