"""The text that a page tells machines (JSON-LD `articleBody`): for pages that scripts fill in the reader's browser.

Nothing more: on 53 pages with gold that have one it was better than the shown text on 6 and worse on 37 (mean F1 0.78
against 0.96). Publishers cut it short, or put captions and notices into it.
"""

import json
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from crawler.extraction.parsing import parse
from crawler.extraction.pruning import lines_of

MAX_SCRIPT = 500_000  # characters of one script; longer ones are data dumps or attacks
MAX_NODES = 2_000


def stated_body(tree: HtmlElement) -> str:
    """The longest `articleBody` of a page, a line a paragraph; empty where there is none."""
    return max((_plain(body) for script in _scripts(tree) for body in _bodies(script)), key=len, default="")


def _scripts(tree: HtmlElement) -> Iterator[Any]:
    for script in tree.iter("script"):
        text = script.text or ""
        if "articleBody" in text and "ld+json" in (script.get("type") or "") and len(text) <= MAX_SCRIPT:
            try:
                yield json.loads(text, strict=False)
            except (ValueError, RecursionError):
                continue


def _bodies(data: Any) -> Iterator[str]:
    queue = [data]
    for _ in range(MAX_NODES):
        if not queue:
            return
        node = queue.pop()
        if isinstance(node, dict):
            if isinstance(node.get("articleBody"), str):
                yield node["articleBody"]
            queue.extend(node.values())
        elif isinstance(node, list):
            queue.extend(node)


def _plain(body: str) -> str:
    if "<" not in body and "&" not in body:
        return body
    tree = parse(f"<html><body><div>{body}</div></body></html>".replace("\n", "<br>"))
    return lines_of(tree) if tree is not None else body
