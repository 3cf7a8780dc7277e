from pathlib import Path

import pytest

from classify.errors import LexiconError
from classify.taxonomy import load_taxonomy


def test_the_nineteen_topics(data_dir: Path) -> None:
    topics = load_taxonomy(data_dir)
    assert len(topics) == 19
    assert topics[0].id == "diplomacy"
    assert {"vi", "en"} <= set(topics[0].names)


@pytest.mark.parametrize(
    ("content", "message"),
    [("topics: [{vi: x}]", "needs an `id`"), ("topics: [{id: a}, {id: a}]", "twice"), ("a: [", "cannot be read")],
)
def test_a_bad_taxonomy_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "taxonomy.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        load_taxonomy(tmp_path)
