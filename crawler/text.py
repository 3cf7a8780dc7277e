"""Text of others as we keep it: of pages, feeds and sitemaps alike."""

import re
import unicodedata

# No database, document or spreadsheet of ours takes these; JSON-LD and character references can spell them all.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: object) -> str:
    """Text as we keep it: NFC, one line, no control characters; anything but text gives an empty string."""
    if not isinstance(text, str):
        return ""
    return unicodedata.normalize(
        "NFC", " ".join(CONTROL.sub("", text.replace("\u00ad", "").replace("\u200b", "")).split())
    )
