"""One article: its text with the evidence in place, why it waits, and the panel to label it."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from classify.types import RELEVANCE, TONES, VALENCES, VOICES
from review.decision import TOPIC_FIELDS, machine_labels, seen_state
from review.desk import Desk, Member, TheDesk, TheVisitor, Visitor
from review.errors import Refused
from review.further import MOST_EVIDENCE, chosen_further, words_at
from review.marks import mark_text, read_evidence, sentences_of, words_of
from review.notice import read_notice
from review.routes.queue import Wanted, query_of
from store.desk import ArticleView, QueueFilter, neighbours, read_article
from store.labels import TONE_ASKED, VOICED, last_act
from store.tables import LabelRow

router = APIRouter()
LARGEST_ID = 2**31 - 1  # PostgreSQL refuses more
TASKS = ("relevance", "tone", "voice", "valence")  # in the order in which confidences are shown
MOST_SCORES = 5  # topics shown with their confidence; those that follow say next to nothing
ArticleId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


@router.get("/articles/{article_id}")
def article_page(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    member: Member,
    wanted: Wanted,
    article_id: ArticleId,
    done: Annotated[int, Query(ge=0, le=LARGEST_ID)] = 0,
    undone: Annotated[int, Query(ge=0, le=1)] = 0,
) -> Response:
    """The article; `done` names the one before it, whose verdict was just written."""
    return show_article(request, desk, visitor, wanted, article_id, done=done, message="undone" if undone else None)


def show_article(
    request: Request,
    desk: Desk,
    visitor: Visitor,
    wanted: QueueFilter,
    article_id: int,
    *,
    status: int = 200,
    done: int = 0,
    message: str | None = None,
    problem: str | None = None,
    entered: Mapping[str, str] | None = None,
) -> Response:
    """The page of an article; with a `problem`, what was `entered` stays in the form."""
    user_id = visitor.user.id if visitor.user else 0
    with desk.database.reading() as session:
        view = read_article(session, article_id)
        before, after = neighbours(session, wanted, article_id)
        own = last_act(session, article_id, user_id)
        notice = read_notice(session, done, user_id)
    if view is None:
        raise Refused(404, "not_found")
    return desk.page(
        visitor,
        "article.html",
        status,
        request,
        view=view,
        before=before,
        after=after,
        own=own,
        notice=notice,
        message=message,
        problem=problem,
        query=query_of(wanted),
        seen=seen_state(view),
        chosen=_chosen(view, entered),
        entered=entered is not None and "relevance" in entered,
        machine=machine_labels(view.prediction),
        relevances=RELEVANCE,
        tones=TONES,
        tone_asked=TONE_ASKED,
        further=chosen_further(view, entered),
        valences=VALENCES,
        voices=VOICES,
        voiced=VOICED,
        most_evidence=MOST_EVIDENCE,
        words_at=words_at,
        acts=_acts(view),
        scores=_scores(view),
        **_evidence(view),
    )


def _evidence(view: ArticleView) -> dict[str, Any]:
    """The marks and the marked text; evidence on an earlier revision would point at the wrong words."""
    article, prediction = view.article, view.prediction
    fits = prediction is not None and prediction.revision == article.revision
    evidence = prediction.evidence if prediction and fits else ()
    marks = read_evidence(article.title, article.lead, article.body, evidence)
    text = mark_text(article.title, article.lead, article.body, marks)
    stale = prediction is not None and not fits
    return {"words": words_of(marks), "sentences": sentences_of(marks), "text": text, "stale": stale}


def _scores(view: ArticleView) -> list[tuple[str, Any]]:
    """The machine's confidences: in the questions, then in the likeliest topics."""
    found = list(view.prediction.scores.items()) if view.prediction else []
    topics = [pair for pair in found if pair[0].startswith("topic:")]
    ranked = sorted(topics, key=lambda pair: -pair[1] if isinstance(pair[1], int | float) else 0)
    order = {task: place for place, task in enumerate(TASKS)}
    asked = sorted((pair for pair in found if pair not in topics), key=lambda pair: order.get(pair[0], len(order)))
    return asked + ranked[:MOST_SCORES]


def _chosen(view: ArticleView, entered: Mapping[str, str] | None) -> dict[str, Any]:
    """What the form shows: what was just entered, else the labels in force, else what the machine says."""
    if entered is not None and "relevance" in entered:
        topics = [entered.get(name, "") for name in TOPIC_FIELDS]
        return {"relevance": entered["relevance"], "topics": topics, "tone": entered.get("tone")}
    chosen = {"relevance": None, "topics": [], "tone": None} | machine_labels(view.prediction)
    return chosen | {name: label.value for name, label in view.labels.items() if name in chosen}


def _acts(view: ArticleView) -> list[list[LabelRow]]:
    """The label history, one list an act, newest first."""
    acts: dict[tuple[Any, ...], list[LabelRow]] = {}
    for label in view.history:
        acts.setdefault((label.user_id, label.made_at, label.undoes_id is None), []).insert(0, label)
    return list(acts.values())
