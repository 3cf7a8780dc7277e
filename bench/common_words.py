"""Make data/common_words.tsv: how common the words of headlines and leads are, by language. Figures only, no text.

    python bench/common_words.py

Counted on articles of none of the months that story thresholds are fitted or measured on.
"""

import gzip
import json
import random
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

from replaying import ROOT, shared
from sampling import FITTED, MEASURED, clean, coverage

from classify.stories import LEAD_CHARS, LEAD_WORDS, _terms

KEPT, LEAST, OLD = 2_000, 8, 6_000  # terms a language, articles a term must be in, articles of 2002-06 mixed in
SEED = 1


def main() -> None:
    """Count and write."""
    rows = [row for row in coverage(shared()) if row["date"][:7] not in (FITTED, MEASURED)]
    with gzip.open(shared() / "corpora/vntc/train.jsonl.gz", "rt", encoding="utf-8") as lines:
        old = [json.loads(line) for line in lines]
    rows += random.Random(SEED).sample(old, OLD)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    articles: Counter[str] = Counter()
    for row in rows:
        articles[row["lang"]] += 1
        lead = " ".join(clean(row["text"])[: 4 * LEAD_CHARS].split()[:LEAD_WORDS])[:LEAD_CHARS]
        text = unicodedata.normalize("NFC", f"{row['title']}\n{lead}")
        counts[row["lang"]].update({term for term, _, _ in _terms(text)})
    out = ["# Articles in 10,000 that hold a term in headline or lead; made by bench/common_words.py"]
    for language, found in sorted(counts.items()):
        common = [(term, count) for term, count in found.most_common(KEPT) if count >= LEAST]
        out += [f"{language}\t{term}\t{10_000 * count / articles[language]:.1f}" for term, count in sorted(common)]
    Path(ROOT / "data" / "common_words.tsv").write_text("\n".join(out) + "\n", encoding="utf-8")
    print(f"{len(out) - 1} terms of {dict(articles)} articles")


if __name__ == "__main__":
    main()
