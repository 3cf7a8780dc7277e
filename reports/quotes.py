"""Short quotations: the words that made the machine see a tone, in their sentence, never more than 200 characters."""

from dataclasses import dataclass

from reports.words import clean
from store.figures import TonedText

MOST = 200  # characters of an article that a report may repeat, beside its title


@dataclass(frozen=True)
class Quote:
    """`words` are the evidence; `before` and `after` what stands around it."""

    before: str
    words: str
    after: str


def quote(toned: TonedText) -> Quote | None:
    """The weightiest tone evidence of the text; None when it is in the title, which is shown anyway."""
    spans = [span for span in toned.evidence if str(span.get("tag", "")).startswith("tone:")]
    for span in sorted(spans, key=lambda span: -float(span.get("weight") or 0)):
        start, end = span.get("start"), span.get("end")
        if span.get("field") != "text" or not isinstance(start, int) or not isinstance(end, int):
            continue
        if 0 <= start < end <= len(toned.text):
            return _cut(toned.text, start, end)
    return None


def _cut(text: str, start: int, end: int) -> Quote:
    end = min(end, start + MOST // 2)
    room = (MOST - (end - start)) // 2 - 2  # two for the marks of omission
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    first = max(line_start, start - room)
    last = min(line_end if line_end >= 0 else len(text), end + room)
    before, after = text[first:start], text[end:last]
    if first > line_start:
        before = "…" + before[before.find(" ") + 1 :]
    if last < (line_end if line_end >= 0 else len(text)):
        after = after[: after.rfind(" ") + 1].rstrip() + "…"
    return Quote(_spaced(before), clean(text[start:end], MOST), _spaced(after))


def _spaced(text: str) -> str:
    """`clean`, but a space at either end is kept: it separates the quotation's parts."""
    line = clean(text, MOST)
    if not line:
        return " " if text else ""
    return (" " if text[:1].isspace() else "") + line + (" " if text[-1:].isspace() else "")
