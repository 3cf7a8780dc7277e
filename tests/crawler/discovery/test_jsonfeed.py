import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import READERS, NotAListing
from crawler.discovery.jsonfeed import MAX_BYTES, read_json_feed

URL = "http://bao-mau.example/feed.json"


def feed(*items: object, **more: object) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": items} | more).encode()


def test_a_json_feed() -> None:
    listing = READERS["json_feed"](
        feed(
            {
                "id": "1",
                "url": "/tin-1",
                "title": "Tin\n một",
                "date_published": "2026-11-09T12:00:00+07:00",
                "date_modified": "2026-11-10T05:00:00Z",
            },
            {"id": "http://bao-mau.example/tin-2", "content_text": "không có tiêu đề"},
            {"id": "3", "external_url": "http://khac.example/tin-3", "date_published": "hôm qua"},
        ),
        URL,
        "",
    )
    one, two, three = listing.items
    assert (one.url, one.title) == ("http://bao-mau.example/tin-1", "Tin một")
    assert one.published_at == datetime(2026, 11, 9, 5, tzinfo=UTC)
    assert one.modified_at == datetime(2026, 11, 10, 5, tzinfo=UTC)
    assert (two.url, two.title, two.published_at) == ("http://bao-mau.example/tin-2", None, None)
    assert (three.url, three.published_at) == ("http://khac.example/tin-3", None)
    assert (listing.problem, listing.ttl) == (None, None)


def test_what_leads_nowhere_costs_only_itself() -> None:
    bad = ({"url": "javascript:alert(1)"}, {"url": 5}, {"id": "tin"}, "tin", None, {}, {"url": "http://[oops"})
    items = read_json_feed(feed(*bad, {"url": "/1", "title": 7, "date_published": 3}), URL).items
    assert [(item.url, item.title) for item in items] == [
        ("http://bao-mau.example/1", None),
    ]


def test_only_links_of_the_sources_pattern() -> None:
    body = feed({"url": "/tin-1"}, {"url": "/video-2"})
    assert [item.url[-5:] for item in read_json_feed(body, URL, r"/tin-\d").items] == ["tin-1"]


def test_a_feed_that_has_ended_says_so() -> None:
    assert "ended" in str(read_json_feed(feed({"url": "/1"}, expired=True), URL).problem)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON"),
        (b"<rss/>", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (b"[]", "not a JSON Feed"),
        (b'{"version": "1", "items": []}', "not a JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "no list of items"),
        (b" " * (MAX_BYTES + 1), "longer than 4 MiB"),
    ],
)
def test_what_is_no_json_feed(body: bytes, says: str) -> None:
    with pytest.raises(NotAListing, match=says):
        read_json_feed(body, URL)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3)))
def test_no_items_give_another_error(items: object) -> None:
    body = json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}).encode()
    with suppress(NotAListing):
        assert read_json_feed(body, URL).items is not None
