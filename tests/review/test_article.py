"""One article: its text with the evidence in place, escaped whatever it is, and what else is known."""

import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from sqlalchemy import update

from store.database import Database
from store.tables import ArticleRow, PredictionRow


def test_it_shows_the_text_with_its_evidence(browser_of_lan: Any, articles: list[int]) -> None:
    page = lxml.html.fromstring(browser_of_lan.get(f"/articles/{articles[0]}").text)
    (text,) = page.xpath("//article[contains(@class, 'text')]")
    assert text.get("lang") == "vi"
    assert len(text.xpath("./p")) == 5
    marks = {mark.text_content(): (mark.get("class"), mark.get("title")) for mark in text.xpath(".//mark")}
    assert marks["chi phí vận tải biển vẫn cao"] == ("mark-negative", "Sắc thái: tiêu cực: 48%")
    assert marks["xuất sang Nhật Bản"] == ("mark-topic", "Kinh tế, thương mại, đầu tư: 30%")
    words = page.text_content()
    for known in ("Phiên bản mô hình: vn-2026.11", "diembao-20261120-000.warc.gz", "giống 93%", "Độ tin cậy:",
                  "Sắc thái của bài viết đối với Việt Nam; không phải độ chính xác."):  # fmt: skip
        assert known in words, known
    assert page.xpath("//a[@target='_blank' and contains(@rel, 'noopener')]/@href") == ["https://songthuong.example/0"]


def test_the_sentence_of_a_tag_is_told_apart_from_its_words(browser_of_lan: Any, articles: list[int]) -> None:
    page = lxml.html.fromstring(browser_of_lan.get(f"/articles/{articles[0]}").text)
    underlined = page.xpath("//article//span[@class='sentence' and contains(@title, 'Sắc thái: tiêu cực 100%')]")
    joined = "".join(piece.text_content() for piece in underlined)
    assert joined.startswith("Tuy vậy, chi phí vận tải biển vẫn cao và nhiều")
    assert page.xpath("//article//span[@class='sentence']/mark[@class='mark-negative']/text()") == [
        "chi phí vận tải biển vẫn cao"
    ]
    assert len(page.xpath("//table[@class='reasons']/tbody/tr")) == 7, "sentences are no further words"
    told = [" ".join(one.text_content().split()) for one in page.xpath("//ul[@class='sentences']/li")]
    assert told[0].partition("hải quan. ")[2] == "Kinh tế, thương mại, đầu tư 46%, Liên quan 100%"
    assert len(told) == 2


def answers(page: Any) -> dict[str, str]:
    (box,) = page.xpath("//dl[@class='machine']")
    words = [" ".join(cell.text_content().split()) for cell in box]
    return dict(zip(words[::2], words[1::2], strict=True))


def test_how_sure_the_machine_is_and_what_was_never_measured(browser_of_lan: Any, articles: list[int]) -> None:
    shown = answers(lxml.html.fromstring(browser_of_lan.get(f"/articles/{articles[2]}").text))
    assert shown == {
        "Chủ đề": "Du lịch · Văn hoá, di sản, con người 0,46 chưa đo", "Sắc thái": "Tích cực 0,58 chưa đo",
        "Giọng": "Lời của báo 0,52 chưa đo", "Tính chất sự kiện": "Tốt 0,71 chưa đo", "Liên quan": "Trọng tâm 0,91",
    }  # fmt: skip
    shown = answers(lxml.html.fromstring(browser_of_lan.get(f"/articles/{articles[1]}").text))
    assert "Giọng" not in shown, "a neutral tone is nobody's"
    assert not [value for value in shown.values() if "chưa đo" in value]
    shown = answers(lxml.html.fromstring(browser_of_lan.get(f"/articles/{articles[4]}").text))
    assert {"Giọng", "Tính chất sự kiện"} & set(shown) == set(), "a prediction from before they were asked"


def test_each_language_carries_its_own(browser_of_lan: Any, articles: list[int]) -> None:
    page = lxml.html.fromstring(browser_of_lan.get(f"/articles/{articles[2]}").text)
    assert page.xpath("//article[contains(@class, 'text')]/@lang") == ["ja"]
    assert page.get("lang") == "vi"


