"""Vietnamese words as underthesea's `word_tokenize` tells them: by its tokens, its templates and its model.

What the templates find is put together here: the library spends two thirds of its time on that, and this takes half as
long. A test holds the words against the library's own.
"""

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

BEFORE, AFTER = "BOS", "EOS"  # what a feature tells of tokens before the first and after the last
REMEMBERED = 8_192  # tokens; Vietnamese has some 7,000 syllables
FUNCTIONS = ("", "lower", "is_in_dict", "istitle", "isdigit")  # of the tokens; the first: as they are
_TEMPLATE = re.compile(r"T\[(-?\d+)(?:,(-?\d+))?\](?:\.(\w+))?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,4000}")


def segment(sentence: str) -> list[str]:
    """The words of one sentence, in order; the syllables of a word are parted by a space."""
    from underthesea.pipeline.word_tokenize.regex_tokenize import tokenize

    tokens = tokenize(sentence)
    windows, tagger = _model()
    words: list[str] = []
    for token, tag in zip(tokens, tagger.tag(windows.features(tokens)), strict=True):
        if tag == "I-W" and words:
            words[-1] += " " + token
        else:
            words.append(token)
    return words


class Windows:
    """What the model looks at: one to three tokens in a row, up to two before and after each token.

    `templates` are those of the model: `T[-1,0].lower` is the token before and the token itself, in small letters.
    """

    def __init__(self, templates: Sequence[str], dictionary: frozenset[str]) -> None:
        self._dictionary = dictionary
        self._looks: dict[int, dict[int, list[tuple[str, int]]]] = {}
        for template in templates:
            first, last, function = _TEMPLATE.findall(template)[0]
            offset, length = int(first), int(last or first) - int(first) + 1
            looks = self._looks.setdefault(length, {}).setdefault(offset, [])
            looks.append((template + "=", FUNCTIONS.index(function or "")))
        self._single = functools.lru_cache(REMEMBERED)(functools.partial(self._told, 1))

    def features(self, tokens: Sequence[str]) -> list[list[str]]:
        """The features of each token."""
        rows: list[list[str]] = [[] for _ in tokens]
        for length, looks in self._looks.items():
            tell = self._single if length == 1 else functools.partial(self._told, length)
            told = [tell(" ".join(tokens[start : start + length])) for start in range(len(tokens) - length + 1)]
            for which, (offset, listed) in enumerate(looks.items()):
                before, after = ([name + edge for name, _ in listed] for edge in (BEFORE, AFTER))
                for at, row in enumerate(rows, offset):
                    row += before if at < 0 else told[at][which] if at < len(told) else after
        return rows

    def _told(self, length: int, tokens: str) -> list[list[str]]:
        """What `length` tokens in a row tell those that look at them, offset by offset."""
        small = tokens.lower()
        title = all(map(_is_title, tokens.split(" ")))
        values = tokens, small, str(small in self._dictionary), str(title), str(length == 1 and _is_number(tokens))
        return [[name + values[function] for name, function in listed] for listed in self._looks[length].values()]


def _is_title(word: str) -> bool:
    """As the library has it: whatever has no capital (a digit, a mark, Han) is one itself."""
    return word[:1].upper() == word[:1]


def _is_number(token: str) -> bool:
    """As the library has it: a whole number of 32 bits."""
    return _NUMBER.fullmatch(token) is not None and -(2**31) <= int(token) < 2**31


@functools.cache
def _model() -> tuple[Windows, Any]:
    import joblib
    import underthesea.pipeline.word_tokenize as library
    from underthesea_core import CRFTagger

    (folder,) = (Path(library.__file__).parent / "models").iterdir()
    tagger = CRFTagger()
    tagger.load(str(folder / "models.bin"))
    windows = Windows(joblib.load(folder / "features.bin"), frozenset(joblib.load(folder / "dictionary.bin")))
    return windows, tagger
