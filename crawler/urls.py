"""One URL for one article: canonical form, the key that tells two URLs apart, and what is not a URL for us."""

import re
from collections.abc import Iterable
from urllib.parse import unquote_plus, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

from crawler.variants import undressed, unwrapped

# Query parameters that say how a reader came, never which page it is. A closed list: courlan's own also takes
# `eid`, `cid`, `gallery_id` and a bare `?12345` for trackers, which are the only difference between articles elsewhere.
TRACKER = re.compile(
    r"(utm|itm|mtm|pk|mc|oly|vero|mkt|ga)_\w*|(fbcl|gcl|dcl|ycl|twcl|yscl|msclk|gbra|wbra)id|igsh(id)?|_ga|_gl|gs_lcp|"
    r"ref(_?(src|url|er|err?er))?|source|maca|dicbo|srsltid|mibextid|cmpid|campaign(_?id)?|xtor|zarsrc|spm|(php|j)?sess(ion)?_?id",
    re.IGNORECASE,
)
SESSION = re.compile(r";(j|php)?sess(ion)?_?id=[^/?#]*", re.IGNORECASE)  # the same, written into the path
UNWRITABLE = re.compile(r"[\x00-\x08\ud800-\udfff]")  # no database takes them
MAX_LENGTH = 2000  # longer ones are traps; PostgreSQL's unique index takes at most 2,704 bytes


def fetchable(url: str) -> bool:
    """Whether `url` is an absolute http(s) URL of acceptable length, with a host and no password in it."""
    try:
        parts = urlsplit(url)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and port_is_valid
        and not UNWRITABLE.search(url)
        and len(url) <= MAX_LENGTH
    )


def resolve(base: str, link: str) -> str:
    """`link` as found on the page `base`, absolute; empty when it is empty or no URL at all (`http://[oops`)."""
    link = link.strip()
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""


def canonical(url: str) -> str:
    """`url` without tracking parameters and fragment, percent-encoding and query order normalised.

    The path is kept as it is: on some outlets a trailing slash or the case of a letter makes another page.
    """
    parts = urlsplit(safe_url_string(url.strip()))
    host = parts.netloc.lower()
    host = host.removesuffix({"http": ":80", "https": ":443"}.get(parts.scheme, "")).removesuffix(":")
    query = "&".join(
        part for part in parts.query.split("&") if not TRACKER.fullmatch(unquote_plus(part.partition("=")[0]))
    )
    path = SESSION.sub("", parts.path) or "/"
    return str(canonicalize_url(urlunsplit((parts.scheme, host, path, query, ""))))


def url_key(url: str) -> str:
    """What makes two URLs the same page for us.

    The canonical URL without its scheme, without the slash at its end, and without what only asks for the mobile, AMP
    or print version (`crawler.variants`). For telling pages apart only: the URL that was found is the one fetched.
    """
    return undressed(unwrapped(_plain_key(url)))


def rekeyed(rows: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    """For a migration, when `url_key` has changed: the rows `(id, url, key)` whose key is another now, with that key.

    Of rows that are one page now, the one that has the key already keeps it, else the first gets it. The others keep
    the key they had: no URL has it any more, so they are found by nobody and refetched by nobody.
    """
    known = [(row_id, url_key(url), old) for row_id, url, old in rows]
    taken = {key: row_id for row_id, key, old in known if key == old}
    for row_id, key, _ in known:
        taken.setdefault(key, row_id)
    return {row_id: key for row_id, key, old in known if taken[key] == row_id and key != old}


def _plain_key(url: str) -> str:
    parts = urlsplit(canonical(url))
    host = (parts.hostname or "").rstrip(".")
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    return f"{host}{port}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")


def host_of(url: str) -> str:
    """The host of a URL in lower case, without a port; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
