"""Logging in and out, and the language of the desk."""

import secrets
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from review.desk import LANGUAGE, SESSION, VISIT, CheckedForm, Desk, TheDesk, TheVisitor, Visitor, go_to, set_cookie
from review.security import safe_path
from review.words import known_language
from store.accounts import LOGIN_HOURS, begin_login, check_password, clean_name, end_login, record, set_language

router = APIRouter()
VISIT_SECONDS = 24 * 3600
LANGUAGE_SECONDS = 365 * 24 * 3600


def login_path(path: str) -> str:
    """The login page that leads back to `path`."""
    return f"/login?next={quote(path, safe='')}"


@router.get("/login")
def login_page(
    request: Request, desk: TheDesk, visitor: TheVisitor, after: Annotated[str, Query(alias="next")] = ""
) -> Response:
    """The login page; who is logged in already goes on."""
    if visitor.user:
        return go_to(safe_path(after))
    return _page(request, desk, visitor, safe_path(after))


@router.post("/login")
def log_in(request: Request, desk: TheDesk, visitor: TheVisitor, form: CheckedForm) -> Response:
    """Check name and password, and open a session with a token of its own."""
    name, after = clean_name(form.get("name", ""))[:200], safe_path(form.get("next"))
    wait = desk.throttle.wait(name)
    if wait:
        return _page(request, desk, visitor, after, 429, name=name, wait=wait)
    with desk.database.writing() as session:
        user = check_password(session, name, form.get("password", ""))
        if user is None:
            record(session, None, "login_failed", name=name)
        token = begin_login(session, user) if user else ""
    if user is None:
        desk.throttle.failed(name)
        return _page(request, desk, visitor, after, 401, name=name, wait=desk.throttle.wait(name))
    desk.throttle.succeeded(name)
    response = go_to(after)
    set_cookie(request, response, SESSION, token, LOGIN_HOURS * 3600)
    response.delete_cookie(VISIT)
    return response


@router.post("/logout")
def log_out(request: Request, desk: TheDesk, form: CheckedForm) -> Response:
    """Close the session, here and in the database."""
    with desk.database.writing() as session:
        end_login(session, request.cookies.get(SESSION, ""))
    response = go_to("/login")
    response.delete_cookie(SESSION)
    return response


@router.post("/language")
def switch_language(request: Request, desk: TheDesk, visitor: TheVisitor, form: CheckedForm) -> Response:
    """Change the language, for this user or, before login, for this browser."""
    language = known_language(form.get("language"))
    if visitor.user:
        with desk.database.writing() as session:
            set_language(session, visitor.user.id, language)
    response = go_to(safe_path(form.get("next")))
    set_cookie(request, response, LANGUAGE, language, LANGUAGE_SECONDS)
    return response


def _page(
    request: Request, desk: Desk, visitor: Visitor, after: str, status: int = 200, name: str = "", wait: int = 0
) -> Response:
    new = Visitor(None, visitor.language, visitor.seed or secrets.token_urlsafe(24))
    response = desk.page(new, "login.html", status, request, after=after, name=name, wait=wait, failed=status == 401)
    set_cookie(request, response, VISIT, new.seed, VISIT_SECONDS)
    if wait:
        response.headers["retry-after"] = str(wait)
    return response
