from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_support.dates import HANOI, LINE, NOW, PUBLISHED, dated

from crawler.extraction.article import Dated, DateSource
from crawler.extraction.dates import EARLIEST, day_in_url, first_time


@pytest.mark.parametrize(
    ("head", "body", "source"),
    [
        (PUBLISHED.format("2026-11-08T08:00:00+07:00"), LINE.format("07/11/2026 08:00"), DateSource.STRUCTURED),
        (
            '<script type="application/ld+json">{"@type":"Article","datePublished":"2026-11-08T08:00+07:00"}</script>',
            "",
            DateSource.STRUCTURED,
        ),
        ("", '<time datetime="2026-11-08T08:00:00+07:00">hôm qua</time>', DateSource.STRUCTURED),
        ("", LINE.format("Chủ nhật, 8/11/2026, 08:00 (GMT+7)"), DateSource.VISIBLE),
        (PUBLISHED.format("hôm qua"), LINE.format("08:00 | 08/11/2026"), DateSource.VISIBLE),
    ],
)
def test_the_publishers_word_comes_first(head: str, body: str, source: DateSource) -> None:
    found = dated(body, head)
    assert found.source == source
    assert found.moment == datetime(2026, 11, 8, 1, tzinfo=UTC)
    assert 0.9 < found.confidence < 1


def test_feed_then_address() -> None:
    listed = datetime(2026, 11, 8, 1, tzinfo=UTC)
    assert dated(listed=listed) == Dated(listed, DateSource.FEED)
    url = "http://bao-mau.example/tin-20261107081530.html"
    assert dated(url=url).source == DateSource.URL
    assert dated(url=url).moment == datetime(2026, 11, 7, tzinfo=HANOI)
    late_edit = dated(url="http://bao-mau.example/2026/10/01/tin", listed=listed)
    assert (late_edit.source, late_edit.moment) == (DateSource.URL, datetime(2026, 10, 1, tzinfo=HANOI))


def test_the_dates_of_other_articles_are_not_ours() -> None:
    others = (
        "<aside><ul>"
        + "".join(f"<li><span>{day}/10/2026</span><a>Tin khác</a></li>" for day in range(10, 20))
        + "</ul></aside>"
    )
    found = dated(LINE.format("08/11/2026 08:00") + others)
    assert found.moment == datetime(2026, 11, 8, 1, tzinfo=UTC)
    related = '<div class="related"><time datetime="2020-01-01T00:00:00Z"></time></div>'
    assert dated(related + LINE.format("08/11/2026 08:00")).moment == found.moment


def test_an_undated_page_stays_undated() -> None:
    found = dated("<p>Một bài không nói ngày tháng gì cả, dài vừa đủ để được coi là một bài.</p>")
    assert found == Dated(None, DateSource.NONE)
    assert found.confidence == 0.0


@pytest.mark.parametrize(
    "stated",
    [
        "2031-01-01T00:00:00Z",
        "2026-11-12T00:00:00+07:00",
        "1970-01-01T00:00:00Z",
        "0001-01-01",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_an_impossible_time_is_not_believed(stated: str) -> None:
    listed = datetime(2026, 11, 8, tzinfo=UTC)
    assert dated(head=PUBLISHED.format(stated), listed=listed) == Dated(listed, DateSource.FEED)
    alone = dated(head=PUBLISHED.format(stated))
    assert alone == Dated(None, DateSource.NONE), "htmldate made 2026-11-01 of 2026-11-12"


def test_a_time_a_little_ahead_is_now() -> None:
    """A local time that was stated as UTC."""
    assert dated(head=PUBLISHED.format("2026-11-09T11:59:00Z")).moment == NOW
    assert dated(listed=NOW + timedelta(hours=7)).moment == NOW


TEXTS = st.dates().map(str) | st.datetimes().map("{:%d/%m/%Y %H:%M}".format) | st.text(max_size=30)


@given(TEXTS, TEXTS, st.none() | st.datetimes(timezones=st.just(UTC)), st.integers(1900, 2200))
def test_never_a_future_date(stated: str, line: str, listed: datetime | None, year: int) -> None:
    safe = line.replace("<", "").replace("\x00", "")
    found = dated(
        LINE.format(safe),
        PUBLISHED.format(stated.replace('"', "").replace("\x00", "")),
        f"http://a.example/{year}/01/31/x",
        listed=listed,
    )
    assert found.moment is None or EARLIEST < found.moment <= NOW
    assert (found.moment is None) == (found.source == DateSource.NONE)


def test_the_first_plausible_statement_counts() -> None:
    texts = ["vừa xong", "2031-01-01", "2026-11-08T01:00:00Z", "2026-11-08T08:00:00+07:00", "2026-11-01"]
    moment = first_time(texts, HANOI, NOW)
    assert moment is not None
    assert moment.isoformat() == "2026-11-08T08:00:00+07:00", "the reader's own date is kept where it is stated"
    assert first_time(["vừa xong"], HANOI, NOW) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://a.example/tin-20221224.html", "2022-12-24"),
        ("http://a.example/tin-20221224151030123.htm", "2022-12-24"),
        ("http://a.example/tin-185221224151030123.htm", "2022-12-24"),
        ("http://a.example/2022/12/24/tin", "2022-12-24"),
        ("http://a.example/24-12-2022-tin", "2022-12-24"),
        ("http://a.example/08-12-2022-tin", None),
        ("http://a.example/tin-20221324.html", None),
        ("http://a.example/tin-2022122499.html", None),
        ("http://a.example/tin?ngay=2022-12-24", None),
        ("http://a.example/tin-post1234567.html", None),
    ],
)
def test_days_in_addresses(url: str, day: str | None) -> None:
    found = day_in_url(url, HANOI, NOW)
    assert (found.date().isoformat() if found else None) == day
