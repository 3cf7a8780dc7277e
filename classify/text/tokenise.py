"""Text -> the tokens that topic models count: one tokeniser a language, named in one dict."""

import re
from collections.abc import Callable, Iterator

from classify.text.folding import fold, replace_surrogates
from classify.text.matching import UNSPACED

Tokeniser = Callable[[str], list[str]]

# underthesea segments 72-120 thousand characters a second, so each 100 cost about 1 ms. On half the VNTC test the
# linear model was right on 86.6, 88.0, 88.8, 89.4 and 90.4% after 400, 600, 800, 1,000 and 1,500 characters.
VI_CHARS = 300
BODY_CHARS = 4_000

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
# Possessive, and never begun inside a run of marks: 12,000 full stops in a row took 14 seconds otherwise. Each choice
# begins with its marks, what may not stand before is looked at then: so the engine runs to the next mark at once.
_SENTENCE_END = re.compile(r"[.!?…](?<![.!?…]{2})[.!?…]*+[\"'”’)]*+(?=\s)|[。！？។၊။]+|\n+")


def tokens(text: str, language: str) -> list[str]:
    """The folded tokens of `text`, in order, the words of a compound joined by `_`. Any string will do."""
    return TOKENISERS.get(language, words)(replace_surrogates(text))


def words(text: str) -> list[str]:
    """Words as runs of letters and digits; for languages that write spaces."""
    return _WORD.findall(fold(text[:BODY_CHARS]).text)


def vietnamese(text: str) -> list[str]:
    """Vietnamese words by underthesea, sentence by sentence, numbers and punctuation left out."""
    from underthesea import word_tokenize

    found: list[str] = []
    for sentence in _sentences(text[:VI_CHARS]):
        found += word_tokenize(sentence)
    # Folded all at once, words kept apart by line ends, which no word holds: folding each one took a fifth of the time.
    folded = fold("\n".join(found)).text
    return [token.replace(" ", "_") for token in folded.split("\n") if any(map(str.isalpha, token))]


def characters(text: str) -> list[str]:
    """Overlapping pairs of characters; for languages that write no spaces (zh, ja, th, lo, km, my)."""
    return grams(text[:BODY_CHARS], 2)


def grams(text: str, size: int) -> list[str]:
    """Every `size` characters in a row within a word; a word of ASCII letters or digits stays whole."""
    found: list[str] = []
    for run in _WORD.findall(fold(text).text):
        if run.isascii():
            found.append(run)
        else:
            found.extend(run[i : i + size] for i in range(max(1, len(run) - size + 1)))
    return found


def runs(text: str, language: str) -> list[str]:
    """Folded runs of letters and digits (syllables, in Vietnamese); pairs of characters where words are not spaced."""
    clean = replace_surrogates(text)
    return grams(clean, 2) if language in UNSPACED else _WORD.findall(fold(clean).text)


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """The offsets of each non-empty sentence: up to . ! ? … or a CJK, Khmer or Burmese full stop, or a line end."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if text[start : match.end()].strip():
            yield start, match.end()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _sentences(text: str) -> list[str]:
    return [piece for piece in _SENTENCE.split(text) if piece.strip()]


TOKENISERS: dict[str, Tokeniser] = {
    "vi": vietnamese,
    "zh": characters,
    "ja": characters,
    "th": characters,
    "lo": characters,
    "km": characters,
    "my": characters,
}