def test_earlier_versions_are_kept_in_sight(browser_of_lan: Any, articles: list[int]) -> None:
    page = browser_of_lan.get(f"/articles/{articles[4]}").text
    assert "Các bản trước của bài (1)" in page
    assert "Texte d’avant." in page


def test_evidence_of_an_earlier_revision_is_not_shown_in_place(
    browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    with database.writing() as session:
        session.execute(update(ArticleRow).where(ArticleRow.id == articles[0]).values(revision=2))
    page = browser_of_lan.get(f"/articles/{articles[0]}").text
    assert "<mark" not in page
    assert "Máy mới đọc bản 1; bài nay đã sang bản 2." in page


def test_an_article_without_a_prediction_is_readable(
    browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    with database.writing() as session:
        session.execute(update(PredictionRow).values(current=False))
    page = browser_of_lan.get(f"/articles/{articles[0]}").text
    assert "Máy chưa đọc bài này." in page
    assert 'value="confirmed"' not in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://", "http://[", "//evil.example/"])
def test_an_address_that_is_not_of_the_web_is_no_link(
    url: str, browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    with database.writing() as session:
        session.execute(update(ArticleRow).where(ArticleRow.id == articles[0]).values(url=url))
    assert url not in browser_of_lan.get(f"/articles/{articles[0]}").text


def hostile(folder: Path) -> list[str]:
    payloads = json.loads((folder / "xss_sanitize" / "dompurify_payloads.json").read_text(encoding="utf-8"))
    payloads = [row if isinstance(row, str) else str(row) for row in payloads]
    for path in sorted((folder / "xss_sanitize").glob("*.txt")):
        payloads += path.read_text(encoding="utf-8", errors="replace").splitlines()
    payloads += json.loads((folder / "naughty_strings" / "blns.json").read_text(encoding="utf-8"))
    # PostgreSQL holds no NUL, and a lone surrogate is not text.
    clean = (text.replace("\0", "").encode("utf-8", "ignore").decode() for text in payloads)
    return [text for text in clean if text.strip()]


@pytest.mark.shared
def test_hostile_text_is_shown_and_does_nothing(
    shared: Path, browser_of_lan: Any, new_article: Callable[..., int], articles: list[int]
) -> None:
    payloads = hostile(shared / "corpora")
    assert len(payloads) > 1000
    body = "\n".join(payloads)
    query = payloads[0]
    key = new_article(title=payloads[1], lead=payloads[2], body=body, flags=(("watch", {"query": query}),))
    ours = _tags(lxml.html.fromstring(browser_of_lan.get(f"/articles/{articles[1]}").text))
    ours |= _tags(lxml.html.fromstring(browser_of_lan.get("/queue").text))
    for path in (f"/articles/{key}", "/queue"):
        page = browser_of_lan.get(path).text
        assert html.escape(payloads[1], quote=False).split("&")[0] in page
        tree = lxml.html.fromstring(page)
        assert _tags(tree) <= ours
        assert not tree.xpath("//@*[starts-with(name(), 'on')] | //*[@style] | //script[not(@src)]")
        assert all(not str(link).lower().strip().startswith("javascript") for link in tree.xpath("//@href | //@src"))


def _tags(page: Any) -> set[str]:
    return {element.tag for element in page.iter() if isinstance(element.tag, str)}


def test_markup_in_every_field_is_escaped(
    browser_of_lan: Any, new_article: Callable[..., int], articles: list[int], database: Database
) -> None:
    bad = "<img src=x onerror=alert(1)>\"'&lt;{{ 7*7 }}"
    key = new_article(title=bad, lead=bad, body=bad, flags=(("watch", {"query": bad}), (bad, {})))
    with database.writing() as session:
        evidence = [{"field": "title", "start": 0, "end": 5, "tag": f"topic:{bad}", "weight": 0.5}]
        change = update(PredictionRow).where(PredictionRow.article_id == key)
        session.execute(change.values(evidence=evidence, model=bad, topics=[bad], tone=bad, scores={bad: 0.1}))
    for path in (f"/articles/{key}", "/queue", f"/queue?rule={bad}"):
        page = browser_of_lan.get(path).text
        assert "<img" not in page
        assert "49" not in page or "{{ 7*7 }}" in page
        assert not lxml.html.fromstring(page).xpath("//@*[starts-with(name(), 'on')]")
