"""The bench of the public tasks on made-up rows: what it counts, what it keeps apart, and that both sides learn."""

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import public_tasks
import pytest
from public_tasks import Labels, Line, Packed, accuracy, capped, macro_f1, main, ours, plain, vntc, whole
from targets import English, balances, toward
from tests_support.benches import refused, write_rows

from classify.text.folding import fold
from classify.text.lexicons import Lexicons

FERRY = ["Bến phà Trà Khê chở khách qua sông", "Phà chở khách qua sông mùa nước lớn", "Khách qua sông chờ phà ở bến"]
MATCH = ["Đội bóng Hải Yến thắng trận mở màn", "Trận mở màn đội bóng thắng đậm", "Đội bóng thắng trận trên sân nhà"]


def sided(*labels: str) -> Labels:
    return np.array(labels)


def packed(texts: list[str], table: dict[str, int], words: list[str]) -> Packed:
    rows = Packed(table, words)
    for text in texts:
        rows.add(whole("", text))
    return rows


@pytest.fixture
def guesses(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], list[str]]]:
    """Both learners answer with the first label they were taught; gives what the plain one learned from, and was asked.

    The texts are counted whole, without the segmentation.
    """
    seen: list[tuple[list[str], list[str]]] = []

    def first(learned: Sequence[Any], labels: Labels, asked: Sequence[Any], *_: Any, **__: Any) -> Labels:
        assert len(learned) == len(labels)
        if isinstance(learned[0], str):
            seen.append(([*learned], [*asked]))
        return np.repeat(labels[:1], len(asked))

    monkeypatch.setattr(public_tasks, "plain", first)
    monkeypatch.setattr(public_tasks, "ours", first)
    monkeypatch.setattr(public_tasks, "COUNTS", {"whole": whole})
    return seen


def test_the_metrics() -> None:
    truth, given = sided("a", "a", "a", "b"), sided("a", "a", "a", "a")
    assert accuracy(truth, given) == 0.75
    assert macro_f1(truth, given) == pytest.approx((6 / 7 + 0) / 2)
    assert macro_f1(truth, truth) == 1.0


def test_a_line_says_whether_the_aim_is_met() -> None:
    assert str(Line("vntc, whole", 12, 3, 0.9, 0.945, "accuracy", 0.945)).endswith("0.9450  accuracy >= 0.945 met")
    assert str(Line("danes", 12, 3, 0.6, 0.5499, "macro-F1", 0.55)).endswith("0.5499  macro-F1 >= 0.550 missed")


def test_whole_counts_syllables_and_pairs_of_title_and_text() -> None:
    assert whole("Mưa lớn", "Mưa tạnh") == Counter(
        {"v:mưa": 2, "v:lớn": 1, "v:tạnh": 1, "b:mưa_lớn": 1, "b:lớn_mưa": 1, "b:mưa_tạnh": 1}
    )


def test_caps_reads_the_beginning_and_whole_reads_on() -> None:
    text = "Nước sông dâng cao. " * 200 + "Phà ngừng chạy."
    assert 3_900 < len(text) < public_tasks.WIDE
    assert "b:ngừng_chạy" in whole("", text)
    found = capped("Nước lớn", text)
    assert {"b:nước_lớn", "b:nước_sông", "b:dâng_cao"} <= {*found}
    assert not any("ngừng" in name for name in found)


def test_packed_bags_come_out_as_they_went_in() -> None:
    bags = [Counter({"v:phà": 3, "v:sông": 1}), Counter({"v:sông": 2, "b:qua_sông": 1}), Counter[str]()]
    table: dict[str, int] = {}
    words: list[str] = []
    one, other = Packed(table, words), Packed(table, words)
    for bag in bags:
        one.add(bag)
    other.add(bags[1])
    assert [one[at].bag for at in range(len(one))] == bags
    assert other[0].bag == bags[1]
    assert sorted(words) == ["b:qua_sông", "v:phà", "v:sông"], "each word once, for both"


