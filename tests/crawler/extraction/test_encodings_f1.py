"""Real Vietnamese pages rewritten in the encodings of the past are read as well as they are today."""

import gzip
import json
import re
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from tests_support.encodings import LEGACY
from tests_support.scoring import scorer

from crawler.extraction.decoding import decode
from crawler.extraction.extract import extract

pytestmark = pytest.mark.shared
CHARSET = re.compile(r"<meta[^>]*charset[^>]*>", re.IGNORECASE)
EVERY = 3  # of the pages; all of them were read when this was written, with the same result


def f1(score: Any, gold: str, body: bytes, url: str) -> float:
    article = extract(body, url)
    found: float = score.body_f1(gold, f"{article.lead}\n{article.body}")[2]
    return found


@pytest.fixture(scope="module")
def pages(shared: Path) -> list[tuple[str, str, str]]:
    """Gold, address and text of Vietnamese pages."""
    found = []
    for line in (shared / "pages" / "index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["set"] == "vn" and row["body"]:
            data = (shared / "pages" / row["file"]).read_bytes()
            text = decode(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
            found.append((row["body"], row["url"], CHARSET.sub("", text)))
    return found[::EVERY]


@pytest.mark.parametrize("name", LEGACY)
def test_the_text_of_a_page_does_not_depend_on_its_encoding(
    name: str, shared: Path, pages: list[tuple[str, str, str]]
) -> None:
    score = scorer(shared)
    today = [f1(score, gold, text.encode(), url) for gold, url, text in pages]
    then = [f1(score, gold, LEGACY[name](text), url) for gold, url, text in pages]
    assert len(pages) >= 7
    assert fmean(today) > 0.98
    assert fmean(then) >= fmean(today) - 0.01
    assert min(one - other for one, other in zip(then, today, strict=True)) > -0.05, "one page is read far worse"
