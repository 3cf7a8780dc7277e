import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from classify.learning import corpora as sets
from classify.taxonomy import load_taxonomy
from classify.text.lexicons import Lexicons
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


def test_home_news_is_central_and_world_news_that_names_vietnam_nowhere_is_not(
    tmp_path: Path, lexicons: Lexicons
) -> None:
    title = "Động đất ở Chile"
    row = {"title": title, "label": "The gioi", "source": "a.example", "dup": None}
    made = [{**row, "id": f"v-{at}", "text": f"{title}\nNước này có trận động đất thứ {at}."} for at in range(60)]
    named = [{**one, "id": one["id"] + "n", "text": one["text"] + " Người Việt Nam ở đó an toàn."} for one in made]
    headings = [{**one, "id": one["id"] + "h", "text": one["text"] + "\nViệt Nam thắng\nHết."} for one in made]
    others = [{**one, "id": one["id"] + "o", "label": "Kinh doanh"} for one in made]
    bare = [{**one, "id": one["id"] + "b", "title": ""} for one in made]
    home = [{**one, "id": one["id"] + "c", "label": "Chinh tri Xa hoi"} for one in made]
    write(tmp_path / "vntc" / "train.jsonl.gz", [*made, *named, *headings, *others, *bare, *home])
    found = list(sets.home_and_world(tmp_path, lexicons.get("vi")))
    assert {one.id for one in found if one.relevance == "none"} < {one["id"] for one in made}
    assert {one.id for one in found if one.relevance == "central"} < {one["id"] for one in home}
    assert all(5 < sum(one.relevance == about for one in found) < 35 for about in ("none", "central"))
    assert {(one.topics, one.unread, one.group) for one in found} == {((), True, "vntc a.example")}
