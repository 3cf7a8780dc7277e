"""The article models' own features on three public tasks, beside plain TF-IDF: a check that the machinery is sound.

    python bench/public_tasks.py [--corpora DIR] [--task vntc|newsmtsc|danes] [--every N]

VNTC: newspaper sections, official training half -> 10,000 VnExpress rows of the test half; `caps` reads as much of a
text as the classifier does, `whole` its syllables and their pairs, none segmented. NewsMTSC: tone toward a marked
target, train -> devtest_mt, without the articles that both hold; words of praise and blame are ours and VADER's (MIT).
DANeS: mood of a headline, five folds of whole sites. `--every N` learns from each Nth row of VNTC only.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from targets import English, Row, toward  # noqa: E402 - found by the path above

from classify.features.bag import bag  # noqa: E402
from classify.features.extract import BAG_CHARS, Features, extract  # noqa: E402
from classify.features.vectoriser import fit_vectoriser  # noqa: E402
from classify.learning.corpora import rows as read_rows  # noqa: E402
from classify.taxonomy import load_taxonomy  # noqa: E402
from classify.text.lexicons import load_lexicons  # noqa: E402
from classify.text.tokenise import runs  # noqa: E402
from classify.types import Document  # noqa: E402

Count = Callable[[str, str], Counter[str]]
Labels = NDArray[np.str_]
WIDE = 6_000
CAPS = {"t": 20_000, "w": 60_000, "b": 300_000, "v": 40_000, "x": 60_000}


@dataclass(frozen=True)
class Line:
    """One line of the table; `plain` and `ours` are the metric from 0 to 1."""

    task: str
    train: int
    test: int
    plain: float
    ours: float
    metric: str
    aim: float

    def __str__(self) -> str:
        met = "met" if self.ours >= self.aim else "missed"
        figures = f"{self.plain:7.4f} {self.ours:7.4f}  {self.metric:8} >= {self.aim:.3f} {met}"
        return f"{self.task:16} {self.train:6} {self.test:6} {figures}"


def accuracy(truth: Labels, given: Labels) -> float:
    """The share of right answers."""
    return float((truth == given).mean())


def macro_f1(truth: Labels, given: Labels) -> float:
    """The mean F1 of the classes."""
    from sklearn.metrics import f1_score

    return float(f1_score(truth, given, average="macro"))


def fitted(matrix: Any, labels: Labels, groups: Sequence[str] = ()) -> Any:
    """The learner, the same for both sides: quick where rows are many, smooth where they are few and classes uneven.

    Few are those of which `groups` are told: how strongly weights are held back is then chosen within these rows, by
    groups left out, as the test leaves them out.
    """
    if len(groups):
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import GridSearchCV, GroupKFold

        model = LogisticRegression(class_weight="balanced", max_iter=500)
        search = GridSearchCV(model, {"C": [0.1, 0.3, 1.0]}, scoring="f1_macro", cv=GroupKFold(4))
        return search.fit(matrix, labels, groups=groups)
    from sklearn.svm import LinearSVC

    # Finer steps than these change no answer in a thousand, and take an hour.
    return LinearSVC(C=0.3, tol=0.01, max_iter=200, random_state=0).fit(matrix, labels)


def plain(learned: Sequence[str], labels: Labels, asked: Sequence[str], groups: Sequence[str] = ()) -> Labels:
    """TF-IDF of single words and a linear model."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = r"\w+"
    vectoriser = TfidfVectorizer(sublinear_tf=True, min_df=2, max_features=60_000, token_pattern=words)
    model = fitted(vectoriser.fit_transform(learned), labels, groups)
    return np.asarray(model.predict(vectoriser.transform(asked)))


def ours(
    learned: Sequence[Features],
    labels: Labels,
    asked: Sequence[Features],
    blocks: dict[str, float],
    numbers: float = 0.0,
    groups: Sequence[str] = (),
) -> Labels:
    """The vectoriser of the article models and the same linear model."""
    vectoriser = fit_vectoriser(learned, blocks, CAPS, {"*": numbers}, ())
    model = fitted(vectoriser.matrix(learned), labels, groups)
    return np.asarray(model.predict(vectoriser.matrix(asked)))


def labels_of(rows: Sequence[Row]) -> Labels:
    """The label of each row."""
    return np.array([row["label"] for row in rows])


class Packed(Sequence[Features]):
    """Features kept as numbers instead of words: 44,000 bags of a thousand words each do not fit in memory."""

    def __init__(self, table: dict[str, int], words: list[str]) -> None:
        self._table, self._words = table, words
        self._rows: list[tuple[NDArray[np.int32], NDArray[np.int16]]] = []

    def add(self, counts: Counter[str]) -> None:
        """Keep one bag."""
        # Not by subtracting sets of keys: that goes through the whole table for each row.
        for word in counts:
            if self._table.setdefault(word, len(self._words)) == len(self._words):
                self._words.append(word)
        ids = np.fromiter(map(self._table.__getitem__, counts), np.int32, len(counts))
        self._rows.append((ids, np.fromiter(counts.values(), np.int16, len(counts))))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, at: Any) -> Any:
        ids, counts = self._rows[at]
        words = map(self._words.__getitem__, ids.tolist())
        return Features("vi", Counter(dict(zip(words, counts.tolist(), strict=True))), np.zeros(1, np.float32))


