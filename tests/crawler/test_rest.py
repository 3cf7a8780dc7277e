import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.rest import MAX_REST, Rests, rest_wanted, rests_of, retry_after


def answer(status: int = 503, value: bytes | str | None = None) -> Response:
    return Response("http://a.example/", status=status, headers={} if value is None else {"Retry-After": value})


def test_seconds_and_dates() -> None:
    assert retry_after(answer(value="120")) == 120.0
    assert retry_after(answer(value=" 0 ")) == 0.0
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    assert retry_after(answer(value=later)) == pytest.approx(300, abs=3)
    assert retry_after(answer(value="Mon, 09 Nov 2020 05:00:00 GMT")) == 0.0
    assert retry_after(answer()) is None


@pytest.mark.parametrize(
    "value", ["", "-5", "1.5", "soon", "²", "Mon, 01 Jan 99999 00:00:00 GMT", "1 Jan 2024 1:1 +9999999999"]
)
def test_nonsense_is_nothing(value: str) -> None:
    assert retry_after(answer(value=value.encode("latin-1"))) is None


@given(st.binary(max_size=30) | st.from_regex(rb"\d{1,2} Jan \d{1,5} \d\d?:\d\d [+-]\d{1,14}", fullmatch=True))
def test_no_bytes_break_it(value: bytes) -> None:
    seconds = retry_after(answer(value=value))
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("status", "value", "seconds"),
    [
        (503, "60", 60),
        (500, "60", 60),
        (429, "60", 60),
        (429, None, 30),
        (429, "soon", 30),
        (429, "0", 0),
        (503, None, None),
        (404, "60", None),
        (200, "60", None),
    ],
)
def test_which_answers_ask_for_rest(status: int, value: str | None, seconds: float | None) -> None:
    assert rest_wanted(answer(status, value)) == seconds


def test_a_rest_ends_by_itself_and_is_never_shortened() -> None:
    rests = Rests()
    assert rests.left("a.example") == 0
    assert rests.note("a.example", 0.05)
    assert not rests.note("a.example", 0.01)
    assert 0 < rests.left("a.example") <= 0.05
    assert rests.left("b.example") == 0
    time.sleep(0.06)
    assert rests.left("a.example") == 0
    assert not rests.note("a.example", 0)


def test_a_rest_is_a_day_at_most() -> None:
    rests = Rests()
    rests.recall({"a.example": 1e12, "b.example": 5.0})
    rests.note("c.example", float("9" * 400))
    assert [round(rests.left(f"{name}.example")) for name in "abc"] == [MAX_REST, 5, MAX_REST]


def test_one_crawl_has_one() -> None:
    first, second = Crawler(Spider), Crawler(Spider)
    assert rests_of(first) is rests_of(first)
    assert rests_of(first) is not rests_of(second)
