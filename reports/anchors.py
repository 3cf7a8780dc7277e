"""The names of places in the document: one rule for those who link and for those who are linked to."""

import re

_SAFE = re.compile(r"[A-Za-z0-9-]+", re.ASCII)


def anchor(*parts: str) -> str:
    """An HTML id of the parts; a part that is not plain (a hostile language code, say) goes in as hexadecimal."""
    return "-".join(part if _SAFE.fullmatch(part) else _plain(part) for part in parts)


def _plain(part: str) -> str:
    # Topic ids and tones have underscores at most: keep them readable, and apart from the hyphens that join the parts.
    return part if re.fullmatch(r"\w+", part, re.ASCII) else "x" + part.encode().hex()


def entry_anchor(number: int) -> str:
    """The id of an article in the appendix."""
    return anchor("bai", str(number))
