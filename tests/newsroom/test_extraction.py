"""Every article of the sample newsroom is read as it was written: ten outlets, seven languages, eight layouts."""

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.extraction.extract import extract
from pipelines.newsroom.content import Article
from pipelines.newsroom.newsroom import Newsroom


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return Newsroom(Path(__file__).parents[2] / "data" / "newsroom", date(2026, 11, 9))


def page(newsroom: Newsroom, url: str) -> bytes:
    parts = urlsplit(url)
    return newsroom.respond(parts.netloc, parts.path, {}).body


def beside(article: Article, line: str) -> bool:
    """Whether a line is a part that the article has beside its paragraphs."""
    return line.startswith("|") or line in (article.quote, article.correction) or line[2:] in article.bullets


def test_leads_and_paragraphs_are_kept_and_nothing_else(newsroom: Newsroom) -> None:
    wrong = []
    urls = newsroom.article_urls(80)
    for url, key in urls.items():
        written, found = newsroom.articles[key], extract(page(newsroom, url), url)
        paragraphs = [line for line in found.body.split("\n") if not beside(written, line)]
        if (found.lead, paragraphs) != (written.lead, list(written.body)):
            wrong.append(key)
    assert len(urls) >= 200
    assert not wrong


def test_tables_and_lists_are_kept_as_text(newsroom: Newsroom) -> None:
    rows = lists = 0
    for url, key in newsroom.article_urls(80).items():
        written = newsroom.articles[key]
        if not written.table and not written.bullets:
            continue
        lines = extract(page(newsroom, url), url).body.split("\n")
        for row in written.table:
            assert any(all(cell in line for cell in row) for line in lines), (key, row)
        assert all(f"- {bullet}" in lines for bullet in written.bullets), key
        rows, lists = rows + len(written.table), lists + len(written.bullets)
    assert rows >= 20
    assert lists >= 5