def vntc(corpora: Path, every: int) -> Iterator[Line]:
    """Sections; the numbers are left out, as are copies of a row."""
    learned = [row for row in read_rows(corpora / "vntc" / "train.jsonl.gz") if not row["dup"]][::every]
    asked = list(read_rows(corpora / "vntc" / "test_vnexpress_10k.jsonl.gz"))
    labels, truth = labels_of(learned), labels_of(asked)
    base = accuracy(truth, plain([row["text"] for row in learned], labels, [row["text"] for row in asked]))
    for kind, count in COUNTS.items():
        before, after = _sections(learned, asked, count)
        given = ours(before, labels, after, {"t": 0.5, "w": 1.0, "v": 1.0, "b": 1.0})
        yield Line(f"vntc, {kind}", len(learned), len(asked), base, accuracy(truth, given), "accuracy", 0.945)


def _sections(learned: Sequence[Row], asked: Sequence[Row], count: Count) -> tuple[Packed, Packed]:
    table: dict[str, int] = {}
    words: list[str] = []
    parts = Packed(table, words), Packed(table, words)
    for part, listed in zip(parts, (learned, asked), strict=True):
        for row in listed:
            title, text = row["title"] or "", row["text"]
            part.add(count(title, text[len(title) :].lstrip() if title and text.startswith(title) else text))
    return parts


def capped(title: str, text: str) -> Counter[str]:
    """What the article models count: the first words segmented, pairs of syllables further on."""
    return bag(title, text[:BAG_CHARS], "vi")


def whole(title: str, text: str) -> Counter[str]:
    """Every syllable and pair of syllables of the first 6,000 characters, none of it segmented."""
    units = runs(f"{title}\n{text}"[:WIDE], "vi")
    counts = Counter(f"v:{unit}" for unit in units)
    counts.update(f"b:{first}_{second}" for first, second in pairwise(units))
    return counts


COUNTS: dict[str, Count] = {"caps": capped, "whole": whole}


def newsmtsc(corpora: Path, every: int) -> Iterator[Line]:
    """Tone toward a target. Half of the test's articles have other sentences in train: those are not learned from."""
    asked = list(read_rows(corpora / "newsmtsc" / "devtest_mt.jsonl.gz"))
    seen = {row["doc"] for row in asked} | {row["text"] for row in asked}
    rows = read_rows(corpora / "newsmtsc" / "train.jsonl.gz")
    learned = [row for row in rows if row["doc"] not in seen and row["text"] not in seen]
    labels, truth = labels_of(learned), labels_of(asked)
    groups = [row["doc"] for row in learned]
    base = plain([row["text"] for row in learned], labels, [row["text"] for row in asked], groups)
    topics = [topic.id for topic in load_taxonomy(ROOT / "data")]
    english = English.of(load_lexicons(ROOT / "data", frozenset(topics)).by_language["en"])
    found = [toward(row, english) for row in [*learned, *asked]]
    blocks = {"v": 1.0, "x": 0.7, "t": 1.0, "b": 0.7, "w": 0.7}
    given = ours(found[: len(learned)], labels, found[len(learned) :], blocks, numbers=1.0, groups=groups)
    yield Line("newsmtsc", len(learned), len(asked), macro_f1(truth, base), macro_f1(truth, given), "macro-F1", 0.63)


def danes(corpora: Path, every: int) -> Iterator[Line]:
    """Mood; each site is asked about once, by a model that saw nothing of it."""
    from sklearn.model_selection import GroupKFold

    rows = [row for row in read_rows(corpora / "danes" / "annotated.jsonl.gz") if row["label"]]
    topics = [topic.id for topic in load_taxonomy(ROOT / "data")]
    lexicon = load_lexicons(ROOT / "data", frozenset(topics)).get("vi")
    found = [extract(Document(row["title"], row["text"] or ""), "vi", lexicon, topics)[1] for row in rows]
    texts, truth = [f"{row['title']}\n{row['text']}" for row in rows], labels_of(rows)
    base, given = truth.copy(), truth.copy()
    for learned, left in GroupKFold(5).split(texts, groups=[row["source"] for row in rows]):
        labels, groups = truth[learned], [rows[at]["source"] for at in learned]
        base[left] = plain([texts[at] for at in learned], labels, [texts[at] for at in left], groups)
        pair = [found[at] for at in learned], [found[at] for at in left]
        blocks = {"t": 0.7, "w": 1.0, "b": 1.0}
        given[left] = ours(pair[0], labels, pair[1], blocks, numbers=1.0, groups=groups)
    yield Line("danes", len(rows), len(rows), macro_f1(truth, base), macro_f1(truth, given), "macro-F1", 0.55)


TASKS: dict[str, Callable[[Path, int], Iterator[Line]]] = {"danes": danes, "newsmtsc": newsmtsc, "vntc": vntc}


def main() -> int:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=ROOT.parent / "shared" / "corpora")
    parser.add_argument("--task", choices=TASKS)
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    if args.every < 1:
        parser.error("argument --every: give 1 or more")
    names = [args.task] if args.task else list(TASKS)
    if absent := [name for name in names if not (args.corpora / name).is_dir()]:
        parser.error(f"argument --corpora: no {', no '.join(absent)} in {args.corpora}")
    print(f"{'task':16} {'train':>6} {'test':>6} {'plain':>7} {'ours':>7}  metric   aim", flush=True)
    for name in names:
        for line in TASKS[name](args.corpora, args.every):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
