"""The word lists of each language: read from data/lexicons/<language>.yaml, compiled into a matcher when first used."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from classify.errors import LexiconError
from classify.taxonomy import read_yaml
from classify.text.abroad import abroad_terms
from classify.text.folding import Folded
from classify.text.matching import Hit, Matcher, build

VIETNAM = "vietnam"
WAR = "vietnam_war"
POSITIVE = "tone:positive"
NEGATIVE = "tone:negative"
TOPIC = "topic:"
ABROAD = "abroad"
# Whose list to read for a language that has none: a close relative's, else that of DEFAULT, in which at least the names
# (Hanoi, ASEAN, Mekong) are spelled the same in every Latin script. How such languages name Vietnam is in OTHER.
RELATIVES: dict[str, str] = {
    "ms": "id",
    "uk": "ru",
    "be": "ru",
    "bg": "ru",
    "kk": "ru",
    "mn": "ru",
    "sr": "ru",
    "mk": "ru",
}
DEFAULT = "en"
OTHER = "other"
# Each takes 2.5 MB once it is compiled, and any code may be asked for: the first of so many gives way.
MOST_BORROWED = 16


@dataclass(frozen=True)
class Lexicon:
    """The terms of one language: `listed` in its file by tag, and the names of the countries abroad.

    `lender` is the language whose list it is, where it is borrowed; its names serve where `language` has none.
    """

    language: str
    listed: Mapping[str, Sequence[str]] = field(repr=False)
    lender: str = ""

    @cached_property
    def matcher(self) -> Matcher:
        """What finds the terms. Built when first used: a run meets few of the languages, and all take a second."""
        abroad = abroad_terms(self.language) or abroad_terms(self.lender)
        return build({**self.listed, ABROAD: abroad}, self.language)

    def find(self, text: Folded) -> Iterator[Hit]:
        """Every term of the lexicon in `text`; tags are `vietnam`, `vietnam_war`, `topic:<id>`, `tone:<polarity>`."""
        return self.matcher.find(text)


@dataclass(frozen=True)
class Lexicons:
    """All lexicons, by language."""

    by_language: dict[str, Lexicon]
    other: Lexicon | None = None
    _borrowed: dict[str, Lexicon] = field(default_factory=dict, init=False, repr=False, compare=False)

    def get(self, language: str) -> Lexicon | None:
        """The lexicon that serves `language`: its own, or a relative's (the default one's) with the names in OTHER."""
        if language in self.by_language:
            return self.by_language[language]
        if language not in self._borrowed:
            lender = self.by_language.get(RELATIVES.get(language, DEFAULT)) or self.by_language.get(DEFAULT)
            if lender is None:
                return None
            named = self.other.listed.get(VIETNAM, ()) if self.other else ()
            while len(self._borrowed) >= MOST_BORROWED:
                del self._borrowed[next(iter(self._borrowed))]
            listed = {**lender.listed, VIETNAM: [*lender.listed.get(VIETNAM, ()), *named]}
            self._borrowed[language] = Lexicon(language, listed, lender.language)
        return self._borrowed[language]

    def serves(self, language: str) -> bool:
        """Whether `language` has a list of its own."""
        return language in self.by_language


def load_lexicons(data_dir: Path, topics: frozenset[str]) -> Lexicons:
    """Every lexicon under `data_dir`/lexicons: read and checked now, compiled when first used.

    Raises LexiconError when a file cannot be read, a section is not a list of words, or a topic is not in `topics`.
    """
    paths = sorted((data_dir / "lexicons").glob("*.yaml"))
    found = {path.stem: Lexicon(path.stem, lexicon_terms(path, topics)) for path in paths}
    return Lexicons(other=found.pop(OTHER, None), by_language=found)


def lexicon_terms(path: Path, topics: frozenset[str]) -> dict[str, list[str]]:
    """The terms of one lexicon file by tag."""
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise LexiconError(f"{path}: expected a mapping with `vietnam`, `topics`, `tone`, got {type(content).__name__}")
    unknown = set(content.get("topics") or {}) - topics
    if unknown:
        raise LexiconError(f"{path}: unknown topics {sorted(unknown)}; the taxonomy has {sorted(topics)}")
    sections: dict[str, Any] = {VIETNAM: content.get("vietnam"), WAR: content.get("vietnam_war")}
    sections |= {TOPIC + key: value for key, value in (content.get("topics") or {}).items()}
    sections |= {f"tone:{key}": value for key, value in (content.get("tone") or {}).items()}
    return {tag: _listed(path, tag, value) for tag, value in sections.items() if value}


def _listed(path: Path, tag: str, value: Any) -> list[str]:
    # YAML reads a bare `no` or `2045` as something else; a term is its text all the same, but a mapping is a slip.
    if not isinstance(value, list) or any(isinstance(term, dict | list) or term is None for term in value):
        raise LexiconError(f"{path}: `{tag}` must be a list of words, got {value!r:.80}")
    return [str(term) for term in value]
