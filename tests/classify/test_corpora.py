import gzip
import json
from pathlib import Path

import pytest

from classify import corpora as sets
from classify.taxonomy import load_taxonomy
from classify.types import Document


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_every_mapping_leads_to_a_topic(data_dir: Path) -> None:
    ids = {topic.id for topic in load_taxonomy(data_dir)}
    named = {
        topic for mapping in (sets.VNTC, sets.VNTC27, sets.VNNEWS) for topics in mapping.values() for topic in topics
    }
    assert named | set(sets.DANES.values()) <= ids


def test_the_headline_is_taken_off_the_text(tmp_path: Path) -> None:
    row = {"id": "1", "title": "Tin", "text": "Tin\nNội dung", "label": "The thao", "source": "x", "dup": ""}
    write(tmp_path / "vntc" / "train.jsonl.gz", [row, {**row, "dup": "same_split"}])
    assert [(e.document, e.topics) for e in sets.vntc_train(tmp_path)] == [
        (Document("Tin", "Nội dung", "vi"), ("sport",))
    ]


def test_held_out_sites_are_drawn_by_name(tmp_path: Path) -> None:
    names = [f"site{at}.vn" for at in range(40)]
    rows = [{"id": n, "title": "T", "text": "x", "topics": ["Kinh tế"], "source": n} for n in names]
    write(tmp_path / "danes" / "annotated.jsonl.gz", rows)
    first = {e.source for e in sets.danes(tmp_path) if e.held_out}
    assert first == {e.source for e in sets.danes(tmp_path) if e.held_out}
    assert 0 < len(first) < 40


def test_copies_have_one_key() -> None:
    assert sets.text_key(Document("Tin", "A  b")) == sets.text_key(Document("", "TIN a B"))


@pytest.mark.shared
def test_no_group_is_split_and_no_test_row_is_learned(
    shared: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from classify.train import training_examples

    held, learned = set(), set()
    for example in sets.coverage(shared / "corpora", data_dir):
        (held if example.held_out else learned).add(example.group)
    assert not held & learned
    # The big training half is left out here: VNTC itself marks its copies, and reading it takes half a minute.
    monkeypatch.setattr(sets, "vntc_train", lambda corpora: iter(()))
    tested = {sets.text_key(example.document) for example in sets.vntc_test(shared / "corpora")}
    assert not any(
        example.held_out or sets.text_key(example.document) in tested
        for example in training_examples(shared / "corpora", data_dir)
    )


@pytest.mark.shared
def test_labels_belong_to_the_corpus_and_the_taxonomy(shared: Path, data_dir: Path) -> None:
    ids = {topic.id for topic in load_taxonomy(data_dir)}
    labelled = [e for e in sets.coverage(shared / "corpora", data_dir) if e.topics]
    assert len(labelled) > 700
    assert all(set(e.topics) <= ids and 1 <= len(e.topics) <= 3 for e in labelled)
    assert all(bool(e.tone) == (e.relevance in ("central", "substantial")) for e in labelled)
