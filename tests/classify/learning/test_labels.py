import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from classify.errors import ClassifyError, LabelsError
from classify.learning.apart import FrozenTest
from classify.learning.corpora import rows
from classify.learning.labels import (
    ADJUDICATOR,
    ARTICLES,
    ASIDE,
    CORPUS,
    READINGS,
    TEST,
    TRAIN,
    Label,
    final,
    labelled,
    read_labels,
    read_parts,
)
from classify.taxonomy import load_taxonomy
from classify.types import ABOUT, RELEVANCE, TONES, VALENCES, VOICES, Document

HEAD = "id,reader,read_at,relevance,topics,tone,valence,voice,unsure,field,start,end"
GOOD = "a1,reader-1,2026-11-01,central,economy sport,positive,good,own,yes,title,3,9"


def write(data: Path, *lines: str) -> Path:
    (data / "labels").mkdir(parents=True, exist_ok=True)
    (data / READINGS).write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    return data


def test_a_row_is_a_label(tmp_path: Path) -> None:
    label = Label("a1", "reader-1", "central", ("economy", "sport"), "positive", "good", "own", True, "title", 3, 9)
    assert read_labels(write(tmp_path, GOOD)) == {"a1": [label]}


def test_the_adjudicator_wins_else_the_first_reader(tmp_path: Path) -> None:
    second, last = GOOD.replace("reader-1", "reader-2"), GOOD.replace("reader-1", ADJUDICATOR)
    assert final(read_labels(write(tmp_path, GOOD, second, last))["a1"]).reader == ADJUDICATOR
    assert final(read_labels(write(tmp_path, second, GOOD))["a1"]).reader == "reader-2"


@pytest.mark.parametrize(
    "line",
    [
        GOOD.replace(",3,9", ",three,9"),
        GOOD.replace(",3,9", ",3"),
        GOOD.replace(",3,9", ",,"),
        "a1,reader-1",
        "a1",
    ],
)
def test_a_malformed_row_is_named_with_its_file(tmp_path: Path, line: str) -> None:
    with pytest.raises(LabelsError, match=r"readings\.csv: row \{.*'a1'"):
        read_labels(write(tmp_path, GOOD, line))
    assert issubclass(LabelsError, ClassifyError)  # so the command line says it in one line


