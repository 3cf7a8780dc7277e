from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from crawler.article import Dated, DateSource
from crawler.dates import EARLIEST, day_in_url, find_dates, first_time, parse_time
from crawler.metadata import read_metadata

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "local"),
    [
        ("29/7/2024, 13:51 (GMT+7)", "2024-07-29 13:51"),
        ("13:51 | 29/07/2024", "2024-07-29 13:51"),
        ("13:51 ngày 29/07/2024", "2024-07-29 13:51"),
        ("Thứ Hai, 29/07/2024 13:51", "2024-07-29 13:51"),
        ("Chủ nhật, 28/07/2024, 22:05", "2024-07-28 22:05"),
        ("29-07-2024 13:51", "2024-07-29 13:51"),
        ("29/07/2024 - 13h51", "2024-07-29 13:51"),
        ("Cập nhật lúc 13h51, 29/7/2024", "2024-07-29 13:51"),
        ("29.07.2024", "2024-07-29 00:00"),
        ("Thứ hai, ngày 29 tháng 7 năm 2024", "2024-07-29 00:00"),
        ("29 tháng 7, 2024", "2024-07-29 00:00"),
        ("July 29, 2024", "2024-07-29 00:00"),
        ("29th July 2024", "2024-07-29 00:00"),
        ("29 juillet 2024", "2024-07-29 00:00"),
        ("29 июля 2024", "2024-07-29 00:00"),
        ("2024年7月29日 13:51", "2024-07-29 13:51"),
        ("2024년 7월 29일", "2024-07-29 00:00"),
        ("2024/07/29 13:51", "2024-07-29 13:51"),
        ("2024-07-29", "2024-07-29 00:00"),
        ("2024-07-29T13:51:00+0700", "2024-07-29 13:51"),
        ("2024-07-29T13:51:00.1234567+07:00", "2024-07-29 13:51"),
        ("2024-07-29T06:51:00Z", "2024-07-29 13:51"),
        ("2024-07-29 06:51:00 UTC", "2024-07-29 13:51"),
        ("Mon, 29 Jul 2024 06:51:00 GMT", "2024-07-29 13:51"),
        ("2024-07-29T24:15:00+07:00", "2024-07-29 00:15"),
        ("29/07/2024 1:51 PM", "2024-07-29 13:51"),
        ("July 29, 2024 1:51 p.m.", "2024-07-29 13:51"),
        ("29/07/2024 12:05 SA", "2024-07-29 00:05"),
        ("13 giờ 51, 29/07/2024", "2024-07-29 13:51"),
        ("13 giờ 51 phút, ngày 29 tháng bảy năm 2024", "2024-07-29 13:51"),
        ("Tháng Bảy 29, 2024", "2024-07-29 00:00"),
        ("29/07/2024 25:51", "2024-07-29 00:00"),
        ("29/07/2024 13:75", "2024-07-29 00:00"),
        ("07/29/2024 1:51 pm", "2024-07-29 13:51"),
        ("29 กรกฎาคม 2567 13:51 น.", "2024-07-29 13:51"),
        ("29 ก.ค. 67 13.51 น.", "2024-07-29 13:51"),
        ("๒๙ กรกฎาคม ๒๕๖๗ เวลา ๑๓.๕๑ น.", "2024-07-29 13:51"),
        ("ວັນທີ 29 ກໍລະກົດ 2024, 13:51", "2024-07-29 13:51"),
        ("ថ្ងៃទី២៩ ខែកក្កដា ឆ្នាំ២០២៤ ម៉ោង ១៣:៥១", "2024-07-29 13:51"),
        ("2024年7月29日 午後1時51分", "2024-07-29 13:51"),
        ("令和6年7月29日", "2024-07-29 00:00"),
        ("2024년 7월 29일 오후 1시 51분", "2024-07-29 13:51"),
        ("29 июля 2024, 13:51", "2024-07-29 13:51"),
        ("29. Juli 2024 um 13.51 Uhr", "2024-07-29 13:51"),
        ("Senin, 29 Juli 2024 13:51 WIB", "2024-07-29 13:51"),
        ("Mon Jul 29 2024 13:51:00 GMT+0700 (Indochina Time)", "2024-07-29 13:51"),
    ],
)
def test_date_lines(line: str, local: str) -> None:
    moment = parse_time(line, HANOI)
    assert moment is not None
    assert moment.astimezone(HANOI).strftime("%Y-%m-%d %H:%M") == local


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hôm qua",
        "3 giờ trước",
        "tháng 7 2024",
        "2024",
        "31/02/2024",
        "99/99/2024",
        "29/07/24",
        "2024-13-45",
        "1722235860",
        "\x00",
        "9" * 500,
    ],
)
def test_what_is_no_date(line: str) -> None:
    assert parse_time(line, HANOI) is None


def page(body: str, head: str = "") -> html.HtmlElement:
    return html.fromstring(f"<html><head>{head}</head><body><h1>Tin</h1>{body}</body></html>")


def dated(body: str = "", head: str = "", url: str = "http://bao-mau.example/tin", **given: object) -> Dated:
    tree = page(body, head)
    listed = given.get("listed")
    assert listed is None or isinstance(listed, datetime)
    return find_dates(tree, read_metadata(tree), url=url, zone=HANOI, now=NOW, listed=listed)[0]


PUBLISHED = '<meta property="article:published_time" content="{}">'
LINE = '<span class="date">{}</span>'


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


