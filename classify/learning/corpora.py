"""The labelled corpora, read as examples whose labels are ours: which section of which corpus means which topic."""

import csv
import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from classify.text.lexicons import Lexicon
from classify.text.reading import read
from classify.types import Document

VNTC_TRAIN = Path("vntc") / "train.jsonl.gz"
# VNTC (MIT): newspaper sections of 2002-06. "Chinh tri Xa hoi" is home news at large, which has no single topic here:
# it teaches only what it is not, and is left out of scores.
VNTC = {
    "Kinh doanh": ("economy",), "Phap luat": ("law_order",), "Suc khoe": ("health",), "The thao": ("sport",),
    "Van hoa": ("culture",), "Vi tinh": ("science_tech",), "Khoa hoc": ("science_tech",), "The gioi": ("world",),
    "Doi song": ("society",), "Chinh tri Xa hoi": (),
}  # fmt: skip
VNTC27 = {
    "Am nhac": ("culture",), "Am thuc": ("culture",), "Bat dong san": ("economy",), "Bong da": ("sport",),
    "Chung khoan": ("economy",), "Cum ga": ("health",), "Cuoc song do day": ("society",), "Du hoc": ("society",),
    "Du lich": ("tourism",), "Duong vao WTO": ("economy", "multilateral"), "Gia dinh": ("society",),
    "Giai tri tin hoc": ("science_tech",), "Giao duc": ("society",), "Gioi tinh": ("health",),
    "Hackers va Virus": ("science_tech",), "Hinh su": ("law_order",), "Khong gian song": ("society",),
    "Kinh doanh quoc te": ("economy",), "Lam dep": ("society",), "Loi song": ("society",), "Mua sam": ("economy",),
    "My thuat": ("culture",), "San khau dien anh": ("culture",), "San pham tin hoc moi": ("science_tech",),
    "Tennis": ("sport",), "The gioi tre": ("society",), "Thoi trang": ("culture",),
}  # fmt: skip
# DANeS (CC BY 4.0): several topics a row; gossip, traffic and "undefined" have no counterpart and are passed over.
DANES = {
    "Đời sống": "society", "Xã hội": "society", "Kinh tế": "economy", "Giải trí": "culture", "Covid-19": "health",
    "Thế giới": "world", "Sức khoẻ": "health", "Thể thao": "sport", "Công nghệ": "science_tech",
    "Pháp luật": "law_order", "Văn hoá": "culture", "Chính trị": "governance", "Bất động sản": "economy",
    "Môi trường": "environment", "Giáo dục": "society", "Du lịch": "tourism", "Phim ảnh": "culture",
    "Chứng khoán": "economy", "Khoa học": "science_tech", "Game": "science_tech",
}  # fmt: skip
# vnnews2016 (no licence: for measuring only): sections of papers that train nothing here.
VNNEWS = {
    "scitech": ("science_tech",), "business": ("economy",), "realestate": ("economy",), "society": ("society",),
    "life": ("society",), "education": ("society",), "world": ("world",), "sport": ("sport",), "culture": ("culture",),
    "entertainment": ("culture",), "health": ("health",), "law": ("law_order",), "travel": ("tourism",),
    "overseas_vietnamese": ("diaspora",),
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A document with what is known of it.

    Empty `topics` means unknown, as does an empty text elsewhere; `source` is the outlet; rows of one `group` must not
    be split between sets; `found` says which query found it, "" where it was not looked for. An `unread` one has its
    answer from a rule: it teaches what words mean, but not how sure to be.
    """

    id: str
    corpus: str
    source: str
    group: str
    document: Document
    topics: tuple[str, ...] = ()
    relevance: str = ""
    tone: str = ""
    valence: str = ""
    voice: str = ""
    held_out: bool = False
    found: str = ""
    unread: bool = False


def vntc_train(corpora: Path) -> Iterator[Example]:
    """The official training half: VnExpress, Tuoi Tre, Thanh Nien, NLD."""
    return (_section(row, "vntc", VNTC) for row in rows(corpora / VNTC_TRAIN) if not row["dup"])


def home_and_world(corpora: Path, lexicon: Lexicon | None) -> Iterator[Example]:
    """Rows of VNTC that have a headline: home news as "central", and world news that never names Vietnam as "none".

    The articles read for the project were found by the name of Vietnam, so they hardly show what a Vietnamese paper
    prints of the world. Nobody read these: their answer follows from the section and from what is not named. Home news
    is there so that the papers' manner of those years does not speak for either.
    """
    for one in vntc_train(corpora):
        world = "world" in one.topics
        if not (world or not one.topics) or not one.document.title or draw(one.id, 3 if world else 4):
            continue
        if not world or not read(one.document, "vi", lexicon).named:
            about = "none" if world else "central"
            yield replace(one, topics=(), relevance=about, group=f"vntc {one.source}", unread=True)


def vntc_test(corpora: Path) -> Iterator[Example]:
    """10,000 VnExpress rows of the official test half, none of them a copy of a training row."""
    return (_section(row, "vntc", VNTC) for row in rows(corpora / "vntc" / "test_vnexpress_10k.jsonl.gz"))


def vntc27(corpora: Path) -> Iterator[Example]:
    """The 27 finer sections; its rows may repeat those of the VNTC test, so evaluation takes these away."""
    return (_section(row, "vntc27", VNTC27) for row in rows(corpora / "vntc27" / "all.jsonl.gz") if not row["dup"])


def danes(corpora: Path) -> Iterator[Example]:
    """Headlines with leads; one site in four, drawn by a hash of its name, is held out."""
    for row in rows(corpora / "danes" / "annotated.jsonl.gz"):
        topics = tuple(dict.fromkeys(DANES[name] for name in row["topics"] if name in DANES))
        if topics:
            document = Document(row["title"], row["text"], "vi")
            out = draw(row["source"], 4) == 0
            yield Example(row["id"], "danes", row["source"], row["source"], document, topics, held_out=out)


def vnnews(corpora: Path) -> Iterator[Example]:
    """2016 articles of papers that VNTC does not have; VnExpress and unlabelled rows are left out."""
    for row in rows(corpora / "vnnews2016" / "all.jsonl.gz"):
        if row["label"] and "vnexpress" not in row["source"]:
            yield _section(row, "vnnews2016", VNNEWS)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON-lines file, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def draw(name: str, among: int) -> int:
    """A number from 0 to `among` - 1 that `name` always draws, on every machine."""
    return int(hashlib.sha256(name.encode("utf-8", "replace")).hexdigest(), 16) % among


def text_key(document: Document) -> str:
    """The same for copies of a text, whatever its spacing and case."""
    joined = "".join(f"{document.title} {document.text}".casefold().split())
    return hashlib.sha256(joined[:600].encode("utf-8", "replace")).hexdigest()


def _section(row: dict[str, Any], corpus: str, mapping: Mapping[str, tuple[str, ...]]) -> Example:
    title, text = row["title"] or "", row["text"]
    # These corpora repeat the headline at the head of the text; our documents do not.
    if title and text.startswith(title):
        text = text[len(title) :].lstrip()
    return Example(row["id"], corpus, row["source"], row["id"], Document(title, text, "vi"), mapping[row["label"]])


def _group(row: dict[str, Any]) -> str:
    return str(row["event"] or row["cluster_id"] or row["outlet"] + row["date"][:7])


def _labels(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