def test_a_file_with_other_columns_is_named(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    path = tmp_path / READINGS
    path.write_text(path.read_text(encoding="utf-8").replace("relevance", "relevanz", 1), encoding="utf-8")
    with pytest.raises(LabelsError, match=r"readings\.csv.*'relevance'"):
        read_labels(tmp_path)


def test_labels_join_the_texts_of_the_corpus(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "a2,reader-1,2026-11-01,none,world,n/a,bad,none,no,text,0,2")
    parts = "id,part,group,found\na1,train,g1,sample x\na2,test,g2,look y\n"
    (tmp_path / ARTICLES).write_text(parts, encoding="utf-8")
    (tmp_path / CORPUS).parent.mkdir()
    import gzip
    import json

    with gzip.open(tmp_path / CORPUS, "wt", encoding="utf-8") as file:
        for name in ("a2", "a1", "a3"):
            row = {"id": name, "title": "Tin", "text": "Một tin", "lang": "vi", "outlet": "bao.example"}
            file.write(json.dumps(row) + "\n")
    two, one = labelled(tmp_path, tmp_path)
    assert (one.id, one.held_out, one.group, one.found, one.tone, one.voice) == (
        "a1", False, "g1", "sample x", "positive", "own",
    )  # fmt: skip
    assert (two.id, two.held_out, two.tone, two.voice, two.topics) == ("a2", True, "", "", ("world",))
    assert one.document == Document("Tin", "Một tin", "vi")


# What is shipped.


@dataclass(frozen=True)
class Shipped:
    readings: tuple[dict[str, str], ...]
    articles: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def shipped(data_dir: Path) -> Shipped:
    with (data_dir / READINGS).open(encoding="utf-8", newline="") as file:
        readings = tuple(csv.DictReader(file))
    return Shipped(readings, read_parts(data_dir))


def wrong(shipped: Shipped, holds: Callable[[dict[str, str]], bool]) -> list[dict[str, str]]:
    return [row for row in shipped.readings if not holds(row)][:3]


def test_there_are_enough_and_every_reader_reads_an_article_once(shipped: Shipped, data_dir: Path) -> None:
    assert len(shipped.articles) >= 2_000
    twice = Counter((row["id"], row["reader"]) for row in shipped.readings)
    assert [key for key, times in twice.items() if times > 1] == []
    assert {row["id"] for row in shipped.readings} == set(shipped.articles)
    with (data_dir / ARTICLES).open(encoding="utf-8") as file:
        assert sum(1 for _ in file) - 1 == len(shipped.articles)  # no article has two parts


def test_a_quarter_is_read_twice(shipped: Shipped) -> None:
    readers: dict[str, set[str]] = defaultdict(set)
    for row in shipped.readings:
        if row["reader"] != ADJUDICATOR:
            readers[row["id"]].add(row["reader"])
    share = sum(len(names) > 1 for names in readers.values()) / len(shipped.articles)
    assert round(share, 2) >= 0.25
    alone = [row["id"] for row in shipped.readings if row["reader"] == ADJUDICATOR and len(readers[row["id"]]) < 2]
    assert alone == []  # nothing to settle where only one has read


def test_values_are_those_of_the_guidelines(shipped: Shipped, data_dir: Path) -> None:
    topics = {topic.id for topic in load_taxonomy(data_dir)}
    legal: dict[str, set[str]] = {
        "relevance": set(RELEVANCE),
        "tone": {*TONES, "n/a"},
        "valence": set(VALENCES),
        "voice": {*VOICES, "none"},
        "unsure": {"yes", "no"},
        "field": {"title", "text"},
    }
    for field, values in legal.items():
        assert wrong(shipped, lambda row, field=field, values=values: row[field] in values) == []  # type: ignore[misc]
    assert wrong(shipped, lambda row: 1 <= len(row["topics"].split()) <= 3) == []
    assert wrong(shipped, lambda row: len(set(row["topics"].split())) == len(row["topics"].split())) == []
    assert wrong(shipped, lambda row: set(row["topics"].split()) <= topics) == []


def test_fields_follow_from_each_other(shipped: Shipped) -> None:
    assert wrong(shipped, lambda row: (row["tone"] == "n/a") == (row["relevance"] not in ABOUT)) == []
    toned = ("positive", "negative", "mixed")
    assert wrong(shipped, lambda row: row["voice"] == "none" or row["tone"] in toned) == []
    assert wrong(shipped, lambda row: row["tone"] not in toned or row["voice"] != "none") == []
    assert wrong(shipped, lambda row: row["topics"].split()[0] != "world" or row["relevance"] not in ABOUT) == []


def test_days_readers_and_offsets_are_well_formed(shipped: Shipped) -> None:
    from datetime import date

    assert all(date.fromisoformat(row["read_at"]).year >= 2026 for row in shipped.readings)
    assert wrong(shipped, lambda row: row["reader"] == ADJUDICATOR or row["reader"].startswith("reader-")) == []
    assert wrong(shipped, lambda row: 0 <= int(row["start"]) < int(row["end"])) == []


def test_only_facts_are_kept(data_dir: Path) -> None:
    """No column holds words of an article: they stay with the corpus."""
    for name, columns in ((READINGS, HEAD.split(",")), (ARTICLES, ["id", "part", "group", "found"])):
        with (data_dir / name).open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == columns


def test_each_article_has_a_part_a_group_and_the_query_that_found_it(shipped: Shipped, data_dir: Path) -> None:
    parts = Counter(row["part"] for row in shipped.articles.values())
    assert set(parts) == {TRAIN, TEST, ASIDE}
    assert parts[ASIDE] / len(shipped.articles) < 0.02
    assert 0.25 <= parts[TEST] / len(shipped.articles) <= 0.4
    assert all(row["group"].strip() and row["found"].strip() for row in shipped.articles.values())
    with (data_dir / "labels" / "found.csv").open(encoding="utf-8", newline="") as file:
        counted = list(csv.DictReader(file))
    assert {row["found"] for row in shipped.articles.values()} <= {row["found"] for row in counted}
    # A sample that came with the corpus does not say of how many it was drawn.
    assert all(int(row["drawn"]) <= int(row["matched"]) for row in counted if row["matched"])


def test_no_group_is_learned_and_tested(shipped: Shipped) -> None:
    parts: dict[str, set[str]] = defaultdict(set)
    for row in shipped.articles.values():
        parts[row["group"]].add(row["part"])
    assert [group for group, found in parts.items() if {TRAIN, TEST} <= found] == []


# With the corpus at hand.


@pytest.fixture(scope="module")
def texts(shared: Path, shipped: Shipped) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in _texts(shared / "corpora") if row["id"] in shipped.articles}


def _texts(corpora: Path) -> Iterator[dict[str, Any]]:
    return rows(corpora / CORPUS)


@pytest.mark.shared
def test_every_article_is_in_the_corpus_and_evidence_points_into_it(
    shipped: Shipped, texts: dict[str, dict[str, Any]]
) -> None:
    assert set(texts) == set(shipped.articles)
    assert wrong(shipped, lambda row: int(row["end"]) <= len(texts[row["id"]][row["field"]])) == []
    shown = (texts[row["id"]][row["field"]][int(row["start"]) : int(row["end"])] for row in shipped.readings)
    assert all(words.strip() for words in shown)


@pytest.mark.shared
def test_no_test_text_is_learned(shared: Path, data_dir: Path, shipped: Shipped, texts: dict[str, Any]) -> None:
    """Not a text of the test, not a near copy of one."""
    given = list(labelled(shared / "corpora", data_dir))
    frozen = FrozenTest(given)
    assert [one.id for one in given if not one.held_out and frozen.holds(one.document)] == []
    pairs = [
        {_part(shipped, name), _part(shipped, row["dup_of"])} for name, row in texts.items() if row["dup_of"] in texts
    ]
    assert {TRAIN, TEST} not in pairs


@pytest.mark.shared
def test_what_stands_aside_is_neither_learned_nor_tested(shared: Path, data_dir: Path, shipped: Shipped) -> None:
    given = {one.id for one in labelled(shared / "corpora", data_dir)}
    assert given == {name for name in shipped.articles if _part(shipped, name) != ASIDE}


def _part(shipped: Shipped, name: str) -> str:
    return shipped.articles[name]["part"]