def test_both_sides_learn_what_is_plain_to_see() -> None:
    labels, asked = sided(*["phà"] * 3, *["bóng"] * 3), ["Khách chờ phà qua sông", "Đội bóng thắng trên sân"]
    assert plain([*FERRY, *MATCH], labels, asked).tolist() == ["phà", "bóng"]
    table: dict[str, int] = {}
    words: list[str] = []
    rows = packed([*FERRY, *MATCH], table, words), packed(asked, table, words)
    assert ours(rows[0], labels, rows[1], {"v": 1.0, "b": 1.0}).tolist() == ["phà", "bóng"]


def test_a_title_that_the_text_repeats_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, str]] = []

    def count(title: str, text: str) -> Counter[str]:
        read.append((title, text))
        return whole(title, text)

    titles = [(FERRY[0], f"{FERRY[0]}\n{FERRY[1]}"), (FERRY[2], FERRY[1]), (None, MATCH[0]), (MATCH[1], MATCH[2])]
    rows = [{"title": title, "text": text, "label": f"{at // 2}", "dup": False}
            for at, (title, text) in enumerate(titles)]  # fmt: skip
    write_rows(tmp_path / "vntc" / "train.jsonl.gz", rows)
    write_rows(tmp_path / "vntc" / "test_vnexpress_10k.jsonl.gz", rows[:1])
    monkeypatch.setattr(public_tasks, "COUNTS", {"whole": count})
    assert [line.task for line in vntc(tmp_path, 1)] == ["vntc, whole"]
    given = [(FERRY[0], FERRY[1]), (FERRY[2], FERRY[1]), ("", MATCH[0]), (MATCH[1], MATCH[2])]
    assert read == [*given, given[0]]


def test_of_vntc_no_copy_is_learned_and_every_nth_row(tmp_path: Path, guesses: list[Any]) -> None:
    rows = [{"title": "", "text": f"Tin {at}", "label": "phà" if at < 6 else "bóng", "dup": at in (1, 2)}
            for at in range(10)]  # fmt: skip
    write_rows(tmp_path / "vntc" / "train.jsonl.gz", rows)
    write_rows(tmp_path / "vntc" / "test_vnexpress_10k.jsonl.gz", rows[4:8])
    (line,) = vntc(tmp_path, 3)
    assert guesses == [(["Tin 0", "Tin 5", "Tin 8"], ["Tin 4", "Tin 5", "Tin 6", "Tin 7"])]
    assert (line.train, line.test, line.plain, line.ours) == (3, 4, 0.5, 0.5)


def test_of_newsmtsc_no_article_of_the_test_is_learned(tmp_path: Path, guesses: list[Any]) -> None:
    def row(doc: str, text: str, label: str) -> dict[str, Any]:
        return {"doc": doc, "text": text, "label": label, "tfrom": 0, "tto": 3}

    asked = [row("d1", "Lan opened the pier.", "neutral"), row("d2", "Lan lost the vote.", "negative")]
    kept = [row("d3", "Lan won the vote.", "positive"), row("d4", "Lan spoke.", "neutral")]
    left = [row("d1", "Lan closed it again.", "negative"), row("d9", asked[1]["text"], "negative")]
    write_rows(tmp_path / "newsmtsc" / "devtest_mt.jsonl.gz", asked)
    write_rows(tmp_path / "newsmtsc" / "train.jsonl.gz", [kept[0], *left, kept[1]])
    (line,) = public_tasks.newsmtsc(tmp_path, 1)
    assert guesses == [([one["text"] for one in kept], [one["text"] for one in asked])]
    assert (line.train, line.test, line.ours) == (2, 2, 0.0)


