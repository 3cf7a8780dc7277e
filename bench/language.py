"""How right and how fast `classify.language.detect` is on sentences cut to the length of a title.

    python bench/language.py ../shared/corpora/sib200 [--chars 60]

The corpus is CC BY-SA 4.0 and is only measured on: nothing of the detector was made from it.
"""

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from classify.language import detect  # noqa: E402 - found by the path above


def sentences(corpus: Path, chars: int) -> list[tuple[str, str]]:
    """(language, beginning of a sentence) of every line."""
    found = []
    for file in sorted(corpus.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                found.append((row["lang"].split("-")[0], row["text"][:chars]))
    return found


def main() -> int:
    """Print accuracy and speed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--chars", type=int, default=60)
    args = parser.parse_args()
    served = {file.stem for file in (ROOT / "data" / "lexicons").glob("*.yaml")}
    rows = [(language, text) for language, text in sentences(args.corpus, args.chars) if language in served]
    if not rows:
        parser.error(f"argument corpus: no *.jsonl.gz with sentences of a language we serve in {args.corpus}")
    for _, text in rows[::50]:  # some need the model, which is loaded then: 0.6 s once a process
        detect(text)
    started, busy = time.perf_counter(), time.process_time()
    found = [detect(text)[0] for _, text in rows]
    took, busy = time.perf_counter() - started, time.process_time() - busy
    wrong = Counter((language, given) for (language, _), given in zip(rows, found, strict=True) if language != given)
    print(f"{len(rows)} texts of {args.chars} characters in {len({language for language, _ in rows})} languages")
    print(
        f"right {1 - wrong.total() / len(rows):.4f}; {len(rows) / took:,.0f} a second, {len(rows) / busy:,.0f} of CPU"
    )
    for (language, given), count in wrong.most_common(8):
        print(f"  {language} taken for {given}: {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
