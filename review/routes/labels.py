"""Labelling: a verdict with its labels, and taking it back."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from review.decision import decide
from review.desk import CheckedForm, Member, TheDesk, TheVisitor, go_to
from review.errors import Refused
from review.routes.article import ArticleId, show_article
from review.routes.queue import Wanted, query_of
from store.desk import neighbours, read_article
from store.labels import last_act, undo, write_labels

router = APIRouter()
CONFLICT, INVALID = 409, 422


@router.post("/articles/{article_id}/labels")
def label(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    member: Member,
    form: CheckedForm,
    wanted: Wanted,
    article_id: ArticleId,
) -> Response:
    """Write a verdict and go on to the next flagged article; without a next one, to the queue."""
    with desk.database.writing() as session:
        view = read_article(session, article_id, lock=True)
        if view is None:
            raise Refused(404, "not_found")
        decision = decide(form, view, desk.topics)
        if decision.problem is None:
            _, after = neighbours(session, wanted, article_id)
            write_labels(session, view.article, member.id, decision.labels)
    if decision.problem:
        changed = decision.problem == "changed"
        return show_article(
            request,
            desk,
            visitor,
            wanted,
            article_id,
            status=CONFLICT if changed else INVALID,
            problem=decision.problem,
            entered=None if changed else form,
        )
    place = f"/articles/{after}" if after else "/queue"
    return go_to(place + query_of(wanted, done=article_id))


@router.post("/articles/{article_id}/undo")
def take_back(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    member: Member,
    form: CheckedForm,
    wanted: Wanted,
    article_id: ArticleId,
) -> Response:
    """Take back this user's last act on this article, and show the article again."""
    with desk.database.writing() as session:
        if read_article(session, article_id, lock=True) is None:
            raise Refused(404, "not_found")
        act = last_act(session, article_id, member.id)
        undo(session, act, member.id)
    if not act:
        return show_article(request, desk, visitor, wanted, article_id, status=CONFLICT, problem="nothing_to_undo")
    return go_to(f"/articles/{article_id}{query_of(wanted, undone=1)}")
