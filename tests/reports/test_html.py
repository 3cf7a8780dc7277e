import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from reports.charts import chart_specs
from reports.html import render_html
from reports.interval import share
from reports.summary import WeeklySummary
from store.database import Database

Summarise = Callable[..., WeeklySummary]


class Page(HTMLParser):
    """Collects ids, links and tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id" and value:
                self.ids.append(value)
            if name == "href" and value:
                self.links.append(value)


@pytest.fixture
def page(sqlite_sample: Database, summarise: Summarise) -> str:
    return render_html(summarise(sqlite_sample)).decode()


def test_every_count_leads_to_something(page: str) -> None:
    found = Page(page)
    assert len(found.ids) == len(set(found.ids))
    inner = [link[1:] for link in found.links if link.startswith("#")]
    assert len(inner) > 60
    assert set(inner) <= set(found.ids)


def test_every_line_of_the_index_lists_as_many_articles_as_it_counts(
    sqlite_sample: Database, summarise: Summarise
) -> None:
    summary = summarise(sqlite_sample)
    lines = {line.anchor: line for _, lines in summary.index for line in lines}
    lines |= {line.anchor: line for line in summary.doubts}
    for line in lines.values():
        assert sum(last - first + 1 for first, last in line.runs) == line.count, line
    for name, table in summary.tables.items():
        for row in table.rows:
            if name != "topic" and row.place:
                assert lines[row.place].count == row.share.count
    for key in summary.keys:
        if key.place in lines:
            assert lines[key.place].count == key.count


def test_the_appendix_lists_every_article_once(sqlite_sample: Database, summarise: Summarise) -> None:
    summary = summarise(sqlite_sample)
    entries = [entry for group in summary.groups for tone in group.tones for entry in tone.entries]
    assert [entry.number for entry in entries] == list(range(1, 12))
    assert {entry.id for entry in entries} == {article.id for article in summary.figures.articles}
    assert {group.anchor: group.count for group in summary.groups} == {
        row.place: row.share.count for row in summary.tables["topic"].rows
    }


def test_hostile_titles_and_addresses_stay_words(page: str) -> None:
    found = Page(page)
    assert not found.tags & {"script", "img", "iframe", "link", "object"}
    assert not {name for name in found.attributes if name.startswith("on")}
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert "javascript:" not in page
    assert "\u202e" not in page
    assert all(link.startswith(("#", "http://", "https://")) for link in found.links)


def test_nothing_is_fetched(page: str) -> None:
    without_links = re.sub(r'<a href="https?:[^"]*"', "<a", page)
    named = set(re.findall(r"https?://[^\s\"'<)]+", without_links))
    assert named <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_two_runs_differ_in_the_line_that_says_when(sqlite_sample: Database, summarise: Summarise) -> None:
    first = summarise(sqlite_sample)
    later = replace(summarise(sqlite_sample), generated_at=first.generated_at + timedelta(hours=5))
    assert render_html(first) == render_html(summarise(sqlite_sample))
    pairs = zip(render_html(first).splitlines(), render_html(later).splitlines(), strict=True)
    changed = [before for before, after in pairs if before != after]
    assert len(changed) == 1
    assert "Lập lúc 10:05 20/11/2026".encode() in changed[0]


def test_both_databases_give_the_same_page(sample: Database, summarise: Summarise) -> None:
    page = render_html(summarise(sample)).decode()
    assert "ghi nhận 11 bài của 7 cơ quan báo chí ở 4 nước" in page
    assert "11 articles from 7 outlets in 4 countries and 5 languages, against 1 the week before." in page
    assert "serious setback" in page


def test_an_empty_week_is_a_page_too(sqlite_database: Database, summarise: Summarise) -> None:
    page = render_html(summarise(sqlite_database)).decode()
    found = Page(page)
    assert "không có bài nào trong cơ sở dữ liệu" in page
    assert "<svg" not in page
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)


def test_a_week_under_way_says_so(sqlite_sample: Database, summarise: Summarise, page: str) -> None:
    summary = summarise(sqlite_sample)
    during = replace(summary, partial=True)
    assert summarise(sqlite_sample, summary.week.since + timedelta(days=2)).partial
    assert "Tuần chưa kết thúc" in render_html(during).decode()
    assert "Tuần chưa kết thúc" not in page


def test_it_says_what_it_is_not(page: str) -> None:
    for words in ("không phải là dư luận xã hội", "not public opinion", "not its accuracy", "never persons"):
        assert words in page
    assert "chưa được hiệu chỉnh" in page


def test_the_audit_speaks_from_thirty_verdicts_on(sqlite_sample: Database, summarise: Summarise, page: str) -> None:
    assert "mới có 1 bài có kết luận, cần 30 (thiếu 29)" in page
    summary = summarise(sqlite_sample)
    enough = replace(summary, checks=replace(summary.checks, audit=share(27, 30), audit_reviewed=30, missing=0))
    text = render_html(enough).decode()
    assert "Mẫu kiểm tra ngẫu nhiên: người đã xem 30 bài, đồng ý với máy 27 bài, tức 90,0%" in text


def test_whole_texts_stay_inside(page: str) -> None:
    assert "The committee met on Tuesday" not in page
    assert all(len(re.sub("<[^>]+>", "", quoted)) <= 200 for quoted in re.findall(r"<q .*?</q>", page, re.DOTALL))


def test_charts_are_told_in_words(page: str) -> None:
    charts = re.findall(r'<svg [^>]*role="img" aria-labelledby="([^"]+)">', page)
    assert len(charts) == 5
    assert "Ngoại giao 4, Kinh tế, thương mại, đầu tư 2" in page


def test_charts_show_the_numbers_of_the_tables(sqlite_sample: Database, summarise: Summarise) -> None:
    summary = summarise(sqlite_sample)
    specs = chart_specs(summary)
    for name in ("topic", "language", "country", "day"):
        spec = specs[name]
        assert spec is not None
        drawn = [value["n"] for value in spec["data"]["values"]]
        assert drawn == [row.share.count for row in summary.tables[name].rows]
    tones = specs["tone"]
    assert tones is not None
    assert sum(value["n"] for value in tones["data"]["values"]) == summary.figures.totals.about
