"""The edits of an article, each as lines to read: what did not change is folded away, but for a line of context."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from store.changes import Changes, Line, Version, compare
from store.content import ArticleRow, RevisionRow
from store.desk import ArticleView

CONTEXT = 1  # unchanged paragraphs shown beside a change
WORTH_FOLDING = 3  # a shorter run costs a reader less than a click


@dataclass(frozen=True)
class Edit:
    """From version `before` to version `after`; `by_outlet` is False when only our program read it differently."""

    before: int
    after: int
    noticed_at: datetime
    by_outlet: bool


@dataclass(frozen=True)
class Fold:
    """Lines of one part that are shown, or folded away when `hidden`."""

    lines: tuple[Line, ...]
    hidden: bool


@dataclass(frozen=True)
class Part:
    """The title, the lead or the body."""

    name: str
    folds: tuple[Fold, ...]


def edits_of(view: ArticleView) -> list[Edit]:
    """The edits, the newest first."""
    flagged = {flag.key for flag in view.flags if flag.rule == "revised"}
    return [Edit(row.number, row.number + 1, row.replaced_at, str(row.number + 1) in flagged) for row in view.revisions]


def changes_of(view: ArticleView, edit: Edit) -> Changes:
    """What an edit changed."""
    texts: dict[int, RevisionRow | ArticleRow] = {row.number: row for row in view.revisions}
    after = texts.get(edit.after, view.article)
    return compare(_version(texts[edit.before]), _version(after))


def parts_of(changes: Changes) -> list[Part]:
    """The parts that an article has, with long unchanged runs folded."""
    named = (("title", changes.title), ("lead", changes.lead), ("body", changes.body))
    return [Part(name, tuple(_folds(lines))) for name, lines in named if lines]


def _version(row: RevisionRow | ArticleRow) -> Version:
    return Version(row.title, row.lead, row.body)


def _folds(lines: Sequence[Line]) -> Iterable[Fold]:
    runs = [(same, tuple(run)) for same, run in groupby(lines, key=lambda line: line.kind == "same")]
    for place, (same, run) in enumerate(runs):
        start = CONTEXT if place > 0 else 0
        end = len(run) - (CONTEXT if place < len(runs) - 1 else 0)
        if not same or end - start < WORTH_FOLDING:
            yield Fold(run, hidden=False)
            continue
        folds = (Fold(run[:start], False), Fold(run[start:end], True), Fold(run[end:], False))
        yield from (fold for fold in folds if fold.lines)
