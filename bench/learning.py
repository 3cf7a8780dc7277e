"""What hints learned from some pages of an outlet do for its other pages.

    python bench/learning.py

Every outlet with three or more real pages with gold: each page is read with hints learned from the others, and without.
Then the same with a box and a paragraph put into every page of the largest of them: of our own words, three of seven
links in the box, so that no two pages have the same. F1 as in checks/score_extraction.py.
"""

import gzip
import importlib.util
import json
import random
from collections import defaultdict
from statistics import fmean
from typing import Any

import lxml.html
from replaying import shared

from crawler.extraction.article import NotAnArticle
from crawler.extraction.extract import extract
from crawler.extraction.hints import Hints
from crawler.extraction.learning import learn

FOLLOW = "Mời quý độc giả theo dõi các chương trình đã phát sóng của đài trên mọi nền tảng số và trên truyền hình."
LINKS = (
    "Giá vé xe buýt giữ nguyên trong năm tới", "Chợ đêm mở lại sau ba tháng sửa chữa", "Cảng cá vào vụ mới",
    "Thêm năm cây cầu bắc qua sông", "Trường làng có thư viện mới", "Mưa lớn còn kéo dài đến cuối tuần",
    "Đội bóng tỉnh thắng trận thứ tư",
)  # fmt: skip
LONG = 150  # characters of a paragraph that stands in the text

Page = tuple[bytes, str, str]  # bytes, address, gold


def main() -> None:
    """Measure and print."""
    folder = shared()
    spec = importlib.util.spec_from_file_location("score", folder / "checks" / "score_extraction.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    outlets: dict[str, list[Page]] = defaultdict(list)
    for row in map(json.loads, (folder / "pages" / "index.jsonl").read_text(encoding="utf-8").splitlines()):
        if row["kind"] == "article" and row["body"]:
            data = (folder / "pages" / row["file"]).read_bytes()
            body = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
            outlets[row["outlet"]].append((body, row["url"], row["body"]))
    chosen = {name: pages for name, pages in outlets.items() if len(pages) >= 3}
    without, hinted, named = [], [], 0
    for name, pages in sorted(chosen.items(), key=lambda item: -len(item[1])):
        one, other, hints = _left_out(score, pages)
        named += bool(hints.body)
        without += one
        hinted += other
        print(f"{name:28} {len(pages):3} pages  F1 {fmean(one):.4f} -> {fmean(other):.4f}  {hints.body or '-'}")
    print(
        f"{len(chosen)} outlets, {len(without)} pages: {fmean(without):.4f} -> {fmean(hinted):.4f}; {named} with a body"
    )
    largest = max(chosen.values(), key=len)
    dirty = [(_with_boxes(body, number), url, gold) for number, (body, url, gold) in enumerate(largest)]
    one, other, _ = _left_out(score, dirty)
    clean = fmean(_f1(score, page, None) for page in largest)
    print(f"with boxes, {len(dirty)} pages: {fmean(one):.4f} -> {fmean(other):.4f}; without boxes {clean:.4f}")


def _left_out(score: Any, pages: list[Page]) -> tuple[list[float], list[float], Hints]:
    """F1 of each page without hints, and with those of the others; and the hints of all."""
    known = [(body, url) for body, url, _ in pages]
    without = [_f1(score, page, None) for page in pages]
    hinted = [
        _f1(score, page, learn([*known[:number], *known[number + 1 :]]).hints) for number, page in enumerate(pages)
    ]
    return without, hinted, learn(known).hints


def _f1(score: Any, page: Page, hints: Hints | None) -> float:
    body, url, gold = page
    try:
        article = extract(body, url, hints=hints)
    except NotAnArticle:
        return 0.0
    found: float = score.body_f1(gold, f"{article.lead}\n{article.body}")[2]
    return found


def _with_boxes(body: bytes, number: int) -> bytes:
    """A box in the middle of the text and a paragraph at its end, of which neither is text."""
    chance = random.Random(number)
    tree = lxml.html.fromstring(body)
    paragraphs = [part for part in tree.iter("p") if len(part.text_content()) >= LONG]
    if not paragraphs:
        return body
    links = "".join(f"<p><a href='/{chance.random()}'>{text}</a></p>" for text in chance.sample(LINKS, 3))
    box = f"<div class='quan-tam'><p>Bạn đọc quan tâm nhiều nhất trong tuần</p>{links}</div>"
    paragraphs[len(paragraphs) // 2].addnext(lxml.html.fromstring(box))
    paragraphs[-1].addnext(lxml.html.fromstring(f"<p>{FOLLOW}</p>"))
    found: bytes = lxml.html.tostring(tree, encoding="utf-8", doctype="<!doctype html>")
    return found


if __name__ == "__main__":
    main()
