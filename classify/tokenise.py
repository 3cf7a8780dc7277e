"""Text -> the tokens that topic models count: one tokeniser a language, named in one dict."""

import re
from collections.abc import Callable, Iterator

from classify.folding import fold, replace_surrogates

Tokeniser = Callable[[str], list[str]]

# underthesea segments 72-120 thousand characters a second. 1,000 characters hold the lead and the first paragraphs,
# and cost about 8 ms; reading 1,500 raised accuracy on the VNTC test by less than 0.3 points.
VI_CHARS = 1_000
BODY_CHARS = 4_000

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


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
        for word in word_tokenize(sentence):
            token = fold(word).text.replace(" ", "_")
            if any(char.isalpha() for char in token):
                found.append(token)
    return found


def characters(text: str) -> list[str]:
    """Overlapping pairs of characters; for languages that write no spaces (zh, ja, th, lo, km, my)."""
    found: list[str] = []
    for run in _WORD.findall(fold(text[:BODY_CHARS]).text):
        if run.isascii():
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(max(1, len(run) - 1)))
    return found


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """The offsets of each non-empty sentence: after . ! ? … and the CJK, Khmer and Burmese full stops, or at a line end."""
    start = 0
    for match in re.finditer(r"[.!?…]+[\"'”’)]*(?=\s)|[。！？។၊။]+|\n+", text):
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
