"""What stands in the frozen test is never learned from: not under another id, not as a copy, not lightly edited."""

from collections import defaultdict
from collections.abc import Iterable
from functools import partial

from classify.copies import Marks, letters, likeness, marks, shared_words
from classify.learning.corpora import Example
from classify.types import Document


class FrozenTest:
    """The texts of the frozen test, to be asked whether they hold a copy of another text."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self._exact: set[str] = set()
        self._found: list[tuple[Marks, str]] = []
        self._bands: dict[int, list[int]] = defaultdict(list)
        for one in examples:
            if not one.held_out:
                continue
            text = _joined(one.document)
            self._exact.add(letters(text))
            if found := marks(text):
                for band in found.bands:
                    self._bands[band].append(len(self._found))
                self._found.append((found, text))

    def holds(self, document: Document) -> bool:
        """Whether the test has this text, or one that copies it, or that it copies."""
        text = _joined(document)
        if letters(text) in self._exact:
            return True
        asked = marks(text)
        if asked is None:
            return False
        for at in sorted({at for band in asked.bands for at in self._bands.get(band, ())}):
            found, other = self._found[at]
            if likeness(asked, found).copy(partial(shared_words, text, other)):
                return True
        return False


def _joined(document: Document) -> str:
    return f"{document.title}\n{document.text}"
