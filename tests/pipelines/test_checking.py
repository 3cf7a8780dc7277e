from datetime import UTC, datetime, timedelta

import pytest

from crawler.source import Feed
from crawler.spiders.probe import Answer, Ask
from pipelines.checking import FeedCheck, age, as_table, judge

URL = "https://bao-mau.example/rss"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ITEM = "<item><link>/{0}</link><pubDate>Thu, 19 Nov 2026 {1:02}:00:00 +0000</pubDate></item>"
RSS = "<rss version='2.0'><channel>{}<item><link>/video-3</link></item></channel></rss>".format(
    ITEM.format("tin-1", 5) + ITEM.format("tin-2", 9)
)


def answer(body: str = RSS, status: int | None = 200, problem: str = "", url: str = URL) -> Answer:
    return Answer(Ask(URL, 0), url, status, body.encode(), problem)


def test_a_feed_that_works() -> None:
    check = judge("bao-mau", Feed(url=URL, kind="rss", links="/tin-"), answer())
    assert (check.works, check.items, check.dated, check.matching) == (True, 3, 2, 2)
    assert check.newest == datetime(2026, 11, 19, 9, tzinfo=UTC)
    assert (check.problem, check.blemish) == ("", "")


@pytest.mark.parametrize(
    ("given", "links", "says"),
    [
        (answer(status=404, problem="HTTP 404"), "", "HTTP 404"),
        (answer(status=None, problem="robots.txt forbids it"), "", "robots.txt forbids it"),
        (answer("tin"), "", "neither RSS nor Atom"),
        (answer("<rss version='2.0'><channel/></rss>"), "", "lists nothing"),
        (answer(), "/bai-", "none of 3 items matches the pattern '/bai-'"),
    ],
)
def test_a_feed_that_does_not_work_says_why(given: Answer, links: str, says: str) -> None:
    check = judge("bao-mau", Feed(url=URL, kind="rss", links=links), given)
    assert not check.works
    assert check.problem == says


def test_what_does_not_keep_a_feed_from_working() -> None:
    check = judge("bao-mau", Feed(url=URL, kind="rss"), answer(RSS.replace("</channel>", ""), url=URL + "/moi"))
    assert check.works
    assert "ill-formed" in check.blemish
    assert f"moved to {URL}/moi" in check.blemish


def test_an_index_works_by_its_children() -> None:
    body = "<sitemapindex><sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"
    check = judge("bao-mau", Feed(url=URL, kind="sitemap"), answer(body))
    assert (check.works, check.children, check.items) == (True, 2, 0)


def test_the_table_is_readable_at_100_columns() -> None:
    long = "https://bao-mau.example/" + "x" * 200
    checks = [
        FeedCheck("bao-mau", URL, "rss", True, 200, 30, 30, 28, newest=NOW - timedelta(hours=3)),
        FeedCheck("bao-mau", long, "news_sitemap", True, 503, problem="HTTP 503 " * 40),
        FeedCheck("bao-khac", long, "section", False, None, problem="robots.txt forbids it"),
    ]
    lines = as_table(checks, NOW).splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[1] == "bao-mau"
    assert lines[2].split()[:7] == ["ok", "rss", "200", "30", "30", "28", "3"]
    assert [line.split()[0] for line in lines if "section" in line] == ["off!"]
    assert any(line.startswith(" FAIL") for line in lines)


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0 min"), (-5, "0 min"), (119, "119 min"), (120, "2 h"), (2879, "48 h"), (2880, "2 d")]
)
def test_how_long_ago(minutes: int, text: str) -> None:
    assert age(NOW - timedelta(minutes=minutes), NOW) == text
    assert age(None, NOW) == "-"
