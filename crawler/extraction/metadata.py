"""What a page tells machines about itself: JSON-LD, meta tags, links."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

from crawler.text import clean

ARTICLE_TYPES = re.compile(
    r"(News|Blog|Report|Opinion|Live|Analysis|Review|Background|Scholarly|Social|Tech|Advertiser)*"
    r"(Article|Posting|BlogPost)$"
)
MAX_SCRIPT = 500_000  # characters of one JSON-LD script; longer ones are data dumps or attacks
MAX_NODES = 2_000


@dataclass
class Metadata:
    """Statements of one page; lists have the most specific first. Empty where the page is silent."""

    headlines: list[str] = field(default_factory=list)  # of JSON-LD
    titles: list[str] = field(default_factory=list)  # of meta tags
    descriptions: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    site_names: list[str] = field(default_factory=list)
    canonical: str = ""
    language: str = ""
    types: list[str] = field(default_factory=list)  # of JSON-LD nodes that speak of the page itself, and og:type
    live_until: list[str] = field(default_factory=list)  # when the coverage of a live blog ends
    free: bool = True  # not free = the publisher says that only subscribers may read all of it


# Meta tags (name, property or itemprop, in lower case) and the list of Metadata they speak for.
META = {
    "headline": "titles",
    "og:title": "titles",
    "twitter:title": "titles",
    "og:description": "descriptions",
    "description": "descriptions",
    "article:published_time": "published",
    "og:article:published_time": "published",
    "article:published": "published",
    "datepublished": "published",
    "pubdate": "published",
    "publishdate": "published",
    "publish_date": "published",
    "publication_date": "published",
    "publication-date": "published",
    "pub_date": "published",
    "rnews:datepublished": "published",
    "citation_publication_date": "published",
    "date": "published",
    "dc.date": "published",
    "dc.date.issued": "published",
    "dcterms.issued": "published",
    "dcterms.created": "published",
    "dcterms.date": "published",
    "sailthru.date": "published",
    "parsely-pub-date": "published",
    "article.published": "published",
    "cxenseparse:recs:publishtime": "published",
    "article:modified_time": "modified",
    "og:updated_time": "modified",
    "datemodified": "modified",
    "dcterms.modified": "modified",
    "author": "authors",
    "article:author": "authors",
    "dc.creator": "authors",
    "og:site_name": "site_names",
    "application-name": "site_names",
    "og:type": "types",
}


def read_metadata(tree: HtmlElement) -> Metadata:
    """Everything of `Metadata` that the page states."""
    found = Metadata()
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        target, value = META.get(name), clean(meta.get("content"))
        if target and value:
            getattr(found, target).append(value)
    # For times and descriptions meta tags were right more often than JSON-LD; headlines are kept apart.
    for node, listed in _json_ld(tree):
        if not listed:
            found.types += [name for name in _types(node) if name not in found.types]
            found.free = found.free and str(node.get("isAccessibleForFree")).lower() != "false"
        if _is_article(node.get("@type")):
            _take_json(found, node)
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and not found.canonical:
            found.canonical = (link.get("href") or "").strip()
    found.language = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
    return found


def _json_ld(tree: HtmlElement) -> Iterator[tuple[dict[str, Any], bool]]:
    """The nodes that a page's JSON-LD consists of, and whether each is an entry of a list."""
    budget = MAX_NODES
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        text = (script.text or "").strip()
        if not text or len(text) > MAX_SCRIPT:
            continue
        try:
            queue = [(json.loads(text, strict=False), False)]
        except (ValueError, RecursionError):
            continue
        while queue and budget > 0:
            budget -= 1
            node, listed = queue.pop(0)
            if isinstance(node, list):
                queue.extend((entry, listed) for entry in node)
            elif isinstance(node, dict):
                yield node, listed
                queue.extend((node[key], listed) for key in ("@graph", "mainEntity") if key in node)
                if "itemListElement" in node:
                    queue.append((node["itemListElement"], True))


def _is_article(kind: object) -> bool:
    return any(ARTICLE_TYPES.search(name) for name in _types({"@type": kind}))


def _types(node: dict[str, Any]) -> list[str]:
    kind = node.get("@type")
    return [name for name in (kind if isinstance(kind, list) else [kind]) if isinstance(name, str)]


def _take_json(found: Metadata, node: dict[str, Any]) -> None:
    for key, target in (
        ("headline", found.headlines),
        ("description", found.descriptions),
        ("datePublished", found.published),
        ("dateModified", found.modified),
        ("coverageEndTime", found.live_until),
    ):
        value = clean(node.get(key))
        if value:
            target.append(value)
    people = node.get("author")
    for person in people if isinstance(people, list) else [people]:
        name = clean(person.get("name") if isinstance(person, dict) else person)
        if name:
            found.authors.append(name)
