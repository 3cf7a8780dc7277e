"""The queue: which articles wait for a person, and why."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from review.desk import Member, TheDesk, TheVisitor, go_to
from review.notice import read_notice
from store.desk import QueueFilter, count_by, read_queue

router = APIRouter()
PAGE_SIZE = 40


def read_filter(
    rule: Annotated[str, Query(max_length=200)] = "",
    language: Annotated[str, Query(max_length=40)] = "",
    topic: Annotated[str, Query(max_length=40)] = "",
    order: Annotated[str, Query(max_length=40)] = "",
) -> QueueFilter:
    """The filter that the address names."""
    return QueueFilter(rule, language, topic, "flags" if order == "flags" else "newest")


Wanted = Annotated[QueueFilter, Depends(read_filter)]


def query_of(wanted: QueueFilter, **more: object) -> str:
    """The filter as the end of an address, `?rule=audit`, or nothing."""
    query = urlencode({**fields_of(wanted), **{name: value for name, value in more.items() if value}})
    return f"?{query}" if query else ""


def fields_of(wanted: QueueFilter) -> dict[str, str]:
    """The filter as the fields of a form: those that are set."""
    order = wanted.order if wanted.order != "newest" else ""
    named = {"rule": wanted.rule, "language": wanted.language, "topic": wanted.topic, "order": order}
    return {name: value for name, value in named.items() if value}


@router.get("/")
def front() -> Response:
    """The queue is the front page."""
    return go_to("/queue")


@router.get("/queue")
def queue_page(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    member: Member,
    wanted: Wanted,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    done: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """One page of the queue."""
    with desk.database.reading() as session:
        queue = read_queue(session, wanted, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        rules, languages = count_by(session, "rule"), count_by(session, "language")
        notice = read_notice(session, done, member.id)
    return desk.page(
        visitor,
        "queue.html",
        request=request,
        queue=queue,
        wanted=wanted,
        rules=rules,
        languages=languages,
        notice=notice,
        page=page,
        pages=max(1, -(-queue.total // PAGE_SIZE)),
        query=query_of(wanted),
        query_of=lambda number: query_of(wanted, page=number),
    )
