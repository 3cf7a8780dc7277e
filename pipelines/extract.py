"""Saved pages -> articles, without a database, in processes that a hostile page can kill without harm."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.extraction.hints import Hints
from pipelines.errors import UsageError
from pipelines.hints import load_hints
from pipelines.jsonlines import read_lines, writing
from pipelines.settings import Settings

CHUNK = 4
NO_URL = "http://unknown.invalid/"


def read_index(pages: Path) -> list[dict[str, Any]]:
    """The pages of a folder: `id`, `url`, `file`.

    Raises
    ------
    UsageError
        There is no index.jsonl, or it has a line without those keys.
    """
    rows, bad = read_lines(pages / "index.jsonl", ("id", "file"))
    if bad:
        raise UsageError(bad[0])
    return rows


def extract_pages(
    rows: list[dict[str, Any]], pages: Path, out: Path, settings: Settings, progress: Callable[[int], object]
) -> list[tuple[str, str]]:
    """Extract every page into `out`; return the ids and reasons of those that are no article."""
    from concurrent.futures import TimeoutError as FutureTimeout

    from pebble import ProcessPool

    failed: list[tuple[str, str]] = []
    with writing(out) as stream, ProcessPool(settings.workers) as pool:
        limit = settings.page_seconds * CHUNK
        hints = load_hints(settings.sources_dir)
        urls = [str(row.get("url") or NO_URL) for row in rows]
        jobs = [(str(pages / row["file"]), url, hints.of_url(url)) for row, url in zip(rows, urls, strict=True)]
        results = pool.map(extract_file, jobs, chunksize=CHUNK, timeout=limit).result()
        for row in rows:
            try:
                found = next(results)
            except FutureTimeout:
                found = nothing(f"took longer than {limit:g} s, with its neighbours")
            except Exception as error:  # the worker died on it
                found = nothing(f"{type(error).__name__}: {error}"[:300])
            if found.get("reason"):
                failed.append((row["id"], found["reason"]))
            stream.write(json.dumps({"id": row["id"]} | found, ensure_ascii=False) + "\n")
            progress(1)
    return failed


def extract_file(job: tuple[str, str, Hints | None]) -> dict[str, Any]:
    """One saved page, its address, its outlet's hints -> its article's fields, or the reason why there are none."""
    from classify.language import detect
    from crawler.extraction.article import NotAnArticle
    from crawler.extraction.extract import extract
    from store.content import full_text

    path, url, hints = job
    try:
        data = Path(path).read_bytes()
        body = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        article = extract(body, url, zone=zone_of(url), hints=hints)
    except (OSError, EOFError) as error:
        return nothing(f"cannot be read: {error}")
    except NotAnArticle as outcome:
        return nothing(outcome.reason.value)
    moment = article.published.moment
    text = full_text(article.lead, article.body)
    return {
        "title": article.title,
        "text": text,
        "published_at": moment.isoformat() if moment else None,
        "language": detect(f"{article.title}\n{text}")[0],
        "authors": list(article.authors),
    }


def zone_of(url: str) -> ZoneInfo:
    """The time zone to read a page's times in when no source tells: that of the country its host names, else UTC."""
    from crawler.countries import zone_of as zone_of_country
    from crawler.urls import host_of

    country = host_of(url).rpartition(".")[2]
    return ZoneInfo(zone_of_country({"uk": "gb"}.get(country, country)))


def nothing(reason: str) -> dict[str, Any]:
    """The row of a page without an article."""
    return {"title": None, "text": None, "published_at": None, "language": None, "authors": [], "reason": reason}
