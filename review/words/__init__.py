"""Every word the desk says, in Vietnamese and English, a module for each room of it.

A test holds that both languages are there and take the same values.
"""

from review.words import article, desk, labels, queue, stories
from review.words.types import LANGUAGES, Language, Words

__all__ = ["LANGUAGES", "WORDS", "Language", "known_language", "say"]

WORDS: Words = {**desk.WORDS, **queue.WORDS, **article.WORDS, **labels.WORDS, **stories.WORDS}


def say(language: Language, key: str, /, **values: object) -> str:
    """The word of that key; `values` fill its braces."""
    return WORDS[key][language].format(**values) if values else WORDS[key][language]


def known_language(value: str | None) -> Language:
    """The language asked for, or Vietnamese."""
    return "en" if value == "en" else "vi"
