"""Short quotations: the words that made the machine see a tone, in their sentence, never more than 200 characters."""

from dataclasses import dataclass
from typing import Any

from reports.words import clean
from store.figures import TonedText

SENTENCE = "sentence:"  # the span with the tag after it is the sentence that carried most of that tag
MOST = 200  # characters of an article that a report may repeat, beside its title


@dataclass(frozen=True)
class Quote:
    """`words` are the evidence; `before` and `after` what stands around it."""

    before: str
    words: str
    after: str


def quote(toned: TonedText) -> Quote | None:
    """The weightiest tone evidence of the text; None when it is in the title, which is shown anyway.

    Words in the sentence that carried most of their tone go first, and are quoted in that sentence.
    """
    words = [(span, str(span["tag"])) for span in _valid(toned) if str(span["tag"]).startswith("tone:")]
    sentences = {str(span["tag"]): (span["start"], span["end"]) for span in _valid(toned)}
    found = []
    for span, tag in words:
        low, high = sentences.get(SENTENCE + tag, (0, 0))
        inside = low <= span["start"] and span["end"] <= high
        bounds = (low, high) if inside else _line(toned.text, span["start"], span["end"])
        found.append(((inside, float(span.get("weight") or 0)), span["start"], span["end"], bounds))
    if not found:
        return None
    _, start, end, bounds = max(found, key=lambda one: one[0])
    return _cut(toned.text, start, end, bounds)


def _valid(toned: TonedText) -> list[dict[str, Any]]:
    """The spans of the text itself that lie in it."""
    spans = [span for span in toned.evidence if span.get("field") == "text" and "tag" in span]
    whole = [span for span in spans if isinstance(span.get("start"), int) and isinstance(span.get("end"), int)]
    return [span for span in whole if 0 <= span["start"] < span["end"] <= len(toned.text)]


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    line_end = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, line_end if line_end >= 0 else len(text)


def _cut(text: str, start: int, end: int, bounds: tuple[int, int]) -> Quote:
    low, high = bounds
    end = min(end, start + MOST // 2)
    room = MOST - (end - start) - 2  # two for the marks of omission
    # What one side does not need, the other may have: a sentence of that length is quoted whole.
    left, right = start - low, high - end
    first = max(low, start - max(room // 2, room - right))
    last = min(high, end + max(room // 2, room - left))
    before, after = text[first:start], text[end:last]
    if first > low:
        before = "…" + before[before.find(" ") + 1 :]
    if last < high:
        after = after[: after.rfind(" ") + 1].rstrip() + "…"
    return Quote(_spaced(before), clean(text[start:end], MOST), _spaced(after))


def _spaced(text: str) -> str:
    """`clean`, but a space at either end is kept: it separates the quotation's parts."""
    line = clean(text, MOST)
    if not line:
        return " " if text else ""
    return (" " if text[:1].isspace() else "") + line + (" " if text[-1:].isspace() else "")
