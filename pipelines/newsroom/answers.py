"""From a page to an HTTP answer: validators, 304, gzip."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

HTML = "text/html; charset=utf-8"

# Below this gzip saves nothing worth its header.
_GZIP_FROM = 256


@dataclass(frozen=True)
class Page:
    """What stands at an address. `modified` is None where the page is not dated (errors, redirects)."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    modified: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """What the server sends."""

    status: int
    headers: dict[str, str]
    body: bytes


def answer(page: Page, headers: Mapping[str, str]) -> Response:
    """Return the response to a request with `headers`: 304 when the client has the page, gzip when it takes it."""
    asked = {name.lower(): value for name, value in headers.items()}
    reply = {"Content-Type": page.content_type, "Vary": "Accept-Encoding", **page.headers}
    if page.status == 200:
        # Weak, because the plain and the gzipped body share it.
        reply["ETag"] = f'W/"{hashlib.sha256(page.body).hexdigest()[:20]}"'
        if page.modified is not None:
            reply["Last-Modified"] = format_datetime(page.modified.astimezone(UTC), usegmt=True)
        if _unchanged(reply["ETag"], page.modified, asked):
            del reply["Content-Type"]
            return Response(304, reply, b"")
    body = page.body
    if len(body) >= _GZIP_FROM and page.content_type != "application/gzip" and _takes_gzip(asked):
        body = gzip.compress(body, mtime=0)
        reply["Content-Encoding"] = "gzip"
    return Response(page.status, reply, body)


def _unchanged(tag: str, modified: datetime | None, asked: Mapping[str, str]) -> bool:
    """If-None-Match decides alone where it is sent (RFC 9110, 13.1.3)."""
    if "if-none-match" in asked:
        known = {part.strip().removeprefix("W/") for part in asked["if-none-match"].split(",")}
        return "*" in known or tag.removeprefix("W/") in known
    if "if-modified-since" not in asked or modified is None:
        return False
    try:
        since = parsedate_to_datetime(asked["if-modified-since"])
    except ValueError:
        return False
    return modified <= (since if since.tzinfo else since.replace(tzinfo=UTC))


def _takes_gzip(asked: Mapping[str, str]) -> bool:
    for part in asked.get("accept-encoding", "").lower().split(","):
        coding, _, quality = part.partition(";")
        if coding.strip() in ("gzip", "*"):
            return quality.strip().removeprefix("q=").strip("0.") != "" or not quality
    return False
