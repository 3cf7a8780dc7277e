"""One URL for one article: canonical form, the key that tells two URLs apart, and what is not a URL for us."""

from urllib.parse import urlsplit, urlunsplit

from courlan import clean_url
from w3lib.url import canonicalize_url, safe_url_string

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
        and len(url) <= MAX_LENGTH
    )


def canonical(url: str) -> str:
    """`url` without tracking parameters and fragment, percent-encoding and query order normalised.

    The path is kept as it is: on some outlets a trailing slash or the case of a letter makes another page.
    """
    url = safe_url_string(url.strip())
    cleaned = clean_url(url) or url
    if urlsplit(cleaned).path.rstrip("/") != urlsplit(url).path.rstrip("/"):
        cleaned = url  # the cleaner may drop tracking parameters, never change the page
    kept = urlsplit(cleaned)._replace(path=urlsplit(url).path or "/", fragment="")
    return str(canonicalize_url(urlunsplit(kept)))


def url_key(url: str) -> str:
    """What makes two URLs the same page for us: the canonical URL without its scheme, host in lower case."""
    parts = urlsplit(canonical(url))
    host = (parts.hostname or "").rstrip(".")
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    path = parts.path or "/"
    return f"{host}{port}{path}" + (f"?{parts.query}" if parts.query else "")


def host_of(url: str) -> str:
    """The host of a URL in lower case, without a port; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
