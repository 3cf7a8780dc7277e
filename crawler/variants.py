"""Mobile, AMP and print versions of one page: which URLs are another dress of the same article.

A rule here must be safe on every outlet: two URLs are taken for one only when everything else in them is the same, so a
wrong guess costs nothing unless an outlet really has both. Of the 301 pairs that real pages declare (rel=amphtml,
rel=alternate for phones) these rules know 252; they make no two of 12,418 pages one (tests/crawler/test_variants.py).
"""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Labels before an outlet's own domain that serve the same paths. `www` belongs here: `m.x.vn/a` is `www.x.vn/a`.
DRESS = ("www", "m", "mobile", "mobil", "amp", "touch", "wap")
# A whole segment: `/news/x/amp`, `/amp/news/x`, `/2022/05/amp/x`. Print at either end only: /spiegel/print/d-1.html
SEGMENT = re.compile(
    r"/(?:(?:platform/|api/|google-)?amp|\.amp|amp-page)(?=/|$)|^/print(?=/.)|/print/?$", re.IGNORECASE
)
ENDING = re.compile(r"[._](?:amp|print)(\.\w{3,5})?$|(?<=\d)[-!]amp(\.\w{3,5})?$", re.IGNORECASE)
# Only values that cannot be a number of something: `print=12345` may be an article's.
QUERY = re.compile(
    r"(?:_?amp|print|mobile)(?:=(?:1|true|yes|y)?)?|"
    r"(?:outputtype|output|format|view|mode|display|layout|action)=(?:amp[\w-]*|print|mobile)|"
    r"amp_js_v=.*|usqp=mq.*",
    re.IGNORECASE,
)
# Google's own copies carry the page's address within theirs.
WRAPPERS = (
    re.compile(r"(?:www\.)?google\.[a-z.]{2,6}/amp/s/(?P<url>.+)", re.IGNORECASE),
    re.compile(r"[a-z0-9-]+\.cdn\.ampproject\.org/(?:c|v|wp)/s/(?P<url>.+)", re.IGNORECASE),
)


def unwrapped(address: str) -> str:
    """`host/path?query` of the page that an AMP viewer's address carries; the address itself when it carries none."""
    for wrapper in WRAPPERS:
        if found := wrapper.fullmatch(address):
            return found["url"]
    return address


def undressed(address: str) -> str:
    """`host/path?query` without what asks for a version of a page, and without a slash at the path's end."""
    place, _, query = address.partition("?")
    host, slash, path = place.partition("/")
    bare = undressed_path(slash + path).rstrip("/") or "/"
    query = "&".join(part for part in query.split("&") if not QUERY.fullmatch(part))
    return undressed_host(host) + bare + (f"?{query}" if query else "")


@lru_cache(maxsize=10_000)
def undressed_host(host: str) -> str:
    """The outlet's host without `www.`, `m.`, `amp.` and the like; `m.vn` and `amp.dev` are outlets of their own."""
    label, _, rest = host.partition(".")
    while label in DRESS and _has_owner(rest):
        host = rest
        label, _, rest = host.partition(".")
    return host


def undressed_path(path: str) -> str:
    """A path without what says AMP or print; never shortened to nothing."""
    bare = ENDING.sub(lambda found: found[1] or found[2] or "", SEGMENT.sub("", path))
    bare = re.sub(r"/index$", "/", bare) if bare != path else bare
    return bare if bare.strip("/") else path


@lru_cache(maxsize=10_000)
def registered(host: str) -> str:
    """The domain that somebody registered: `x.vn` of `news.x.vn`; empty for addresses and names without a known ending.

    Blogs below one service count as registered by their writers.
    """
    return str(_endings()(host).top_domain_under_public_suffix)


@cache
def _endings() -> "TLDExtract":
    # The list in the wheel: nothing is downloaded. Reading it takes 0.1 s, and most hosts do not need it.
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _has_owner(rest: str) -> bool:
    # `co.uk` and `vn` are nobody's. Names that no list knows (`bao.example`, `bao.localhost`) need two labels.
    labels = rest.split(".")
    if len(labels) < 2 or labels[-1].isdecimal():
        return False
    return bool(registered(rest)) or not registered(f"x.{rest}")
