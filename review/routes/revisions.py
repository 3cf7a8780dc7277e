"""What an outlet changed in an article: one edit at a time, the newest first."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from review.desk import Member, TheDesk, TheVisitor
from review.errors import Refused
from review.revisions import changes_of, edits_of, parts_of
from review.routes.article import LARGEST_ID, ArticleId
from review.routes.queue import Wanted, query_of
from store.desk import read_article

router = APIRouter()


@router.get("/articles/{article_id}/revisions")
def revisions_page(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    member: Member,
    wanted: Wanted,
    article_id: ArticleId,
    version: Annotated[int, Query(ge=0, le=LARGEST_ID)] = 0,
) -> Response:
    """The edit that made `version`, or the newest one."""
    with desk.database.reading() as session:
        view = read_article(session, article_id)
    if view is None:
        raise Refused(404, "not_found")
    edits = edits_of(view)
    chosen = next((edit for edit in edits if version in (0, edit.after)), None)
    if version and chosen is None:
        raise Refused(404, "not_found")
    shown: dict[str, Any] = {"changes": None, "parts": []}
    if chosen is not None:
        changes = changes_of(view, chosen)
        shown = {"changes": changes, "parts": parts_of(changes)}
    return desk.page(
        visitor,
        "revisions.html",
        request=request,
        article=view.article,
        edits=edits,
        chosen=chosen,
        query=query_of(wanted),
        query_of=lambda number: query_of(wanted, version=number),
        **shown,
    )
