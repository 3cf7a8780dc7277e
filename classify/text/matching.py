"""Finding thousands of terms in one pass over a text, with the offsets of each find in the original."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from classify.text.folding import Folded, fold_term

_WORD = re.compile(r"\w+(?:\u0301\w*)*")
_WORDS = re.compile(f"({_WORD.pattern})")
# Languages that put no spaces between words: their terms are looked for anywhere in a run of text.
UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my"})
# By how many characters their terms are indexed: two Han tell as much as four letters of an alphabet.
KEY = {"zh": 2, "ja": 2}


@dataclass(frozen=True)
class Hit:
    """A term found: original offsets `start` to `end` (exclusive), the folded `term`, and every tag that lists it."""

    start: int
    end: int
    term: str
    tags: tuple[str, ...]


class Matcher(Protocol):
    """What finds terms; one is built per language."""

    def find(self, text: Folded) -> Iterator[Hit]:
        """Every hit in order of place; of terms that start at one place, the longest for each tag."""
        ...


def build(terms: Mapping[str, Iterable[str]], language: str) -> Matcher:
    """A matcher of `terms` (tag -> terms); a trailing `*` on a word matches any ending of it."""
    tags: dict[str, set[str]] = {}
    for tag, listed in terms.items():
        for term in listed:
            folded = fold_term(term)
            if folded.strip("* "):
                tags.setdefault(folded, set()).add(tag)
    table = {term: tuple(sorted(found)) for term, found in tags.items()}
    if language in UNSPACED:
        return SubstringMatcher(table, KEY.get(language, 4))
    return WordMatcher(table)


class WordMatcher:
    """Terms of whole words, looked up by their first word; the cost hardly grows with the number of terms."""

    def __init__(self, terms: Mapping[str, tuple[str, ...]]) -> None:
        self._exact: dict[str, list[_Pattern]] = {}
        self._pairs: dict[str, dict[str, list[_Pattern]]] = {}
        self._prefix: dict[str, list[_Pattern]] = {}
        for term, tags in terms.items():
            pattern = _pattern(term, tags)
            if pattern is None:
                continue
            first, open_ended = pattern.words[0]
            if open_ended:
                self._prefix.setdefault(first, []).append(pattern)
            elif len(pattern.words) > 1 and not pattern.words[1][1]:
                # Vietnamese terms share few first syllables: by two, a place has hardly ever more than one candidate.
                self._pairs.setdefault(first, {}).setdefault(pattern.words[1][0], []).append(pattern)
            else:
                self._exact.setdefault(first, []).append(pattern)
        for seconds in self._pairs.values():
            for patterns in seconds.values():
                patterns.sort(key=lambda pattern: -len(pattern.words))
        self._lengths = tuple(sorted({len(first) for first in self._prefix}, reverse=True))
        # News repeats its words: most are looked up once and remembered.
        self._candidates = functools.lru_cache(maxsize=30_000)(self._look_up)

    def find(self, text: Folded) -> Iterator[Hit]:
        """Every hit in order of place."""
        # Words and what stands between them, in turn: a match object a word would take twice the time.
        parts = _WORDS.split(text.text)
        ends = list(accumulate(map(len, parts)))
        words = list(zip(parts[1::2], ends[::2], ends[1::2], strict=False))
        following = [*parts[3::2], ""]
        for at, (word, second) in enumerate(zip(parts[1::2], following, strict=False)):
            pairs, singles = self._candidates(word)
            longer = pairs.get(second) if pairs else None
            if longer or singles:
                yield from _hits(text, words, at, (*longer, *singles) if longer else singles)

    def _look_up(self, word: str) -> tuple[Mapping[str, list["_Pattern"]], tuple["_Pattern", ...]]:
        """The terms that begin with `word`: by their second word where that one is told, and the others."""
        found = list(self._exact.get(word, ()))
        for length in self._lengths:
            if length <= len(word):
                found += self._prefix.get(word[:length], ())
        return self._pairs.get(word, {}), tuple(sorted(found, key=lambda pattern: -len(pattern.words)))


def _hits(text: Folded, words: list[tuple[str, int, int]], at: int, patterns: Iterable["_Pattern"]) -> Iterator[Hit]:
    """Of `patterns`, the longest first, those that stand at one word: each with the tags that no longer one has."""
    seen: set[str] = set()
    for pattern in patterns:
        if seen.issuperset(pattern.tags) or not pattern.fits(words, at):
            continue
        end = words[at + len(pattern.words) - 1][2]
        tags = tuple(tag for tag in pattern.tags if tag not in seen) if seen else pattern.tags
        yield Hit(*text.span(words[at][1], end), pattern.term, tags)
        seen.update(pattern.tags)


@dataclass(frozen=True)
class _Pattern:
    term: str
    words: tuple[tuple[str, bool], ...]
    tags: tuple[str, ...]

    def fits(self, words: list[tuple[str, int, int]], at: int) -> bool:
        """Whether the words after the first, by which it was looked up, stand there, too."""
        if at + len(self.words) > len(words):
            return False
        # Words further apart than one mark and one space ("trade. Deal") do not make a term.
        for step in range(1, len(self.words)):
            wanted, open_ended = self.words[step]
            word, start, _ = words[at + step]
            if not (word.startswith(wanted) if open_ended else word == wanted):
                return False
            if start - words[at + step - 1][2] > 2:
                return False
        return True


def _pattern(term: str, tags: tuple[str, ...]) -> _Pattern | None:
    words = tuple((match.group(), term[match.end() : match.end() + 1] == "*") for match in _WORD.finditer(term))
    return _Pattern(term, words, tags) if words else None


class SubstringMatcher:
    """Terms looked for at every character, by how they begin; ASCII terms still need word boundaries."""

    def __init__(self, terms: Mapping[str, tuple[str, ...]], key: int) -> None:
        self._index: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for term, tags in terms.items():
            bare = term.replace("*", "")
            if bare:
                self._index.setdefault(bare[:key], []).append((bare, tags))
        for listed in self._index.values():
            listed.sort(key=lambda entry: -len(entry[0]))
        self._lengths = sorted({len(begin) for begin in self._index}, reverse=True)

    def find(self, text: Folded) -> Iterator[Hit]:
        """Every hit in order of place; a hit of a tag hides shorter ones of that tag inside it."""
        body = text.text
        until: dict[str, int] = {}
        for at, listed in self._starts(body):
            for term, tags in listed:
                if not body.startswith(term, at):
                    continue
                end = at + len(term)
                fresh = tuple(tag for tag in tags if until.get(tag, 0) < end)
                if fresh and _stands_alone(body, term, at, end):
                    until.update(dict.fromkeys(fresh, end))
                    yield Hit(*text.span(at, end), term, fresh)

    def _starts(self, body: str) -> list[tuple[int, list[tuple[str, tuple[str, ...]]]]]:
        """Where a term may start, with the candidates: the longer beginnings first at one place."""
        index, found = self._index, []
        for rank, length in enumerate(self._lengths):
            found += [(at, rank) for at in range(len(body) - length + 1) if body[at : at + length] in index]
        return [(at, index[body[at : at + self._lengths[rank]]]) for at, rank in sorted(found)]


def _stands_alone(body: str, term: str, start: int, end: int) -> bool:
    if not term.isascii():
        return True
    before = start > 0 and body[start - 1].isascii() and body[start - 1].isalnum()
    after = end < len(body) and body[end].isascii() and body[end].isalnum()
    return not (before or after)
