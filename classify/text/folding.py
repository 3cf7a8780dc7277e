"""Case and form folded away for matching, with every character's place in the original kept."""

import functools
import re
import unicodedata
from dataclasses import dataclass

# Marks that writers and content systems vary freely; each maps one character to one, so offsets survive.
_SAME = (
    ("’", "'"), ("‘", "'"), ("ʼ", "'"), ("“", '"'), ("”", '"'), ("‑", "-"), ("–", "-"),
    ("\u00a0", " "), ("\u3000", " "),
)  # fmt: skip
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\u1160-\u11ff"
# Characters without marks, as many as stand together; or else one character and its marks.
_RUN = re.compile(rf"((?:.(?![{_MARKS}]))++)|.[{_MARKS}]*", re.DOTALL)
_CLUSTER = re.compile(rf".[{_MARKS}]*", re.DOTALL)
# Vietnamese writes one syllable two ways (hoà/hòa, thuỷ/thủy); the newer place of the mark is folded into the older.
# Only open syllables differ, and `qu` is a consonant (quý stays).
_NEWER = ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"]
_OLDER = ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"]
_PLACE = dict(zip(_NEWER, _OLDER, strict=True))
# It begins with the vowel, not with what stands before: so the engine runs to the next o or u at once.
_MARK = re.compile(r"[ou](?<!q[ou])[àáảãạèéẻẽẹỳýỷỹỵ](?<=o[^ỳýỷỹỵ]|u[ỳýỷỹỵ])(?!\w)")


@dataclass(frozen=True)
class Folded:
    """Folded text; `starts` and `ends` give, for each folded character, its original span (None = the same places)."""

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets of folded characters `start` to `end` (exclusive)."""
        if self.starts is None or self.ends is None or start >= end:
            return start, end
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Lower and NFC-normalise `text`; lone surrogates become U+FFFD. Never changes what an offset points at."""
    clean = text
    if not text.isascii():
        for mark, plain in _SAME:
            clean = clean.replace(mark, plain)
        clean = replace_surrogates(clean)
    folded = _one_for_one(clean)
    return _fold_by_cluster(clean) if folded is None else Folded(_same_places(folded))


def fold_term(term: str) -> str:
    """A lexicon term in the form that `fold` gives the text it is looked for in."""
    return fold(" ".join(term.split())).text


def replace_surrogates(text: str) -> str:
    """`text` with each lone surrogate, which UTF-8 cannot carry, replaced by one U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def _same_places(text: str) -> str:
    return text if text.isascii() else _MARK.sub(lambda match: _PLACE[match.group()], text)


def _one_for_one(text: str) -> str | None:
    """`text` folded, if each character of it becomes one."""
    # Not casefold(): it makes two letters of ß, and every German text would need its places counted one by one.
    folded = text.lower()
    # Lowering only ever lengthens, so an equal length means one character for one.
    return folded if len(folded) == len(text) and unicodedata.is_normalized("NFC", folded) else None


@functools.lru_cache(maxsize=4_096)
def _fold_cluster(cluster: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", cluster).lower())


def _fold_by_cluster(text: str) -> Folded:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _RUN.finditer(text):
        begins, stops = match.span()
        run = _one_for_one(match.group()) if match.group(1) else None
        if run is not None:
            out.append(run)
            starts.extend(range(begins, stops))
            ends.extend(range(begins + 1, stops + 1))
            continue
        for cluster in _CLUSTER.finditer(text, begins, stops):
            piece = _fold_cluster(cluster.group())
            out.append(piece)
            starts.extend([cluster.start()] * len(piece))
            ends.extend([cluster.end()] * len(piece))
    return Folded(_same_places("".join(out)), tuple(starts), tuple(ends))
