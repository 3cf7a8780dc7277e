"""Near copies: precision and recall on seeded edits of real articles, the silver pairs, a million articles.

python bench/copies.py              edits of the measured half of the articles
python bench/copies.py --fit        edits of the other half, and how many natural pairs lie where
python bench/copies.py --silver     the cross-publisher pairs of neardup_silver_vi: a regression, no accuracy
python bench/copies.py --natural    30 pairs of real articles said to be copies, to be read
"""

import argparse
import gzip
import json
import random
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from edits import EDITS, PIECE
from replaying import shared
from sampling import clean

from classify.copies import Marks, letters, likeness, marks, shared_words
from store.copies import BAND_ARTICLES, CANDIDATES

Row = dict[str, Any]
SEED = 7
FILES = ("vnnews2016/all", "vn_coverage/corpus", "vntc/train")
VIETNAMESE, OTHERS, SHORT, SHORT_WORDS = 400, 60, 60, 80  # articles edited: Vietnamese, of each other, short ones
LEAST = 200  # letters of an article that is edited


@dataclass
class Index:
    """The look-up of `store.copies` over plain dicts, for speed; the earliest match is the original."""

    texts: list[str] = field(default_factory=list)
    marks: list[Marks | None] = field(default_factory=list)
    bands: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def find(self, text: str, found: Marks | None) -> int | None:
        """The place of the article that `text` is most alike a copy of."""
        shared_bands = Counter(one for band in (found.bands if found else ()) for one in self.bands.get(band, ()))
        best, resemblance = None, 0.0
        for one, _ in shared_bands.most_common(CANDIDATES):
            alike = likeness(some(found), some(self.marks[one]))
            if alike.resemblance > resemblance and alike.copy(lambda one=one: shared_words(text, self.texts[one])):
                best, resemblance = one, alike.resemblance
        return best

    def add(self, text: str) -> None:
        """Index an article."""
        found = marks(text)
        for band in found.bands if found else ():
            if len(self.bands[band]) < BAND_ARTICLES:
                self.bands[band].append(len(self.texts))
        self.texts.append(text)
        self.marks.append(found)


def some(found: Marks | None) -> Marks:
    """Marks that are known to be there."""
    return found or Marks((), b"", 0)


def articles(half: int) -> list[Row]:
    """The articles of one half, drawn by their id; exact copies left out."""
    seen: set[int] = set()
    rows = []
    for name in FILES:
        with gzip.open(shared() / "corpora" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                row["text"] = clean(row["text"])
                key = zlib.crc32(letters(row["text"]).encode())
                if zlib.crc32(row["id"].encode()) % 2 == half and key not in seen:
                    seen.add(key)
                    rows.append(row)
    return rows


def chosen(rows: list[Row], rng: random.Random) -> list[int]:
    """The places of the articles that are edited."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if len(letters(row["text"])) >= LEAST:
            places[row["lang"]].append(at)
            if row["lang"] == "vi" and len(row["text"].split()) < SHORT_WORDS:
                places["short"].append(at)
    sizes = {"vi": VIETNAMESE, "short": SHORT}
    return [
        at
        for name, found in sorted(places.items())
        for at in rng.sample(found, min(sizes.get(name, OTHERS), len(found)))
    ]


def edits(half: int) -> None:
    """Index all articles of a half, ask for edits of some: each must lead to the article it was made of."""
    rows, rng, index = articles(half), random.Random(SEED), Index()
    for row in rows:
        index.add(row["text"])
    words: dict[str, list[str]] = defaultdict(list)
    for row in rng.sample(rows, len(rows)):
        if len(words[row["lang"]]) < 50_000:
            words[row["lang"]] += PIECE.findall(row["text"])
    picked = chosen(rows, rng)
    languages = dict(Counter(rows[at]["lang"] for at in picked))
    print(f"{len(rows)} articles indexed, {len(picked)} of them edited: {languages}")
    print(f"{'':24}asked  recall  wrong")
    asked = right = wrong = 0
    for name, edit in EDITS.items():
        good, bad, missed = 0, 0, Counter[str]()
        for at in picked:
            text = edit(rows[at]["text"], rows[at]["lang"], rng, words[rows[at]["lang"]])
            answer = index.find(text, marks(text))
            # Another edition of the same text, which the corpora hold too, is no wrong answer.
            same = answer is not None and (answer == at or shared_words(index.texts[answer], rows[at]["text"]) >= 0.9)
            good, bad = good + same, bad + (answer is not None and not same)
            missed[rows[at]["lang"]] += answer is None
        print(
            f"{name:24}{len(picked):5}  {good / len(picked):.3f}   {bad}   missed by language {dict(+missed)}",
            flush=True,
        )
        asked, right, wrong = asked + len(picked), right + good, wrong + bad
    print(f"{'all':24}{asked:5}  {right / asked:.3f}   precision {right / (right + wrong):.4f}")


def natural(half: int) -> None:
    """Pairs of real articles that are said to be copies, for reading."""
    rows, index, rng = articles(half), Index(), random.Random(SEED)
    found = []
    for at, row in enumerate(rows):
        answer = index.find(row["text"], marks(row["text"]))
        if answer is not None:
            found.append((answer, at))
        index.add(row["text"])
    print(f"{len(found)} of {len(rows)} articles are said to be copies of an earlier one")
    for one, other in rng.sample(found, 30):
        alike = likeness(some(index.marks[one]), some(index.marks[other]))
        words = shared_words(index.texts[one], index.texts[other])
        print(f"\n{alike.resemblance:.2f} words {words:.2f} figures {alike.figures}")
        for place in (one, other):
            source = rows[place].get("outlet") or rows[place]["source"]
            text = " ".join(index.texts[place].split())
            print(f"  {source[:20]} | {rows[place]['title'][:70]} | {text[:110]} ... {text[len(text) // 2 :][:60]}")


def silver() -> None:
    """How many of the silver pairs are said to be copies, by their label. Their labels come from overlap, too."""
    texts = {}
    for name in ("vnnews2016/all", "vntc/train", "vntc/test_vnexpress_10k"):
        with gzip.open(shared() / "corpora" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            texts |= {row["id"]: row["text"] for row in map(json.loads, lines)}
    told: dict[str, Counter[str]] = defaultdict(Counter)
    with gzip.open(shared() / "corpora/neardup_silver_vi/pairs.jsonl.gz", "rt", encoding="utf-8") as lines:
        for pair in map(json.loads, lines):
            if pair["source"] == pair["source2"]:
                continue
            one, other = texts.get(pair["id1"]), texts.get(pair["id2"])
            if one is None or other is None:
                told[pair["label"]]["text kept elsewhere"] += 1
                continue
            left, right = marks(one), marks(other)
            candidate = left and right and set(left.bands) & set(right.bands)
            copy = candidate and likeness(left, right).copy(lambda a=one, b=other: shared_words(a, b))  # type: ignore[arg-type]
            told[pair["label"]]["copy" if copy else "not"] += 1
    for label, counts in told.items():
        print(f"{label:10}{dict(counts)}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--silver", action="store_true")
    parser.add_argument("--natural", action="store_true")
    parser.add_argument("--million", type=int, nargs="?", const=1_000_000, help="synthetic articles in a database")
    options = parser.parse_args()
    if options.million:
        from million import measure

        measure(options.million)
    elif options.silver:
        silver()
    elif options.natural:
        natural(0 if options.fit else 1)
    else:
        edits(0 if options.fit else 1)


if __name__ == "__main__":
    main()
