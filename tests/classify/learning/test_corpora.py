import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from classify.learning import corpora as sets
from classify.taxonomy import load_taxonomy
from classify.types import Document


def write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_every_mapping_leads_to_a_topic(data_dir: Path) -> None:
    ids = {topic.id for topic in load_taxonomy(data_dir)}
    mappings = (sets.VNTC, sets.VNTC27, sets.VNNEWS)
    named = {topic for mapping in mappings for topics in mapping.values() for topic in topics}
    assert named | set(sets.DANES.values()) <= ids


def test_the_headline_is_taken_off_the_text_and_copies_are_left_out(tmp_path: Path) -> None:
    row = {"id": "1", "title": "Tin", "text": "Tin\nNội dung", "label": "The thao", "source": "x", "dup": ""}
    write(tmp_path / "vntc" / "train.jsonl.gz", [row, {**row, "dup": "same_split"}])
    assert [(e.document, e.topics) for e in sets.vntc_train(tmp_path)] == [
        (Document("Tin", "Nội dung", "vi"), ("sport",))
    ]


def test_held_out_sites_are_drawn_by_name(tmp_path: Path) -> None:
    names = [f"site{at}.example" for at in range(40)]
    rows = [{"id": n, "title": "T", "text": "x", "topics": ["Kinh tế", "Bất động sản"], "source": n} for n in names]
    write(tmp_path / "danes" / "annotated.jsonl.gz", [*rows, {**rows[0], "topics": ["Giao thông"]}])
    found = list(sets.danes(tmp_path))
    assert {e.topics for e in found} == {("economy",)}
    assert len(found) == 40
    out = {e.source for e in found if e.held_out}
    assert out == {e.source for e in sets.danes(tmp_path) if e.held_out}
    assert 0 < len(out) < 20


def test_sections_that_train_nothing_are_left_out(tmp_path: Path) -> None:
    row = {"id": "1", "title": "", "text": "x", "label": "sport", "source": "paper.example"}
    rows = [row, {**row, "label": ""}, {**row, "source": "vnexpress.example"}]
    write(tmp_path / "vnnews2016" / "all.jsonl.gz", rows)
    assert [e.topics for e in sets.vnnews(tmp_path)] == [("sport",)]


def test_rows_are_read_packed_or_not(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n\n{"a": 2}\n', encoding="utf-8")
    assert list(sets.rows(tmp_path / "a.jsonl")) == [{"a": 1}, {"a": 2}]
    with pytest.raises(FileNotFoundError):
        list(sets.rows(tmp_path / "b.jsonl.gz"))


def test_a_name_always_draws_the_same_number() -> None:
    assert [sets.draw(name, 100) for name in ("a", "báo", "\ud800")] == [99, 67, 69]


def test_copies_have_one_key() -> None:
    assert sets.text_key(Document("Tin", "A  b")) == sets.text_key(Document("", "TIN a B"))
    assert sets.text_key(Document("Tin", "A b")) != sets.text_key(Document("Tin", "A c"))
