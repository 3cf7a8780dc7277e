"""One story: its articles by time, where it began, and putting it together with others."""

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from review.desk import CheckedForm, Desk, Member, TheDesk, TheVisitor, Visitor, go_to
from review.errors import Refused
from review.routes.article import LARGEST_ID
from review.routes.queue import Wanted, fields_of, query_of
from store.arranging import StoryError, merge_stories, take_back
from store.desk import QueueFilter
from store.nearby import find as find_candidates
from store.nearby import nearby
from store.stories import merged_into
from store.storydesk import read_act, read_story
from store.tables import StoryDecisionRow

router = APIRouter()
StoryId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Find = Annotated[str, Query(max_length=500)]
Change = Callable[[Session], StoryDecisionRow]
PAGE_SIZE = 100
MISSING = ("no_story", "no_article")
OUTDATED = ("emptied", "changed", "taken_back")  # somebody was faster
CONFLICT, INVALID = 409, 422


@router.get("/stories/{story_id}")
def story_page(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    member: Member,
    wanted: Wanted,
    story_id: StoryId,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    find: Find = "",
    act: Annotated[int, Query(ge=0, le=LARGEST_ID)] = 0,
) -> Response:
    """The story; `act` names the change that was just made. An emptied story leads on to where its articles went."""
    return show_story(request, desk, visitor, wanted, story_id, page=page, find=find.strip(), act=act)


@router.post("/stories/{story_id}/merge")
def merge(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    member: Member,
    form: CheckedForm,
    wanted: Wanted,
    story_id: StoryId,
) -> Response:
    """Put all articles of another story into this one."""
    other = chosen(form, "other")
    return _change(
        request, desk, visitor, wanted, story_id, lambda session: merge_stories(session, story_id, other, member.id)
    )


@router.post("/stories/{story_id}/undo")
def undo_change(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    member: Member,
    form: CheckedForm,
    wanted: Wanted,
    story_id: StoryId,
) -> Response:
    """Put back what a change moved, whoever made it."""
    decision = chosen(form, "decision")
    return _change(request, desk, visitor, wanted, story_id, lambda session: take_back(session, decision, member.id))


def _change(
    request: Request,
    desk: Desk,
    visitor: Visitor,
    wanted: QueueFilter,
    story_id: int,
    change: Change,
) -> Response:
    """Make a change and lead to the story; where it cannot be made, the story's page says why."""
    try:
        with desk.database.writing() as session:
            made = change(session).id
    except StoryError as error:
        return show_story(request, desk, visitor, wanted, story_id, status=status_of(error), problem=error.key)
    return go_to(story_path(story_id, wanted, made))


def show_story(
    request: Request,
    desk: Desk,
    visitor: Visitor,
    wanted: QueueFilter,
    story_id: int,
    *,
    status: int = 200,
    page: int = 1,
    find: str = "",
    act: int = 0,
    problem: str | None = None,
) -> Response:
    """The page of a story; `problem` (a StoryError's key) says why a change was not made."""
    with desk.database.reading() as session:
        view = read_story(session, story_id, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        if view is None:
            following = merged_into(session, story_id)
            if problem or following == story_id:
                raise Refused(*((status, f"story.{problem}") if problem else (404, "story.no_story")))
            return go_to(story_path(following, wanted, act))
        rows = [member.article for member in view.members] or [view.earliest]
        candidates = find_candidates(session, find, rows) if find else nearby(session, rows)
        done = read_act(session, act, story_id)
    return desk.page(
        visitor,
        "story.html",
        status,
        request,
        view=view,
        candidates=candidates,
        find=find,
        done=done,
        problem=problem,
        page=page,
        pages=max(1, -(-view.brief.articles // PAGE_SIZE)),
        query=query_of(wanted),
        fields=fields_of(wanted),
        query_of=lambda number: query_of(wanted, page=number),
    )


def story_path(story_id: int, wanted: QueueFilter, act: int = 0) -> str:
    """The address of a story, with the change that was just made."""
    return f"/stories/{story_id}{query_of(wanted, act=act)}"


def chosen(form: dict[str, str], name: str) -> int:
    """The number in a field of a form; raises Refused when it is none."""
    value = form.get(name, "")
    if not re.fullmatch(r"[0-9]{1,10}", value) or not 1 <= int(value) <= LARGEST_ID:
        raise Refused(INVALID, "bad_request")
    return int(value)


def status_of(error: StoryError) -> int:
    """The status of the answer; raises Refused when what was named is not there at all."""
    if error.key in MISSING:
        raise Refused(404, f"story.{error.key}")
    return CONFLICT if error.key in OUTDATED else INVALID
