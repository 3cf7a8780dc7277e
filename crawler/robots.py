"""robots.txt as RFC 9309 has it: the rules that are ours, and what they allow.

Our own, because what an outlet forbids is no place for guesses: Protego 0.7 takes `User-agent: Diem` for us (a prefix),
counts `?` as three octets when it looks for the longest rule, and took 32 s, with the crawl standing still, for a
hostile file of 84 KB. This is linear in the file, and each rule in the URL.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read
ALLOW, DISALLOW, AGENT, DELAY, SITEMAP = "allow", "disallow", "user-agent", "crawl-delay", "sitemap"
# Ten thousand wildcards against a URL of 2,000 characters: 0.2 s. Only a hostile file has more, and gets a no for every
# URL that would take longer: the whole crawl waits while we search.
MAX_WORK = 20_000_000
# What the lines are called, with the misspellings that Google takes for them.
NAMES = {
    ALLOW: ALLOW,
    **dict.fromkeys((AGENT, "useragent", "user agent"), AGENT),
    **dict.fromkeys((DISALLOW, "dissallow", "dissalow", "disalow", "diasllow", "disallaw"), DISALLOW),
    **dict.fromkeys((DELAY, "crawldelay", "crawl delay"), DELAY),
    **dict.fromkeys((SITEMAP, "sitemaps", "site-map"), SITEMAP),
}
LINE_END = re.compile(r"\r\n?|\n")
TOKEN = re.compile(r"[A-Za-z_-]*")  # a product token has no other letters (RFC 9309, 2.2.1): `DiemBao/0.1` names us
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
IN_QUERY = frozenset(":/?#[]@!&'()+,;=")  # all reserved characters but two: a rule means more by a bare `*` or `$`
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|[^\x21-\x7e]+")
INDEX = re.compile(r"/index\.html?[^/]*$")


class Glob(NamedTuple):
    """A path pattern: its literal parts between the `*`, and whether it must reach the end of the path."""

    parts: tuple[str, ...]
    to_the_end: bool

    def matches(self, path: str) -> bool:
        """Whether a path fits. Each part is looked for once, from where the last one ended: no pattern takes long."""
        first, *others = self.parts
        at, end = len(first), len(path)
        if self.to_the_end:
            if not others:
                return path == first
            last = others.pop()
            if not path.endswith(last):
                return False
            end -= len(last)
        if not path.startswith(first):
            return False
        for part in others:
            found = path.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return at <= end


class Rule(NamedTuple):
    """An allow or disallow line; `octets` is its length, for the longest that matches is the one that counts."""

    allow: bool
    octets: int
    plain: Glob
    queried: Glob  # see `_views`; the same object where the two are the same

    def matches(self, plain: str, queried: str) -> bool:
        """Whether a path, given in both views, fits."""
        if self.plain.matches(plain):
            return True
        return (self.queried is not self.plain or queried is not plain) and self.queried.matches(queried)


@dataclass(frozen=True)
class Rules:
    """What a robots.txt says to us. `crawl_delay` in seconds; `sitemaps` are for everyone."""

    rules: tuple[Rule, ...] = ()
    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()
    searches: int = 0  # how often, at most, a path is searched for a part that may stand anywhere

    def allows(self, url: str) -> bool:
        """Whether a URL may be fetched. Its robots.txt always may: that is for the caller to know."""
        plain, queried = _views(_normal(_path(url)).replace("*", "%2A").replace("$", "%24"))
        if self.searches * len(plain) > MAX_WORK:
            return False
        for rule in self.rules:  # the longest first
            if rule.matches(plain, queried):
                return rule.allow
        return True


class _Group:
    """The lines that are for one product token, from wherever in the file."""

    def __init__(self) -> None:
        self.named = False
        self.rules: dict[tuple[bool, str], Rule] = {}  # each once: a file may say the same a thousand times
        self.delays: list[float] = []


def readable(body: bytes) -> str:
    """The text of a robots.txt: the first 500 KiB in whole lines, without a byte order mark (whole or damaged)."""
    if len(body) > MAX_BYTES:
        body = body[:MAX_BYTES]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    return body.lstrip(b"\xef\xbb\xbf").decode("utf-8", errors="replace")


def parse(text: str, product: str) -> Rules:
    """The rules for a product token: of all groups that name it, else of all for `*`.

    Only allow and disallow lines end a list of user agents; others must not interfere (RFC 9309, 2.2.4). So
    `Crawl-delay` between two user agents leaves them one group, as it does for Google.
    """
    groups = {product.lower(): _Group(), "*": _Group()}
    current: list[_Group] = []
    sitemaps, complete = [], False
    for name, value in _lines(text):
        if name == AGENT:
            current, complete = ([] if complete else current), False
            group = groups.get(_token(value))
            if group is not None and group not in current:
                group.named = True
                current.append(group)
        elif name == SITEMAP:
            sitemaps.append(value)
        elif name == DELAY:
            _slow_down(current, value)
        else:
            complete = True
            _add(current, value, allow=name == ALLOW)
    ours = groups[product.lower()]
    return _rules(ours if ours.named else groups["*"], sitemaps)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in LINE_END.split(text):
        content = line.partition("#")[0].strip()
        name, colon, value = content.partition(":")
        if not colon:
            words = content.split()
            if len(words) != 2:  # as Google: a forgotten colon is clear only between two words
                continue
            name, value = words
        kind = NAMES.get(name.strip().lower())
        if kind is not None:
            yield kind, value.strip()


def _token(value: str) -> str:
    first = value.split(maxsplit=1)[:1]
    if first == ["*"]:
        return "*"
    found = TOKEN.match(value)
    return found[0].lower() if found else ""


def _slow_down(groups: Iterable[_Group], value: str) -> None:
    try:
        delay = float(value)
    except ValueError:
        return
    if math.isfinite(delay) and delay >= 0:
        for group in groups:
            group.delays.append(delay)


def _add(groups: Iterable[_Group], value: str, *, allow: bool) -> None:
    patterns = [_normal(value)] if value else []  # an empty `Disallow:` forbids nothing
    index = INDEX.search(patterns[0]) if allow and patterns else None
    if index:  # as Google: who allows /x/index.html allows /x/
        patterns.append(patterns[0][: index.start()] + "/$")
    for group in groups:
        for pattern in patterns:
            if (allow, pattern) not in group.rules:
                group.rules[allow, pattern] = _rule(pattern, allow=allow)


def _rule(pattern: str, *, allow: bool) -> Rule:
    plain, queried = _views(pattern)
    glob = _glob(plain)
    return Rule(allow, len(pattern), glob, glob if queried is plain else _glob(queried))


def _glob(pattern: str) -> Glob:
    to_the_end = pattern.endswith("$")
    parts = pattern.removesuffix("$").replace("$", "%24").split("*")
    return Glob((parts[0], *filter(None, parts[1:-1]), *parts[1:][-1:]), to_the_end)


def _rules(group: _Group, sitemaps: list[str]) -> Rules:
    ordered = sorted(group.rules.values(), key=lambda rule: (-rule.octets, not rule.allow))
    searches = sum(len(rule.plain.parts) - 1 for rule in ordered)
    return Rules(tuple(ordered), max(group.delays, default=None), tuple(sitemaps), searches)


def _path(url: str) -> str:
    path = re.sub(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*", "", url).partition("#")[0]
    return path if path.startswith("/") else f"/{path}"


def _normal(text: str) -> str:
    """Escapes as RFC 9309, 2.2.2 compares them: unreserved characters bare, what is not ASCII escaped."""
    return ESCAPE.sub(_one, text) if ESCAPE.search(text) else text


def _one(match: re.Match[str]) -> str:
    if match[1] is None:
        return quote(match[0], safe="", errors="replace")
    character = chr(int(match[1], 16))
    return character if character in UNRESERVED else match[0].upper()


def _views(text: str) -> tuple[str, str]:
    """The text itself, and with the query's reserved characters bare.

    In a query `https://` and `https%3A%2F%2F` say the same (the RFC's table has the two match), and we write the second
    for what outlets write as the first. In a path `%2F` and `/` are different.
    """
    path, mark, query = text.partition("?")
    if "%" not in query:
        return text, text
    return text, path + mark + re.sub(r"%([0-9A-F]{2})", _bare, query)


def _bare(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in IN_QUERY else match[0]
