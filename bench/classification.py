"""Articles a second of the classifier on one core, beside plain TF-IDF + linear; its load time; what its time goes to.

    python bench/classification.py [--corpora DIR] [--models DIR] [--rows 500] [--rounds 3]

Real articles of vn_coverage, drawn by seed: Vietnamese ones of 600 characters and more, and the corpus as it is. The
best of the rounds counts, by CPU time, for others use the machine; the language is detected, as for a new article. The
plain model is fitted on other rows of the corpus, with as many classes as topics: only its prediction is timed.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy starts its threads

import argparse  # noqa: E402
import random  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections import defaultdict  # noqa: E402
from collections.abc import Callable, Iterator, Sequence  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402
from typing import Any  # noqa: E402
from unittest import mock  # noqa: E402

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from classify import evidence, judging, predict  # noqa: E402
from classify.features import extract  # noqa: E402
from classify.features.vectoriser import Vectoriser  # noqa: E402
from classify.learning.corpora import rows as read_rows  # noqa: E402
from classify.predict import Classifier  # noqa: E402
from classify.text import tokenise  # noqa: E402
from classify.types import Document  # noqa: E402

SEED = 3
LONG = 600
MOST, LEARNED = 2_000, 5_500  # rows asked of a set, rows that the plain model learns from
COVERAGE = "vn_coverage/corpus.jsonl.gz"
# What is timed apart: where its name is looked up, and what to call it. A part holds those that are indented below it.
PARTS: tuple[tuple[Any, str, str], ...] = (
    (predict, "detect", "language"),
    (extract, "read", "reading: folding, lexicons"),
    (extract, "bag", "bag"),
    (tokenise, "vietnamese", "  segmentation, in it"),
    (extract, "numbers", "numbers"),
    (judging, "judge", "judging"),
    (Vectoriser, "matrix", "  vectorising, in it"),
    (judging, "reasons", "reasons: words of the models"),
    (evidence, "collect", "evidence: their places"),
)
LOAD = """
import sys, time
from pathlib import Path
begun = time.perf_counter()
from classify.predict import Classifier
import numpy
ready = time.perf_counter()
Classifier.load(Path(sys.argv[1]), Path(sys.argv[2]))
print(ready - begun, time.perf_counter() - ready)
"""


def rate(call: Callable[[], Any], count: int, rounds: int) -> float:
    """How many of `count` a second of CPU, in the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        call()
        best = min(best, time.process_time() - begun)
    return count / best


@contextmanager
def timed(spent: dict[str, float]) -> Iterator[None]:
    """While it lasts, the CPU seconds of each of PARTS are added up in `spent`."""
    with mock.patch.dict(tokenise.TOKENISERS):
        patches = [mock.patch.object(place, name, _timing(getattr(place, name), said, spent))
                   for place, name, said in PARTS]  # fmt: skip
        for patch in patches:
            patch.start()
        tokenise.TOKENISERS["vi"] = tokenise.vietnamese
        try:
            yield
        finally:
            for patch in patches:
                patch.stop()


def _timing(function: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    def call(*given: Any, **named: Any) -> Any:
        begun = time.process_time()
        try:
            return function(*given, **named)
        finally:
            spent[name] += time.process_time() - begun

    return call


def plain(learned: Sequence[Document], classes: int) -> Callable[[Sequence[Document]], Any]:
    """A plain model's prediction. What it learned does not matter to its speed: its classes are drawn at random."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import SGDClassifier

    words = r"\w+"
    vectoriser = TfidfVectorizer(sublinear_tf=True, min_df=2, max_features=60_000, token_pattern=words)
    matrix = vectoriser.fit_transform([_text(one) for one in learned])
    chance = random.Random(SEED)
    model = SGDClassifier(max_iter=5, tol=None, random_state=SEED).fit(
        matrix, [chance.randrange(classes) for _ in learned]
    )
    return lambda asked: model.predict(vectoriser.transform([_text(one) for one in asked]))


def load_times(models: Path, processes: int) -> tuple[float, float]:
    """Seconds to import and to load, the median of some fresh processes."""
    command = [sys.executable, "-c", LOAD, str(models), str(ROOT / "data")]
    said = [subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
            for _ in range(processes)]  # fmt: skip
    return median(float(one) for one, _ in said), median(float(two) for _, two in said)


def _text(document: Document) -> str:
    return f"{document.title}\n{document.text}"


def drawn(corpora: Path, count: int) -> tuple[dict[str, list[Document]], list[Document]]:
    """The articles to classify, and others for the plain model to learn from."""
    listed = list(read_rows(corpora / COVERAGE))
    random.Random(SEED).shuffle(listed)
    documents = [(row["lang"], Document(row["title"], row["text"])) for row in listed]
    long = [one for code, one in documents if code == "vi" and len(one.text) >= LONG]
    mixed = [one for _, one in documents]
    asked = {"Vietnamese, 600 characters and more": long[:count], "the corpus as it is": mixed[:count]}
    taken = {id(one) for part in asked.values() for one in part}
    return asked, [one for one in mixed if id(one) not in taken][:LEARNED]


def main() -> int:
    """Print load times, speeds and parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=ROOT.parent / "shared" / "corpora")
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    if min(args.rows, args.rounds) < 1 or args.rows > MOST:
        parser.error(f"arguments --rows, --rounds: give 1 or more, and {MOST:,} rows at most")
    for name, path in (("corpora", args.corpora / COVERAGE), ("models", args.models)):
        if not path.exists():
            parser.error(f"argument --{name}: there is no {path}")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    imported, loaded = load_times(args.models, 5)
    print(
        f"import {imported:.2f} s, load {loaded:.2f} s (median of 5 processes); machine load {os.getloadavg()[0]:.1f}"
    )
    classifier = Classifier.load(args.models, ROOT / "data")
    sets, others = drawn(args.corpora, args.rows)
    simple = plain(others, len(classifier.topics))
    for name, documents in sets.items():
        measure(name, documents, classifier, simple, args.rounds)
    return 0


def measure(
    name: str,
    documents: list[Document],
    classifier: Classifier,
    simple: Callable[[Sequence[Document]], Any],
    rounds: int,
) -> None:
    """Print the speeds on one set, then the parts of an article's time."""
    classifier.predict_batch(documents[:50])  # what is loaded at first use
    ours = rate(lambda: classifier.predict_batch(documents), len(documents), rounds)
    theirs = rate(lambda: simple(documents), len(documents), rounds)
    chars = median(len(one.text) for one in documents)
    print(f"{name} ({len(documents)}, median {chars:,.0f} characters): {ours:.0f} a second, plain {theirs:.0f}")
    spent: dict[str, float] = defaultdict(float)
    with timed(spent):
        classifier.predict_batch(documents)
    for _, _, said in PARTS:
        print(f"  {said:30} {1_000 * spent[said] / len(documents):6.2f} ms an article")


if __name__ == "__main__":
    sys.exit(main())
