"""What people said of articles. Labels are only ever added; for each field the newest that nobody took back counts.

Labels given together (a verdict and the fields it comes with) share their time `made_at`: they are one act, undone
together, and `closed_at` of the flags that the act closed is that same time.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from classify.types import RELEVANCE, TONES, VALENCES, VOICES
from store.base import now
from store.content import ArticleRow
from store.errors import StoreError
from store.reviewing import FlagRow, LabelRow

VERDICTS = ("confirmed", "corrected", "not_relevant", "unclear")
MOST_TOPICS = 3
TONE_ASKED = ("central", "substantial")  # of other articles the tone toward Vietnam is not asked
VOICED = ("positive", "negative", "mixed")  # only praise and blame are in somebody's voice
CHOICES: dict[str, tuple[Any, ...]] = {
    "relevance": RELEVANCE,
    "tone": (*TONES, None),
    "verdict": VERDICTS,
    "valence": (*VALENCES, None),
    "voice": (*VOICES, None),
    "unsure": (True, None),
}


class LabelError(StoreError):
    """A label has a field or value that none can have."""


def write_labels(session: Session, article: ArticleRow, user_id: int, values: Mapping[str, Any]) -> list[LabelRow]:
    """Add one act: a label for each field of `values`. A verdict closes the article's open flags.

    Raises LabelError on an unknown field or value. Topics are ids, the primary first; whether the taxonomy has them is
    the caller's business. Tone is None when it is not asked. Valence, voice, evidence and unsure may be left
    out; None takes back what was said of them. Evidence is a place of this revision: `field` (title or text), `start`,
    `end`.
    """
    for field, value in values.items():
        _check(field, value)
    made_at = now()
    labels = [
        LabelRow(article_id=article.id, revision=article.revision, user_id=user_id, field=field, value=value,
                 made_at=made_at)
        for field, value in values.items()
    ]  # fmt: skip
    session.add_all(labels)
    if "verdict" in values:
        close = update(FlagRow).where(FlagRow.article_id == article.id, FlagRow.closed_at.is_(None))
        session.execute(close.values(closed_at=made_at))
    session.flush()
    return labels


def undo(session: Session, act: Iterable[LabelRow], user_id: int) -> None:
    """Take an act back: a label that undoes each of its labels, and the flags it closed are open again."""
    made_at = now()
    for label in act:
        session.add(
            LabelRow(article_id=label.article_id, revision=label.revision, user_id=user_id, field=label.field,
                     value=None, undoes_id=label.id, made_at=made_at)
        )  # fmt: skip
        if label.field == "verdict":
            closed = (FlagRow.article_id == label.article_id, FlagRow.closed_at == label.made_at)
            session.execute(update(FlagRow).where(*closed).values(closed_at=None))
    session.flush()


def last_act(session: Session, article_id: int, user_id: int) -> tuple[LabelRow, ...]:
    """The newest act of this user on this article that was not taken back; empty when there is none."""
    query = _standing().where(LabelRow.article_id == article_id, LabelRow.user_id == user_id)
    labels = session.scalars(query.order_by(LabelRow.id.desc())).all()
    return tuple(label for label in labels if label.made_at == labels[0].made_at)


def effective_labels(session: Session, article_ids: Collection[int]) -> dict[int, dict[str, LabelRow]]:
    """For each article with labels, the label that counts for each field."""
    found: dict[int, dict[str, LabelRow]] = {}
    query = _standing().where(LabelRow.article_id.in_(article_ids)).order_by(LabelRow.id)
    for label in session.scalars(query.options(joinedload(LabelRow.user))):
        found.setdefault(label.article_id, {})[label.field] = label
    return found


def label_history(session: Session, article_id: int) -> list[LabelRow]:
    """Everything ever said of an article, undos included, newest first."""
    query = select(LabelRow).where(LabelRow.article_id == article_id).order_by(LabelRow.id.desc())
    return list(session.scalars(query.options(joinedload(LabelRow.user))))


def _standing() -> Select[LabelRow]:
    undoing = aliased(LabelRow)
    undone = select(undoing.id).where(undoing.undoes_id == LabelRow.id).exists()
    return select(LabelRow).where(LabelRow.undoes_id.is_(None), ~undone)


def _check(field: str, value: Any) -> None:
    if field == "topics":
        good = isinstance(value, list) and len(value) <= MOST_TOPICS and len(set(value)) == len(value)
        if not good:
            raise LabelError(f"topics are a list of at most {MOST_TOPICS} different ids, not {value!r}")
    elif field == "evidence":
        if value is not None and not _is_place(value):
            raise LabelError(f"evidence is a field (title or text), a start and an end, not {value!r}")
    elif field not in CHOICES:
        raise LabelError(f"label field {field!r} is unknown; valid are topics, evidence, {', '.join(CHOICES)}")
    elif value not in CHOICES[field]:
        raise LabelError(f"{field} cannot be {value!r}; valid are {', '.join(map(str, CHOICES[field]))}")


def _is_place(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"field", "start", "end"}:
        return False
    start, end = value["start"], value["end"]
    return value["field"] in ("title", "text") and type(start) is type(end) is int and 0 <= start < end
