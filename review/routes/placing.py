"""The story of one article: moving it to another, beginning one with another article, taking it out."""

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from review.desk import CheckedForm, Desk, Member, TheDesk, TheVisitor, Visitor, go_to
from review.errors import Refused
from review.routes.article import ArticleId
from review.routes.queue import Wanted, fields_of, query_of
from review.routes.stories import Change, Find, chosen, status_of, story_path
from store.arranging import StoryError, join_articles, move_article, split_article
from store.desk import QueueFilter, read_article
from store.nearby import find as find_candidates
from store.nearby import nearby
from store.tables import ArticleRow, StoryDecisionRow

router = APIRouter()


@router.get("/articles/{article_id}/story")
def placing_page(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    member: Member,
    wanted: Wanted,
    article_id: ArticleId,
    find: Find = "",
) -> Response:
    """Where the article is, and where it might go."""
    return _show(request, desk, visitor, wanted, article_id, find=find.strip())


@router.post("/articles/{article_id}/story")
def place(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    member: Member,
    form: CheckedForm,
    wanted: Wanted,
    article_id: ArticleId,
) -> Response:
    """Put the article into a story (`into`), or into that of another article (`beside`), which may begin one."""
    beside = "beside" in form
    target = chosen(form, "beside" if beside else "into")

    def change(session: Session) -> StoryDecisionRow:
        return (join_articles if beside else move_article)(session, article_id, target, member.id)

    return _change(request, desk, visitor, wanted, article_id, form, change)


@router.post("/articles/{article_id}/split")
def split(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    member: Member,
    form: CheckedForm,
    wanted: Wanted,
    article_id: ArticleId,
) -> Response:
    """Take the article out into a story of its own; the page is that of the story it leaves."""

    def change(session: Session) -> StoryDecisionRow:
        return split_article(session, article_id, member.id)

    return _change(request, desk, visitor, wanted, article_id, form, change, stay=True)


def _change(
    request: Request,
    desk: Desk,
    visitor: Visitor,
    wanted: QueueFilter,
    article_id: int,
    form: dict[str, str],
    change: Change,
    *,
    stay: bool = False,
) -> Response:
    try:
        with desk.database.writing() as session:
            _unmoved(session, article_id, form)
            made = change(session)
    except StoryError as error:
        status = status_of(error)
        return _show(request, desk, visitor, wanted, article_id, status=status, problem=error.key)
    there = made.from_id if stay and made.from_id else made.story_id
    return go_to(story_path(there, wanted, made.id))


def _unmoved(session: Session, article_id: int, form: dict[str, str]) -> None:
    """Raises StoryError when the article is not in the story that the form showed."""
    row = session.get(ArticleRow, article_id, with_for_update=True)
    if row is not None and str(row.story_id or 0) != form.get("seen"):
        raise StoryError("changed", f"article {article_id} is in story {row.story_id} now")


def _show(
    request: Request,
    desk: Desk,
    visitor: Visitor,
    wanted: QueueFilter,
    article_id: int,
    *,
    status: int = 200,
    find: str = "",
    problem: str | None = None,
) -> Response:
    with desk.database.reading() as session:
        view = read_article(session, article_id)
        if view is None:
            raise Refused(404, "story.no_article")
        rows = [view.article]
        candidates = find_candidates(session, find, rows) if find else nearby(session, rows)
    return desk.page(
        visitor,
        "placing.html",
        status,
        request,
        view=view,
        candidates=candidates,
        find=find,
        problem=problem,
        query=query_of(wanted),
        fields=fields_of(wanted),
    )
