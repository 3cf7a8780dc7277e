import pytest
from tests_support.dates import HANOI, LINE, NOW, PUBLISHED, page, times

from crawler.extraction.dates import find_dates
from crawler.extraction.metadata import read_metadata

SENTENCES = "<p>" + "Hai bên bàn về giáo dục và văn hoá trong nhiều giờ. " * 30 + "</p>"


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
