"""Outlets from lists that others made: JSON lines as a replay prints them, or a CSV of facts, become source YAML."""

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from crawler.countries import zone_of
from crawler.source import Feed, Source, dump_source
from pipelines.errors import UsageError
from pipelines.jsonlines import read_lines

# Words of the lists for what we call otherwise.
SCOPES = {"foreign-national": "foreign", "international": "foreign"}
KINDS = {"section_page": "section"}
TEMPLATED = re.compile(r"templat|guess|unverified", re.IGNORECASE)
FAILING = re.compile(r"reported failing", re.IGNORECASE)
CONFIDENCE = ("high", "medium", "low")


@dataclass
class ImportReport:
    """How an import ended: ids written, ids that were there already, and one line about each row that was of no use."""

    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def import_sources(path: Path, folder: Path, *, replace: bool = False) -> ImportReport:
    """Write `folder/<country>/<id>.yaml` for every outlet that `path` lists. A file that is there is left alone.

    Raises
    ------
    UsageError
        The list cannot be read or has no usable row, or the folder cannot be written.
    """
    report = ImportReport()
    outlets = _from_csv(path, report) if path.suffix.lower() == ".csv" else _from_json_lines(path, report)
    for source in outlets:
        target = folder / source.country.lower() / f"{source.id}.yaml"
        if target.exists() and not replace:
            report.kept.append(source.id)
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(dump_source(source), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {target}: {error.strerror}; set DIEMBAO_SOURCES_DIR") from error
        report.written.append(source.id)
    if not report.written and not report.kept:
        raise UsageError(report.problems[0] if report.problems else f"{path} lists no outlet")
    return report


def slug(text: str) -> str:
    """A source id of a name or host: `www.bao-moi.vn:8080` gives `bao-moi-vn-8080`."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.removeprefix("www.")).strip("-") or "outlet"


def country_of(text: str) -> str:
    """The ISO 3166-1 code that a list gives, `XX` when it gives none we know the form of."""
    code = text.strip().upper()
    return code if re.fullmatch(r"[A-Z]{2}", code) else "XX"


def _from_json_lines(path: Path, report: ImportReport) -> list[Source]:
    rows, report.problems = read_lines(path, ("host",))
    found: dict[str, Source] = {}
    for row in rows:
        if not isinstance(row["host"], str) or not isinstance(row.get("country") or "", str):
            report.problems.append(f"{path}: {row['host']!r}: host and country must be text")
            continue
        source_id = str(row.get("id") or slug(row["host"]))
        if source_id in found:  # www.example.org and example.org are two hosts: both are kept
            source_id = slug("www-" + row["host"].removeprefix("www."))
        fields = {
            "id": source_id,
            "name": row.get("outlet") or row["host"],
            "name_vi": row.get("name_vi") or "",
            "name_en": row.get("name_en") or "",
            "domain": row["host"],
            "country": country_of(row.get("country") or ""),
            "languages": row.get("languages") or ["und"],
            "scope": row.get("scope") or ("national" if (row.get("country") or "").upper() == "VN" else "foreign"),
            "timezone": row.get("timezone") or zone_of(row.get("country") or ""),
            "feeds": row.get("feeds") or _replayed(row),
        }
        _add(found, fields, f"{path}: {row['host']}", report)
    return list(found.values())


def _replayed(row: dict[str, Any]) -> list[dict[str, Any]]:
    feeds: list[dict[str, Any]] = [{"url": row["feed"], "kind": "rss"}] if row.get("feed") else []
    feeds += [{"url": row["news_sitemap"], "kind": "news_sitemap"}] if row.get("news_sitemap") else []
    if row.get("front"):
        covered: dict[str, Any] = {"enabled": False, "reason": "the feeds list the same articles"} if feeds else {}
        feeds.append({"url": row["front"], "kind": "section"} | covered)
    return feeds


def _from_csv(path: Path, report: ImportReport) -> list[Source]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream, restval=""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    needed = {"outlet_id", "outlet_name", "domain", "country", "language", "scope", "feed_type", "url"}
    if rows and not needed <= set(rows[0]):
        raise UsageError(f"{path} lacks the columns {', '.join(sorted(needed - set(rows[0])))}")
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault(slug(row["outlet_id"]), []).append(row)
    found: dict[str, Source] = {}
    for source_id, group in groups.items():
        first = group[0]
        feeds = _facts_feeds(group)
        fields: dict[str, Any] = {
            "id": source_id,
            "name": first["outlet_name"],
            "domain": first["domain"],
            "country": country_of(first["country"]),
            "languages": sorted({code for row in group for code in re.split(r"[;,/ ]+", row["language"]) if code})
            or ["und"],
            "scope": SCOPES.get(first["scope"], first["scope"]),
            "timezone": zone_of(first["country"]),
            "feeds": feeds,
        }
        if not any(feed["enabled"] for feed in feeds):
            fields |= {"enabled": False, "reason": "no feed is confirmed yet; check and enable one"}
        _add(found, fields, f"{path}: {source_id}", report)
    return list(found.values())


def _facts_feeds(group: Iterable[dict[str, str]]) -> list[dict[str, Any]]:
    feeds: dict[str, dict[str, Any]] = {}
    for row in group:
        confidence = row.get("confidence") if row.get("confidence") in CONFIDENCE else "low"
        notes = row.get("notes") or ""
        reason = ""
        if confidence == "low":
            reason = "low confidence: named by one public file only"
        elif TEMPLATED.search(notes):
            reason = "the address was made from a template"
        elif FAILING.search(notes):
            reason = "one dated public test reports it failing, another working: check it"
        feeds[row["url"]] = {
            "url": row["url"],
            "kind": KINDS.get(row["feed_type"], row["feed_type"]),
            "enabled": not reason,
            "reason": reason,
            "evidence": row.get("evidence") or "",
            "confidence": confidence,
            "notes": notes,
        }
    has_listing = any(feed["enabled"] and feed["kind"] != "section" for feed in feeds.values())
    for feed in feeds.values():
        if has_listing and feed["enabled"] and feed["kind"] == "section" and urlsplit(feed["url"]).path in ("", "/"):
            feed["enabled"], feed["reason"] = False, "the feeds list the same articles"
    return list(feeds.values())


def _add(found: dict[str, Source], fields: dict[str, Any], where: str, report: ImportReport) -> None:
    try:
        fields["feeds"] = tuple(Feed(**feed) for feed in fields["feeds"])
        source = Source(**fields)
    except (ValidationError, TypeError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
        report.problems.append(f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}")
        return
    found[source.id] = source
