"""Every feed of the corpora read or refused with a reason: how many, how long, how much memory.

2,107 feeds of feedparser's tests, real feeds, hostile feeds; the bombs as sitemap.xml.gz and some made up here.
"""

import gzip
import resource
import time
from collections import Counter
from pathlib import Path

from replaying import shared

from crawler.discovery import READERS, NotAListing

URL = "http://bao-mau.example/"
PACKED = b"\x1f\x8b"


def read(kind: str, body: bytes) -> tuple[str, float]:
    """How it went, and in how many seconds of processor time."""
    begin = time.process_time()
    try:
        READERS[kind](body, URL, "")
        verdict = "read"
    except NotAListing as reason:
        verdict = f"refused: {str(reason)[:60]}"
    except Exception as error:
        verdict = f"CRASH: {type(error).__name__}: {error}"
    return verdict, time.process_time() - begin


def kind_of(path: Path) -> str:
    """What kind of listing a file of the corpora is."""
    if path.suffix == ".json":
        return "json_feed"
    return "sitemap" if "sitemap" in path.name and path.suffix in (".xml", ".gz") else "rss"


def folder(title: str, files: list[Path], *, unpack: bool = False, kind: str = "") -> None:
    """One line about a folder, and one for each verdict."""
    verdicts: Counter[str] = Counter()
    slowest = (0.0, "")
    for path in files:
        body = path.read_bytes()
        body = gzip.decompress(body) if unpack else body
        verdict, seconds = read(kind or kind_of(path), body)
        verdicts[verdict] += 1
        slowest = max(slowest, (seconds, path.name))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{title}: {verdicts.total()} files, slowest {slowest[0]:.2f} s ({slowest[1]}), peak memory {peak} MB")
    for verdict, count in verdicts.most_common():
        print(f"  {count:5} {verdict}")


def main() -> None:
    """All of them, the harmless first: the peak of memory only grows."""
    corpora = shared() / "corpora"
    read("rss", b"")
    for name in ("feeds_feedparser", "feeds_real"):
        folder(name, [path for path in sorted((corpora / name).rglob("*")) if path.is_file()])
    bombs = [path for path in sorted((corpora / "bombs").iterdir()) if path.suffix != ".md"]
    folder("bombs as sitemap.xml.gz", bombs, kind="sitemap")
    folder("hostile_feeds", sorted((corpora / "hostile_feeds").glob("*.gz")), unpack=True, kind="rss")


if __name__ == "__main__":
    main()