@given(st.text(max_size=60) | st.from_regex(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}[ ,|]\d{1,2}[:h]\d{2}", fullmatch=True))
def test_no_text_breaks_the_reader(text: str) -> None:
    moment = parse_time(text, HANOI)
    assert moment is None or moment.tzinfo is not None


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


def times(body: str, head: str = "", title: str = "Tin") -> tuple[str, str]:
    tree = page(body, head)
    found = find_dates(tree, read_metadata(tree), url="http://a.example/x", zone=HANOI, now=NOW, title=title)
    return tuple(dated.moment.strftime("%m-%d %H:%M") if dated.moment else "" for dated in found)  # type: ignore[return-value]


def test_published_and_changed_are_told_apart() -> None:
    both = "<p>Đăng: 01/11/2026 08:00 | Cập nhật: 02/11/2026 09:30</p>"
    assert times(both) == ("11-01 08:00", "11-02 09:30")
    assert times('<p class="date">Cập nhật 02/11/2026 09:30</p>') == ("11-02 09:30", ""), "the one date of a page"
    stated = PUBLISHED.format("2026-11-01T08:00:00+07:00")
    changed = '<meta property="article:modified_time" content="{}">'
    assert times("", stated + changed.format("2026-11-02T02:30:00Z")) == ("11-01 08:00", "11-02 09:30")
    assert times("", stated + changed.format("2026-10-31T08:00:00+07:00")) == ("11-01 08:00", ""), (
        "before it was written"
    )
    assert times("", stated + changed.format("2026-12-31T08:00:00+07:00")) == ("11-01 08:00", ""), "in the future"


def test_a_stated_day_takes_the_time_of_the_line() -> None:
    assert times(LINE.format("08:15 01/11/2026"), PUBLISHED.format("2026-11-01"))[0] == "11-01 08:15"
    assert times(LINE.format("08:15 02/11/2026"), PUBLISHED.format("2026-11-01"))[0] == "11-01 00:00"


@pytest.mark.parametrize(
    "other",
    [
        '<div class="comment"><span class="date">02/11/2026 10:00</span></div>',
        '<div><a href="/khac">Một bài khác có tên khá là dài ở đây</a> <span>02/11/2026</span></div>',
        "<blockquote><p>Một người viết, 02/11/2026</p></blockquote>",
        "<p>Ngày 02/11/2026, hai bên gặp nhau ở thủ đô và bàn về nhiều việc, trong đó có giáo dục và văn hoá, rồi cùng"
        " nhau thăm một trường học ở ngoại ô, nơi các em nhỏ đã chờ từ sáng sớm với hoa và cờ trên tay.</p>",
        "<p>Hạn: đến hết ngày 02/11/2026</p>",
        "<p>31/02/2026</p>",
        "<p>02/12/2026 08:00</p>",
    ],
)
def test_other_dates_leave_a_page_undated(other: str) -> None:
    assert times(other) == ("", "")


SENTENCES = "<p>" + "Hai bên bàn về giáo dục và văn hoá trong nhiều giờ. " * 30 + "</p>"


@pytest.mark.parametrize(
    "body",
    [
        SENTENCES + "<p>Aktualisiert: 02.11.2026</p>",
        SENTENCES + "<div><label>Letzte Änderung:</label><div>02.11.2026</div></div>",
        SENTENCES + "<footer><p>Diese Seite wurde zuletzt am 2. November 2026 um 13:22 Uhr geändert.</p></footer>",
        SENTENCES + "<footer><p>This page was last edited on 2 November 2026, at 13:22.</p></footer>",
        SENTENCES + "<ul><li><p>Mise en ligne</p><p>2 novembre 2026</p></li></ul>",
        SENTENCES + '<div class="text_footer"><p>Erschienen am: 02.11.2026</p></div>',
        '<span class="post-date">02.11.26</span>' + SENTENCES,
        '<p class="author">von Muster am 02.11.26, 03:48</p>' + SENTENCES,
        "<p>02.11.2026 – Hai bên " + SENTENCES[3:],
        "<p>(2. November 2026) Hai bên " + SENTENCES[3:],
        "<p>Hà Nội, 02/11/2026 – Hai bên " + SENTENCES[3:],
    ],
)
def test_dates_that_say_what_they_are_of(body: str) -> None:
    assert (times(body)[0][:5], times(body)[1]) == ("11-02", "")


@pytest.mark.parametrize(
    "body",
    [
        SENTENCES + "<footer><p>This website was last updated on 2 November 2026.</p></footer>",
        SENTENCES + '<div class="related"><p>Published on 2 November 2026</p></div>',
        SENTENCES + "<p>Published on 1 November 2026</p><p>Published on 2 November 2026</p>",
        SENTENCES + "<p>02.11.26</p>",
        "<p>Phiên bản 02.11.26.1</p>",
        "<p>02.11.2026 – 05.11.2026 " + SENTENCES[3:],
        "".join(f"<p>0{day}.11.2026 – Hai bên {SENTENCES[3:]}" for day in (1, 2)),
    ],
)
def test_dates_of_something_else(body: str) -> None:
    assert times(body) == ("", "")


def test_the_year_comes_first_in_east_asia() -> None:
    tree = page('<span class="date">24.11.02</span>')
    found = find_dates(tree, read_metadata(tree), url="http://a.example/x", zone=HANOI, now=NOW, title="뉴스 제목")[0]
    assert found.moment is None


def test_a_stated_day_gives_way_to_the_line_that_is_earlier() -> None:
    assert times(LINE.format("01/11/2026"), PUBLISHED.format("2026-11-02"))[0] == "11-01 00:00"
    assert times("<p>Erstellt am: 01.08.2026</p>", PUBLISHED.format("08/01/2026 12:43:42"))[0] == "08-01 00:00"
