"""`diembao labels export` writes facts, whole or not at all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests_support.rows import add_article, add_source

from store.database import Database
from store.labels import write_labels
from store.reviewing import FlagRow, UserRow


@pytest.fixture
def labelled(database: Database) -> Database:
    with database.writing() as session:
        add_source(session)
        user = UserRow(name="Lan Anh", password_hash="-")
        session.add(user)
        session.flush()
        for name, rule in (("1", "audit"), ("2", "learning")):
            article = add_article(session, name, f"Tin {name}", "Thân bài không được ra ngoài.")
            session.add(FlagRow(article_id=article.id, rule=rule, values={}))
            session.flush()
            yes = {"relevance": "central", "topics": ["sport"], "tone": None, "verdict": "corrected"}
            write_labels(session, article, user.id, yes)
    return database


def export(database: Database, root: Path, out: Path) -> subprocess.CompletedProcess[str]:
    url = database.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": str(root), "DIEMBAO_DATABASE_URL": url}
    command = [sys.executable, "-m", "pipelines.cli", "labels", "export", "--out", str(out)]
    return subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True)


def test_the_labels_are_written_as_facts(labelled: Database, root: Path, tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    done = export(labelled, root, out)
    assert (done.returncode, done.stdout) == (0, f"2 labelled articles in {out}\n"), done.stderr
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row["title"], row["drawn"], row["rules"]) for row in rows] == [
        ("Tin 1", "audit", ["audit"]),
        ("Tin 2", "learning", ["learning"]),
    ]
    said = rows[0]["said"]
    assert (said["relevance"], said["topics"], said["tone"], said["role"]) == ("central", ["sport"], None, "analyst")
    assert said["at"].endswith("+00:00")
    assert "Thân bài" not in out.read_text(encoding="utf-8")
    assert "Lan Anh" not in out.read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written(labelled: Database, root: Path, tmp_path: Path) -> None:
    done = export(labelled, root, tmp_path / "nowhere" / "labels.jsonl")
    assert done.returncode == 2
    assert done.stderr.startswith("diembao: cannot write")
    assert len(done.stderr.splitlines()) == 1
