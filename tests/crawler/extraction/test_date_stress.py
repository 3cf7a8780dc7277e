"""Real pages without their structured dates, each with one of many written forms put in as the date line."""

import gzip
import json
import random
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree, html

from crawler.extraction.article import Dated
from crawler.extraction.dates import find_dates
from crawler.extraction.decoding import decode
from crawler.extraction.metadata import read_metadata
from crawler.extraction.titles import find_title

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 9, tzinfo=UTC)
URL = "http://bao-mau.example/tin"
FORMS = (
    "29/7/2024, 13:51 (GMT+7)", "13:51 | 29/07/2024", "Thứ Hai, 29/07/2024 13:51", "13 giờ 51, 29/07/2024",
    "Cập nhật lúc 13h51, 29/7/2024", "Ngày 29 tháng 7 năm 2024", "29-07-2024 1:51 PM", "July 29, 2024 1:51 PM",
    "29 juillet 2024 à 13h51", "29 июля 2024, 13:51", "29.07.2024 13:51", "2024-07-29 13:51", "2024年7月29日 13:51",
    "2024년 7월 29일 오후 1시 51분", "29 กรกฎาคม 2567 13:51 น.", "ວັນທີ 29 ກໍລະກົດ 2024",
    "ថ្ងៃទី២៩ ខែកក្កដា ឆ្នាំ២០២៤",
)  # fmt: skip
DATED = re.compile(r"(?:19|20)\d\d")


def stripped(page: str) -> str:
    """A page without what it says of its date: to machines, and in short texts to readers."""
    tree = html.document_fromstring(page)
    etree.strip_elements(tree, "script", "time", with_tail=False)
    for meta in tree.xpath("//meta"):
        if DATED.search(meta.get("content") or ""):
            meta.drop_tree()
    for element in tree.xpath("//*[@datetime or @itemprop]"):
        element.attrib.pop("datetime", None)
        element.attrib.pop("itemprop", None)
    for text in tree.xpath("//body//text()"):
        if len(text) < 200 and DATED.search(text) and text.getparent().tag != "h1":
            owner = text.getparent()
            setattr(owner, "tail" if text.is_tail else "text", "")
    return etree.tostring(tree, encoding="unicode", method="html")


def read(page: str) -> Dated:
    tree = html.document_fromstring(page)
    metadata = read_metadata(tree)
    return find_dates(tree, metadata, url=URL, zone=HANOI, now=NOW, title=find_title(tree, metadata))[0]


def put(page: str, form: str, way: str) -> str | None:
    tree = html.document_fromstring(page)
    metadata = read_metadata(tree)
    title = find_title(tree, metadata)
    heading = next((h for h in tree.iter("h1") if title and title in " ".join(h.text_content().split())), None)
    if heading is None:
        return None
    line = html.fragment_fromstring(way.format(form))
    heading.addnext(line)
    return etree.tostring(tree, encoding="unicode", method="html")


@pytest.mark.shared
def test_date_lines_of_all_forms_on_real_pages(shared: Path) -> None:
    index = (shared / "pages" / "index.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in index.split("\n") if line]
    chance = random.Random(4)
    few = [row for row in rows if row["set"] == "vn"] + chance.sample([r for r in rows if r["set"] == "fundus"], 40)
    ways = ('<div class="date">{}</div>', "<p>{}</p>", '<span class="time">{}</span>', "<div>{}</div>")
    right = wrong = undated = invented = 0
    for row in few:
        page = stripped(decode(gzip.decompress((shared / "pages" / row["file"]).read_bytes())))
        invented += read(page).moment is not None
        for form in chance.sample(FORMS, 4):
            dated = put(page, form, chance.choice(ways))
            if dated is None:
                continue
            moment = read(dated).moment
            undated += moment is None
            told = moment is not None and moment.astimezone(HANOI).strftime("%Y-%m-%d") == "2024-07-29"
            right, wrong = right + told, wrong + (moment is not None and not told)
    assert right + wrong + undated > 150, "pages that show their headline in h1"
    assert wrong == 0
    assert right / (right + undated) >= 0.95
    assert invented == 0, "pages without a date stay undated"
