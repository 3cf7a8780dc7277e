from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawler.rest import retry_after
from crawler.spiders.answers import is_html


def asked(value: bytes | str) -> float | None:
    return retry_after(Response("http://a.example/", headers={"Retry-After": value}))


def test_seconds_and_dates() -> None:
    assert asked("120") == 120.0
    assert asked(" 0 ") == 0.0
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    assert asked(later) == pytest.approx(300, abs=3)
    assert asked("Mon, 09 Nov 2020 05:00:00 GMT") == 0.0
    assert retry_after(Response("http://a.example/")) is None


@pytest.mark.parametrize(
    "value", ["", "-5", "1.5", "soon", "²", "Mon, 01 Jan 99999 00:00:00 GMT", "1 Jan 2024 1:1 +9999999999"]
)
def test_nonsense_is_nothing(value: str) -> None:
    assert asked(value.encode("latin-1")) is None


@given(st.binary(max_size=30) | st.from_regex(rb"\d{1,2} Jan \d{1,5} \d\d?:\d\d [+-]\d{1,14}", fullmatch=True))
def test_no_bytes_break_it(value: bytes) -> None:
    seconds = asked(value)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("kind", "body", "verdict"),
    [
        ("text/html; charset=utf-8", b"", True),
        ("TEXT/HTML", b"%PDF", True),
        ("application/xhtml+xml", b"", True),
        ("application/pdf", b"<html>", False),
        ("image/jpeg", b"", False),
        ("application/json", b"<html>", False),
        ("", b"\n<!DOCTYPE HTML><html>", True),
        ("", b"%PDF-1.7", False),
        ("text/plain", b"<html>", True),
        ("application/octet-stream", b"GIF89a", False),
    ],
)
def test_what_is_a_page(kind: str, body: bytes, verdict: bool) -> None:
    assert is_html(Response("http://a.example/", body=body), kind) is verdict