def test_of_danes_a_site_is_asked_by_who_never_saw_it(tmp_path: Path, guesses: list[Any]) -> None:
    sites = [f"bao{at}" for at in range(6)]
    rows = [{"title": f"Tin của {site}", "text": None if at else "Phà ngừng chạy", "source": site, "label": label}
            for site in sites for at, label in enumerate(("neutral", "negative"))]  # fmt: skip
    rows.append({"title": "Tin của ai", "text": "", "source": "bao0", "label": None})
    write_rows(tmp_path / "danes" / "annotated.jsonl.gz", rows)
    (line,) = public_tasks.danes(tmp_path, 1)
    assert (line.train, line.test) == (12, 12), "unlabelled rows are left out"
    assert len(guesses) == 5
    for learned, asked in guesses:
        own = [{site for site in sites for text in texts if f"của {site}\n" in text} for texts in (learned, asked)]
        assert own[0] | own[1] == {*sites}
        assert not own[0] & own[1]
    assert sum(len(asked) for _, asked in guesses) == 12, "each row once"


@pytest.fixture(scope="module")
def english(lexicons: Lexicons) -> English:
    return English.of(lexicons.by_language["en"])


def test_toward_knows_the_side_the_stems_and_the_praise(english: English) -> None:
    text = "The harbour praised Lan Pier for its success, not the old ferries."
    start = text.index("Lan Pier")
    found = toward({"text": text, "tfrom": start, "tto": start + len("Lan Pier")}, english)
    assert {"t:-praised", "t:+for", "t:+not", "b:-praised", "b:+for", "w:prais", "w:harbo"} <= {*found.bag}
    assert {"t:+praised", "t:-for", "b:+not", "w:praised"}.isdisjoint(found.bag)
    assert not any("lan" in name.split("_") or "pier" in name for name in found.bag), "the target is masked"
    good_before, bad_before, _, good_after, bad_after, _ = found.numbers[:6].tolist()
    assert min(good_before, good_after) > 0
    assert (bad_before, bad_after) == (0, 0)
    negated, length, place, quoted = found.numbers[-4:].tolist()
    assert (negated, quoted) == (1, 0)
    assert length == pytest.approx(11 / 50)
    assert place == pytest.approx(3 / 11)


def test_a_negator_turns_a_word_round_and_words_are_of_different_strength(english: English) -> None:
    def told(text: str) -> list[tuple[int, float]]:
        return english.evaluated(fold(text))

    ((at, great),) = told("They say it is great.")
    assert at == 15
    assert told("They say it is not great.") == [(19, -great)]
    ((_, fine),) = told("They say it is fine.")
    assert great > fine > 0
    ((_, killed),) = told("It killed them.")
    assert killed < -3


def test_praise_far_from_the_target_is_not_near() -> None:
    near, far = balances([(20, -2.0)]), balances([(200, -2.0)])
    assert near[4] == near[7] == near[13] > 0
    assert far[4] == far[7] == 0
    assert far[13] == near[13]
    assert far[-1] > near[-1], "and the further the weaker"
    assert not any(balances([]))


def test_it_tells_how_it_is_called(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "bench" / "public_tasks.py"), "--help"], capture_output=True, text=True, check=True
    )
    assert all(f"--{name}" in done.stdout for name in ("corpora", "task", "every"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--task", "vnct"], "argument --task: invalid choice: 'vnct'"),
        (["--every", "some"], "argument --every: invalid int value: 'some'"),
        (["--every", "0"], "argument --every: give 1 or more"),
        (["--every", "-1"], "argument --every: give 1 or more"),
        (["--evry"], "unrecognized arguments: --evry"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(main, capsys, *words).startswith(said)


def test_corpora_that_are_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "danes").mkdir()
    said = refused(main, capsys, "--corpora", str(tmp_path))
    assert said == f"argument --corpora: no newsmtsc, no vntc in {tmp_path}"
    said = refused(main, capsys, "--corpora", str(tmp_path), "--task", "vntc")
    assert said == f"argument --corpora: no vntc in {tmp_path}"
