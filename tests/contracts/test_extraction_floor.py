"""What extraction reached on the real pages is kept: a change that loses some of it fails here.

The floors are in extraction_floors.json, with a hash of the pages that they were measured on. They go down only on
purpose: `EXTRACTION_FLOORS=set pytest tests/contracts/test_extraction_floor.py` writes what is measured now, and the
change of the file says so in review.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests_support.scoring import scorer

FLOORS = Path(__file__).parent / "extraction_floors.json"
FLAG = "EXTRACTION_FLOORS"
SETS = ("vn", "fundus", "aeb", "trafilatura_eval")
KEPT = 0.8  # share of a first paragraph's shingles that must be found: its borders may differ

pytestmark = pytest.mark.shared


def corpus_hash(pages: Path) -> str:
    """A hash of the index and of every page it names."""
    digest = hashlib.sha256()
    index = (pages / "index.jsonl").read_bytes()
    digest.update(index)
    for line in index.splitlines():
        digest.update((pages / json.loads(line)["file"]).read_bytes())
    return digest.hexdigest()


def lead_kept(score: Any, page: dict[str, Any], text: str) -> bool:
    """Whether the first paragraph of the gold stands in the text."""
    first = next(line for line in page["body"].split("\n") if len(line) >= 40)
    wanted = score.shingles(first)
    return sum((wanted & score.shingles(text)).values()) >= KEPT * sum(wanted.values())


def measure(shared: Path, out: Path) -> dict[str, dict[str, float]]:
    """Mean body F1, titles, dates and leads of each set, by `diembao extract`'s own way."""
    from pipelines.extract import extract_pages, read_index
    from pipelines.settings import load_settings

    settings, _ = load_settings(workers=2)
    pages = shared / "pages"
    rows = [row for row in read_index(pages) if row["set"] in SETS]
    extract_pages(rows, pages, out, settings, lambda _: None)
    found = {row["id"]: row for row in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    score = scorer(shared)
    reached: dict[str, dict[str, list[float]]] = {name: {} for name in SETS}
    for page in rows:
        own, values = found[page["id"]], reached[page["set"]]
        if page.get("body"):
            values.setdefault("f1", []).append(score.body_f1(page["body"], own["text"])[2])
        if page.get("body") and page["set"] == "vn":
            values.setdefault("lead", []).append(lead_kept(score, page, own["text"] or ""))
        if page.get("title"):
            values.setdefault("title", []).append(score.plain_title(page["title"]) == score.plain_title(own["title"]))
        if page.get("date"):
            values.setdefault("date", []).append((own["published_at"] or "")[:10] == page["date"][:10])
    return {name: {key: sum(list_) / len(list_) for key, list_ in values.items()} for name, values in reached.items()}


def test_nothing_reached_is_lost(shared: Path, tmp_path: Path) -> None:
    corpus, reached = corpus_hash(shared / "pages"), measure(shared, tmp_path / "found.jsonl")
    if os.environ.get(FLAG) == "set":
        # Rounded down: a floor is what was reached, not more.
        floors = {name: {key: int(value * 1000) / 1000 for key, value in row.items()} for name, row in reached.items()}
        FLOORS.write_text(json.dumps({"corpus": corpus, "floors": floors}, indent=1) + "\n", encoding="utf-8")
    kept = json.loads(FLOORS.read_text(encoding="utf-8"))
    assert corpus == kept["corpus"], f"the pages are others than those measured: measure again with {FLAG}=set"
    lost = [
        f"{name} {key}: {reached[name][key]:.4f}, was {floor}"
        for name, row in kept["floors"].items()
        for key, floor in row.items()
        if reached[name][key] < floor
    ]
    assert not lost, f"{'; '.join(lost)}. If that is meant, {FLAG}=set writes new floors."
