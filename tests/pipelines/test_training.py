"""`diembao train`, `evaluate` and `models`: the gate before service, the way back, and what the desk's labels teach."""

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests_support.articles import examples, write_data
from tests_support.rows import add_article, add_source

from classify.evaluation.intervals import Comparison, Interval
from classify.learning.corpora import VNTC_TRAIN
from classify.learning.labels import CORPUS
from classify.registry import TASKS, in_service
from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.settings import Settings, load_settings
from pipelines.training import candidate, examples_of, promote
from store.database import open_database
from store.labels import write_labels
from store.reviewing import FlagRow, UserRow

Run = Callable[..., tuple[int, str, str]]


def write_corpus(folder: Path, data: Path) -> None:
    """The made-up articles as a corpus with labels; every third group is the frozen test."""
    listed = examples()
    rows = [
        {"id": one.id, "lang": one.document.language, "title": one.document.title, "text": one.document.text,
         "outlet": one.source, "date": "2026-10-01"}
        for one in listed
    ]  # fmt: skip
    (folder / "vn_coverage").mkdir(parents=True)
    with gzip.open(folder / "vn_coverage" / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    (data / "labels").mkdir()
    with (data / "labels" / "readings.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "id",
                "reader",
                "read_at",
                "relevance",
                "topics",
                "tone",
                "valence",
                "voice",
                "unsure",
                "field",
                "start",
                "end",
            ]
        )
        for one in listed:
            writer.writerow([one.id, "reader-1", "2026-11-22", one.relevance, " ".join(one.topics), one.tone or "n/a",
                             one.valence, one.voice or "none", "no", "title", 0, 4])  # fmt: skip
    with (data / "labels" / "articles.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "part", "group", "found"])
        for one in listed:
            writer.writerow([one.id, "test" if one.group.endswith("-2") else "train", one.group, "made"])


@pytest.fixture
def diembao(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    write_corpus(tmp_path / "corpora", write_data(tmp_path / "data"))
    monkeypatch.setenv("DIEMBAO_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
    monkeypatch.setenv("DIEMBAO_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("DIEMBAO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DIEMBAO_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    return run


def test_trains_measures_and_takes_into_service(diembao: Run, tmp_path: Path) -> None:
    code, out, _ = diembao("train", "--corpora", "corpora", "--version", "1")
    assert code == 0
    assert in_service(tmp_path / "models") == {task: ["1"] for task in TASKS}
    for heading in ("Systems, whole test", "By language and part", "Confusion", "Calibration error"):
        assert heading in out
    for system in ("majority", "lexicon", "plain", "ours"):
        assert f"\n| {system} " in out
    for task in TASKS:
        folder = tmp_path / "models" / task / "1"
        card = (folder / "CARD.md").read_text(encoding="utf-8")
        assert "Never use it for" in card
        assert "| made" not in card
        assert "vn_coverage" in card
        assert json.loads((folder / "metrics.json").read_text(encoding="utf-8"))["rows"] == 16
    serving = json.loads((tmp_path / "models" / "metrics.json").read_text(encoding="utf-8"))
    assert serving["versions"] == dict.fromkeys(TASKS, "1")
    assert serving["figures"] == json.loads((folder / "metrics.json").read_text(encoding="utf-8"))["figures"]


def test_the_same_again_is_no_better_and_stays_out_of_service(diembao: Run, tmp_path: Path) -> None:
    diembao("train", "--corpora", "corpora", "--version", "1")
    code, out, _ = diembao("train", "--corpora", "corpora", "--version", "2")
    assert code == 1  # trained, but nothing better
    assert in_service(tmp_path / "models") == {task: ["1"] for task in TASKS}
    assert "Against the version in service" in out
    assert out.count("not put in service") == len(TASKS)
    first, second = ((tmp_path / "models" / "topics" / name / "weights.npz").read_bytes() for name in "12")
    assert first == second  # deterministic


def test_where_some_tasks_are_taken_over_what_serves_is_measured_anew(
    diembao: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    diembao("train", "--corpora", "corpora", "--version", "1")
    monkeypatch.setattr("classify.evaluation.evaluate.better", lambda compared, task, share: task == "tone")
    assert diembao("train", "--corpora", "corpora", "--version", "2")[0] == 0
    assert {task: history[0] for task, history in in_service(models).items()} == dict.fromkeys(TASKS, "1") | {
        "tone": "2"
    }
    serving = json.loads((models / "metrics.json").read_text(encoding="utf-8"))
    assert serving["versions"]["tone"] == "2"
    assert serving["versions"]["topics"] == "1"
    assert serving["version"] == json.loads((models / "tone" / "2" / "metrics.json").read_text("utf-8"))["version"]
    assert serving["version"] != json.loads((models / "topics" / "2" / "metrics.json").read_text("utf-8"))["version"]
    again = json.loads(diembao("evaluate", "--corpora", "corpora", "--json")[1])
    assert again["figures"] == serving["figures"]


def test_a_version_is_never_written_over(diembao: Run) -> None:
    diembao("train", "--corpora", "corpora", "--version", "1")
    code, _, err = diembao("train", "--corpora", "corpora", "--version", "1")
    assert code == 2
    assert "exists" in err
    assert len(err.strip().splitlines()[-1:]) == 1


def test_what_a_stopped_training_left_is_written_anew(diembao: Run, tmp_path: Path) -> None:
    left = tmp_path / "models" / "tone" / "1"
    left.mkdir(parents=True)
    (left / "weights.npz").write_bytes(b"half")
    assert diembao("train", "--corpora", "corpora", "--version", "1", "--task", "tone")[0] == 0
    assert in_service(tmp_path / "models") == {"tone": ["1"]}


def test_a_training_stopped_before_service_leaves_its_cards_and_no_more(
    diembao: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.training.promote", stopped)
    assert diembao("train", "--corpora", "corpora", "--version", "1", "--task", "tone")[0] == 130
    assert in_service(tmp_path / "models") == {}
    assert {path.name for path in (tmp_path / "models" / "tone" / "1").iterdir()} >= {"CARD.md", "metrics.json"}
    assert not (tmp_path / "models" / "metrics.json").exists()


def test_listed_measured_promoted_and_rolled_back(diembao: Run, tmp_path: Path) -> None:
    diembao("train", "--corpora", "corpora", "--version", "1")
    diembao("train", "--corpora", "corpora", "--version", "2", "--task", "topics")
    assert "* topics     1\n  topics     2\n" in diembao("models", "list")[1]
    code, out, _ = diembao("evaluate", "--corpora", "corpora", "--version", "topics=2", "--no-baselines", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["compared"]["topics"]["difference"]["value"] == 0.0
    code, out, _ = diembao("models", "promote", "topics", "2", "--corpora", "corpora")
    assert code == 1
    assert "not put in service" in out
    code, _, err = diembao("models", "rollback", "topics")
    assert code == 2
    assert "no earlier version" in err
    (tmp_path / "models" / "current.json").write_text(
        json.dumps({task: ["1"] for task in TASKS} | {"topics": ["2", "1"]})
    )
    code, out, _ = diembao("models", "rollback", "topics")
    assert (code, out.splitlines()[0]) == (0, "topics 1: in service again")
    assert "metrics.json tells of those before" in out
    assert in_service(tmp_path / "models")["topics"] == ["1"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("train", "--corpora", "nowhere", "--version", "1"), "no labelled corpus at"),
        (("train", "--corpora", "corpora", "--version", "../1"), "cannot name a folder"),
        (("train", "--corpora", "corpora", "--version", "1", "--task", "mood"), "no task 'mood'"),
        (("evaluate", "--corpora", "corpora", "--version", "topics"), "is not TASK=VERSION"),
        (("evaluate", "--corpora", "corpora", "--version", "topics=9"), "no version '9' of topics"),
        (("models", "rollback", "mood"), "no task 'mood'"),
        (("models", "promote", "topics", "9", "--corpora", "corpora"), "no version '9' of topics"),
    ],
)
def test_bad_input_gets_one_line(diembao: Run, arguments: tuple[str, ...], said: str) -> None:
    code, _, err = diembao(*arguments)
    lines = [line for line in err.splitlines() if line.startswith("diembao:")]
    assert code == 2
    assert len(lines) == 1
    assert said in lines[0]
    assert "Traceback" not in err


def test_only_the_better_one_passes_the_gate(diembao: Run, tmp_path: Path) -> None:
    diembao("train", "--corpora", "corpora", "--version", "1")
    diembao("train", "--corpora", "corpora", "--version", "2", "--task", "tone")
    settings: Settings = load_settings()[0]

    def found(difference: float, share: float) -> SimpleNamespace:
        interval = Interval(difference, difference, difference, 9, 100)
        return SimpleNamespace(compared={"tone": Comparison(0.5, 0.5 + difference, interval, share)})

    assert not promote(settings, "tone", "2", found(0.01, 0.79)).promoted  # type: ignore[arg-type]
    assert not promote(settings, "tone", "2", found(-0.01, 0.9)).promoted  # type: ignore[arg-type]
    assert not promote(settings, "tone", "2", SimpleNamespace(compared={})).promoted  # type: ignore[arg-type]
    assert in_service(tmp_path / "models")["tone"] == ["1"]
    assert promote(settings, "tone", "2", found(0.01, 0.81)).promoted  # type: ignore[arg-type]
    assert in_service(tmp_path / "models")["tone"] == ["2", "1"]
    with pytest.raises(UsageError, match="no version"):
        candidate(settings, {"tone": "3"})


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (CORPUS, b"not gzip", "Not a gzipped file"),
        (CORPUS, gzip.compress(b'{"id": "a"}\n' * 900)[:40], "end-of-stream"),
        (VNTC_TRAIN, b"not gzip", "Not a gzipped file"),
        (VNTC_TRAIN, gzip.compress(b"{"), "cannot be read"),
        (VNTC_TRAIN, gzip.compress(b'{"id": "a"}'), "no field 'dup'"),
    ],
    ids=["corpus not packed", "corpus cut off", "pages not packed", "pages no JSON", "pages without a field"],
)
def test_a_broken_corpus_is_told_in_one_line(
    name: str | Path, content: bytes, said: str, diembao: Run, tmp_path: Path
) -> None:
    path = tmp_path / "corpora" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    code, _, err = diembao("train", "--corpora", "corpora", "--version", "1")
    assert (code, len(err.strip().splitlines())) == (2, 1)
    assert said in err
    assert path.name in err


def test_the_desk_teaches_but_the_audit_and_copies_of_the_test_only_measure(diembao: Run, tmp_path: Path) -> None:
    settings = load_settings()[0]
    database = open_database(settings.database)
    with database.writing() as session:
        add_source(session, country="TH")
        session.add(UserRow(name="Lan", password_hash="-", role="analyst"))
        session.flush()
        tested = next(one.document for one in examples_of(tmp_path / "corpora", settings, desk=False) if one.held_out)
        told = [(f"Cầu mới {number}", "Thân bài.", "Mở đầu.") for number in "12"] + [(tested.title, tested.text, "")]
        for number, (rule, (title, body, lead)) in enumerate(zip(("watch", "audit", "watch"), told, strict=True)):
            article = add_article(session, str(number), title, body, lead=lead)
            session.add(FlagRow(article_id=article.id, rule=rule, values={}))
            said = {"relevance": "central", "topics": ["economy"], "tone": "neutral", "verdict": "confirmed"}
            write_labels(session, article, 1, said | {"valence": "good"})
    database.close()
    without = examples_of(tmp_path / "corpora", settings, desk=False)
    told: dict[str, int] = {}
    (taught,) = examples_of(tmp_path / "corpora", settings, desk=True, progress=told.__setitem__)[len(without) :]
    assert list(told.values()) == [0, 3, 1, 1], "of VNTC, labelled, of the audit, copies of the frozen test"
    assert (taught.corpus, taught.document.title, taught.held_out) == ("desk", "Cầu mới 1", False)
    assert taught.document.text == "Mở đầu.\nThân bài."
    assert (taught.relevance, taught.topics, taught.tone, taught.valence) == (
        "central",
        ("economy",),
        "neutral",
        "good",
    )
