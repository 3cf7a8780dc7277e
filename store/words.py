"""Words as search sees them: marks and case folded away, đ = d, one token a character where words are not spaced.

FTS5's own `remove_diacritics` misses đ and stacked marks (ế, ộ), so text is folded here, once, for both databases.
"""

import re
import unicodedata

# Scripts without spaces between words: each character (with its marks) is a token, and a query's run of them a phrase.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
MARKS = (
    "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3"
    "\u3099\u309a"
)
TOKEN = re.compile(f"[{UNSPACED}][{MARKS}]*|(?:(?![{UNSPACED}])[^\\W_][{MARKS}]*)+")
STRIP = re.compile(f"[{MARKS}]")
PLAIN = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"})
CHUNK = re.compile(r'"([^"]*)"|(\S+)')


def exact_words(text: str) -> list[str]:
    """The tokens of `text`, NFC and casefolded, marks kept."""
    return TOKEN.findall(unicodedata.normalize("NFC", text).casefold())


def folded_words(text: str) -> list[str]:
    """The tokens of `text` with every mark folded away: `Đối ngoại` gives `doi`, `ngoai`."""
    return [folded for word in exact_words(text) if (folded := fold_word(word))]


def fold_word(word: str) -> str:
    """One casefolded token without its marks."""
    if word.isascii():
        return word
    return STRIP.sub("", unicodedata.normalize("NFD", word.translate(PLAIN))).translate(PLAIN)


def query_phrases(query: str) -> list[list[str]]:
    """A query as phrases of exact tokens: what is in quotes, and each other chunk, must occur together, in order."""
    chunks = (exact_words(quoted or chunk) for quoted, chunk in CHUNK.findall(query))
    phrases = [[word for word in chunk if fold_word(word)] for chunk in chunks]  # a stray mark is no word
    return [phrase for phrase in phrases if phrase]


def matches(query: str, folded: str) -> bool:
    """Whether every phrase of `query` occurs in `folded`, a text of folded tokens joined by spaces."""
    padded = f" {folded} "
    phrases = query_phrases(query)
    return bool(phrases) and all(f" {' '.join(map(fold_word, phrase))} " in padded for phrase in phrases)
