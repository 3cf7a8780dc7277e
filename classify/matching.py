"""Finding thousands of terms in one pass over a text, with the offsets of each find in the original."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from classify.folding import Folded, fold_term

_WORD = re.compile(r"\w+(?:\u0301\w*)*")
# Languages that put no spaces between words: their terms are looked for anywhere in a run of text.
UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my"})


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
    return SubstringMatcher(table) if language in UNSPACED else WordMatcher(table)


class WordMatcher:
    """Terms of whole words, looked up by their first word; the cost hardly grows with the number of terms."""

    def __init__(self, terms: Mapping[str, tuple[str, ...]]) -> None:
        self._exact: dict[str, list[_Pattern]] = {}
        self._prefix: dict[str, list[_Pattern]] = {}
        for term, tags in terms.items():
            pattern = _pattern(term, tags)
            if pattern is None:
                continue
            first, open_ended = pattern.words[0]
            (self._prefix if open_ended else self._exact).setdefault(first, []).append(pattern)
        for patterns in (*self._exact.values(), *self._prefix.values()):
            patterns.sort(key=lambda pattern: -len(pattern.words))
        self._lengths = tuple(sorted({len(first) for first in self._prefix}, reverse=True))

    def find(self, text: Folded) -> Iterator[Hit]:
        """Every hit in order of place."""
        words = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text.text)]
        for at, (word, start, _) in enumerate(words):
            seen: set[str] = set()
            for pattern in self._candidates(word):
                if seen.issuperset(pattern.tags) or not pattern.fits(words, at):
                    continue
                end = words[at + len(pattern.words) - 1][2]
                yield Hit(*text.span(start, end), pattern.term, tuple(tag for tag in pattern.tags if tag not in seen))
                seen.update(pattern.tags)

    def _candidates(self, word: str) -> Iterator["_Pattern"]:
        yield from self._exact.get(word, ())
        for length in self._lengths:
            if length <= len(word):
                yield from self._prefix.get(word[:length], ())


@dataclass(frozen=True)
class _Pattern:
    term: str
    words: tuple[tuple[str, bool], ...]
    tags: tuple[str, ...]

    def fits(self, words: list[tuple[str, int, int]], at: int) -> bool:
        if at + len(self.words) > len(words):
            return False
        # Words further apart than one mark and one space ("trade. Deal") do not make a term.
        for step, (wanted, open_ended) in enumerate(self.words):
            word, start, _ = words[at + step]
            if not (word.startswith(wanted) if open_ended else word == wanted):
                return False
            if step and start - words[at + step - 1][2] > 2:
                return False
        return True


def _pattern(term: str, tags: tuple[str, ...]) -> _Pattern | None:
    words = []
    for match in _WORD.finditer(term):
        words.append((match.group(), term[match.end() : match.end() + 1] == "*"))
    return _Pattern(term, tuple(words), tags) if words else None


class SubstringMatcher:
    """Terms looked for at every character, by their first two; ASCII terms still need word boundaries."""

    def __init__(self, terms: Mapping[str, tuple[str, ...]]) -> None:
        self._index: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for term, tags in terms.items():
            bare = term.replace("*", "")
            if bare:
                self._index.setdefault(bare[:2], []).append((bare, tags))
        for listed in self._index.values():
            listed.sort(key=lambda entry: -len(entry[0]))

    def find(self, text: Folded) -> Iterator[Hit]:
        """Every hit in order of place; a hit of a tag hides shorter ones of that tag inside it."""
        body = text.text
        until: dict[str, int] = {}
        for at in range(len(body)):
            for key in (body[at : at + 2], body[at]):
                for term, tags in self._index.get(key, ()):
                    end = at + len(term)
                    fresh = tuple(tag for tag in tags if until.get(tag, 0) < end)
                    if not fresh or not body.startswith(term, at) or not _stands_alone(body, term, at, end):
                        continue
                    until.update(dict.fromkeys(fresh, end))
                    yield Hit(*text.span(at, end), term, fresh)
                if len(key) < 2:
                    break


def _stands_alone(body: str, term: str, start: int, end: int) -> bool:
    if not term.isascii():
        return True
    before = start > 0 and body[start - 1].isascii() and body[start - 1].isalnum()
    after = end < len(body) and body[end].isascii() and body[end].isalnum()
    return not (before or after)
