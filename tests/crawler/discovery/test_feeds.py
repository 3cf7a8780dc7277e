import gzip
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import READERS, NotAListing
from crawler.discovery.feeds import MAX_BYTES, read_feed

URL = "http://bao-mau.example/rss/"
# The alarm may ring inside a destructor, where Python only warns; the next one ends it (`patience`).
LATE_ALARM = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def rss(items: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def test_rss() -> None:
    listing = read_feed(
        rss(
            "<item><title>Tin\n một</title><link> /tin-1.html </link>"
            "<pubDate>Mon, 09 Nov 2026 12:00:00 +0700</pubDate></item>"
            "<item><title>Tin hai</title><guid>http://bao-mau.example/tin-2</guid></item>"
        ),
        URL,
    )
    first, second = listing.items
    assert (first.url, first.title) == ("http://bao-mau.example/tin-1.html", "Tin một")
    assert first.published_at == datetime(2026, 11, 9, 5, tzinfo=UTC)
    assert (second.url, second.published_at, second.modified_at) == ("http://bao-mau.example/tin-2", None, None)
    assert listing.problem is None


def test_atom_tells_published_from_updated() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Tin</title><link href="http://a.example/1"/>
    <published>2026-11-09T05:00:00Z</published><updated>2026-11-10T05:00:00Z</updated></entry>
    <entry><title>Hai</title><link href="http://a.example/2"/><updated>2026-11-10T05:00:00Z</updated></entry></feed>"""
    one, two = READERS["atom"](body, URL, "").items
    assert one.published_at == datetime(2026, 11, 9, 5, tzinfo=UTC)
    assert one.modified_at == two.modified_at == datetime(2026, 11, 10, 5, tzinfo=UTC)
    assert two.published_at is None


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:a@b.example",
        "http://[oops",
        "http://a.example:99999/",
        "ftp://a.example/",
    ],
)
def test_an_item_that_leads_nowhere_costs_only_itself(link: str) -> None:
    body = rss(f"<item><link>{link}</link></item><item><link>http://a.example/1</link></item>")
    assert [item.url for item in read_feed(body, URL).items] == ["http://a.example/1"]


def test_an_item_without_a_link_is_left_out() -> None:
    body = rss("<item><title>Tin</title></item><item><link> </link><title>Hai</title></item>")
    assert read_feed(body, URL).items == ()


def test_only_links_of_the_sources_pattern() -> None:
    body = rss("".join(f"<item><link>http://a.example/{name}</link></item>" for name in ("tin-1", "video-2", "tin-3")))
    assert [item.url[-5:] for item in read_feed(body, URL, r"/tin-\d").items] == ["tin-1", "tin-3"]


@pytest.mark.parametrize(("year", "known"), [(2099, False), (1970, False), (2020, True)])
def test_an_impossible_date_is_no_date(year: int, known: bool) -> None:
    body = rss(f"<item><link>http://a.example/1</link><pubDate>09 Nov {year} 12:00:00 GMT</pubDate></item>")
    assert (read_feed(body, URL).items[0].published_at is not None) is known


def test_a_decomposed_title_is_composed() -> None:
    body = rss("<item><link>http://a.example/1</link><title>Đo\u0302\u0301i ngoại</title></item>")
    assert read_feed(body, URL).items[0].title == "Đối ngoại"


def test_a_title_is_one_line_that_every_database_takes() -> None:
    body = rss("<item><link>http://a.example/1</link><title>Tin &#0;&#1;&#127;\x00 <b>một</title></item>")
    title = read_feed(body, URL).items[0].title
    assert title is not None
    assert title.isprintable()
    assert title.startswith("Tin")


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("<ttl>60</ttl>", 3600),
        ("<ttl> 5 </ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 21_600),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>một giờ</ttl>", None),
        ("<ttl>99999999999999999999</ttl>", None),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
        ("", None),
    ],
)
def test_how_long_a_feed_asks_to_be_left_alone(head: str, seconds: float | None) -> None:
    body = rss(head + "<item><link>http://a.example/1</link></item>").replace(
        b"<rss", b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    )
    assert read_feed(body, URL).ttl == seconds


def test_an_ill_formed_feed_is_read_and_told_of() -> None:
    listing = read_feed(rss("<item><link>http://a.example/1</link><title>A & B <i>x</title></item>"), URL)
    assert len(listing.items) == 1
    assert listing.problem is not None
    assert listing.problem.startswith("ill-formed but readable")


@pytest.mark.parametrize(
    "body", [b"", b"\x00", b"<html><body>Tin</body></html>", b"tin", b"{}", b"\x1f\x8b\x08", b"<urlset/>"]
)
def test_what_is_no_feed(body: bytes) -> None:
    with pytest.raises(NotAListing, match="neither RSS nor Atom"):
        read_feed(body, URL)


@pytest.mark.parametrize("word", ["<!ENTITY a 'b'>", "<!entity a SYSTEM 'file:///etc/passwd'>"])
def test_entities_are_refused(word: str) -> None:
    with pytest.raises(NotAListing, match="entities"):
        read_feed(f"<!DOCTYPE rss [{word}]><rss version='2.0'></rss>".encode(), URL)


def test_a_feed_without_end_is_refused() -> None:
    with pytest.raises(NotAListing, match="longer than 4 MiB"):
        read_feed(rss("<item/>") + b" " * MAX_BYTES, URL)


@given(st.binary(max_size=200) | st.text(alphabet="<>/!?[]&;'\"=rsitemlnkdA \n", max_size=150).map(str.encode))
def test_no_bytes_give_another_error(body: bytes) -> None:
    for start in (b"", b'<rss version="2.0"><channel><item>', b'<feed xmlns="http://www.w3.org/2005/Atom"><entry>'):
        assert outcome(start + body) in ("read", "refused")


def outcome(body: bytes, kind: str = "rss") -> str:
    try:
        READERS[kind](body, URL, "")
    except NotAListing:
        return "refused"
    return "read"


@pytest.mark.shared
def test_thousands_of_feeds_are_read_or_refused(shared: Path) -> None:
    files = [path for path in (shared / "corpora" / "feeds_feedparser").rglob("*") if path.is_file()]
    outcomes: Counter[str] = Counter()
    for path in files:
        begin = time.process_time()
        outcomes[outcome(path.read_bytes(), "json_feed" if path.suffix == ".json" else "rss")] += 1
        assert time.process_time() - begin < 2, path.name
    assert outcomes.total() > 2100
    assert outcomes["read"] >= 2090


@pytest.mark.shared
def test_real_feeds(shared: Path) -> None:
    folder = shared / "corpora" / "feeds_real"
    items = {
        path.name: len(read_feed(path.read_bytes(), URL).items)
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".rss", ".atom") or (path.is_file() and "miniflux" in path.parts)
    }
    assert len(items) >= 12
    assert min(items.values()) >= 1
    assert items["vnexpress_tin-moi-nhat_2017-11-14.rss"] == 24, "25 items, one without a link"


@LATE_ALARM
@pytest.mark.shared
def test_hostile_feeds(shared: Path) -> None:
    verdicts = {}
    for path in sorted((shared / "corpora" / "hostile_feeds").glob("*.gz")):
        body = gzip.decompress(path.read_bytes())
        begin = time.process_time()
        verdicts[path.name.partition(".")[0]] = outcome(body)
        assert time.process_time() - begin < 6, path.name
    refused = {name for name, verdict in verdicts.items() if verdict == "refused"}
    assert refused == {"billion_laughs", "quadratic", "xxe_file", "xxe_http", "items200k", "title20MB", "deep200k"}
    assert len(verdicts) == 12
