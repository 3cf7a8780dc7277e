"""Pages a second of our extraction beside trafilatura's defaults, on one core, over the same pages, in turn.

    python bench/extraction.py [--rounds 3]

Each engine runs in a process of its own, pinned to one core. Counted is CPU time in the extraction alone (not reading
files, not the first pages, which load what is loaded once), so that others on the machine disturb it little; what
counts is the ratio. Resiliparse, readability-lxml and newspaper4k are measured, too, where they are installed. The text
of each is scored against the gold where there is one.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from replaying import ROOT, shared

ENGINES = {
    "diembao": """
from crawler.extraction.article import NotAnArticle
from crawler.extraction.extract import extract
def read(body, url):
    try:
        article = extract(body, url)
    except NotAnArticle:
        return ""
    return article.lead + "\\n" + article.body
""",
    "trafilatura": """
from trafilatura import bare_extraction
def read(body, url):
    found = bare_extraction(body, url=url, with_metadata=True)
    return found.text if found else ""
""",
    "resiliparse": """
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
def read(body, url):
    return extract_plain_text(bytes_to_str(body, detect_encoding(body)), main_content=True)
""",
    "readability": """
from lxml.html import fromstring
from readability import Document
def read(body, url):
    return fromstring(Document(body.decode("utf-8", "replace")).summary()).text_content()
""",
    "newspaper": """
from newspaper import Article
def read(body, url):
    article = Article(url)
    article.download(input_html=body.decode("utf-8", "replace"))
    article.parse()
    return article.text
""",
}
# One process of one engine: CPU seconds for all pages after a few that load what is loaded once; peak memory; mean F1.
HARNESS = """
import gzip, importlib.util, json, logging, resource, sys, time
from pathlib import Path
logging.disable(logging.CRITICAL)
folder, rows = Path(sys.argv[1]), json.loads(sys.stdin.read())
def page(row):
    data = (folder / "pages" / row["file"]).read_bytes()
    return gzip.decompress(data) if data[:2] == b"\\x1f\\x8b" else data
def attempt(row):
    try:
        return read(page(row), row["url"]) or ""
    except Exception:
        return ""
for row in rows[::40]:
    attempt(row)
spent, scores = 0.0, []
spec = importlib.util.spec_from_file_location("score", folder / "checks" / "score_extraction.py")
score = importlib.util.module_from_spec(spec)
spec.loader.exec_module(score)
for row in rows:
    body = page(row)
    begun = time.process_time()
    try:
        text = read(body, row["url"]) or ""
    except Exception:
        text = ""
    spent += time.process_time() - begun
    if row["body"]:
        scores.append(score.body_f1(row["body"], text)[2])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": spent, "peak": peak, "f1": sum(scores) / len(scores)}))
"""


def measure(engine: str, folder: Path, rows: list[dict[str, str]]) -> dict[str, float]:
    """One engine over all pages, in a process on one core."""
    done = subprocess.run(
        [sys.executable, "-c", ENGINES[engine] + HARNESS, str(folder)],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        preexec_fn=lambda: os.sched_setaffinity(0, {0}),
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    """Measure, in turn, and print each round and the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    folder = shared()
    index = map(json.loads, (folder / "pages" / "index.jsonl").open(encoding="utf-8"))
    rows = [{key: row.get(key) for key in ("file", "url", "body")} for row in index if row["kind"] == "article"]
    rows = [row | {"url": row["url"] or "http://unknown.invalid/"} for row in rows]
    engines = [name for name in ENGINES if name == "diembao" or importlib.util.find_spec(name)]
    rates: dict[str, list[float]] = {name: [] for name in engines}
    for number in range(1, args.rounds + 1):
        for engine in engines:
            result = measure(engine, folder, rows)
            rates[engine].append(len(rows) / result["seconds"])
            print(
                f"round {number}: {engine:12} {rates[engine][-1]:6.1f} pages/s, body F1 {result['f1']:.4f}, "
                f"peak memory {result['peak']:.0f} MB",
                flush=True,
            )
    ratios = [ours / theirs for ours, theirs in zip(rates["diembao"], rates["trafilatura"], strict=True)]
    for engine in engines:
        print(f"median {engine:12} {statistics.median(rates[engine]):6.1f} pages/s of CPU time, {len(rows)} pages")
    print(f"median ratio to trafilatura's defaults {statistics.median(ratios):.2f} of {args.rounds} rounds")


if __name__ == "__main__":
    main()
