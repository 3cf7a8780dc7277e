"""What the routes share: the desk's parts, who is asking, checked forms, and pages from templates."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from classify.taxonomy import Topic
from review.errors import NotLoggedIn, Refused
from review.flags import describe, rule_name
from review.security import csrf_token, is_same
from review.show import Show, direction, web_link
from review.throttle import Throttle
from review.words import Language, known_language
from store.accounts import user_of
from store.database import Database
from store.tables import UserRow

HERE = Path(__file__).parent
SESSION = "diembao_session"
VISIT = "diembao_visit"
LANGUAGE = "diembao_language"


@dataclass(frozen=True)
class Visitor:
    """Who is asking: `user` is None before login. `seed` is the cookie behind the CSRF token; empty = none yet."""

    user: UserRow | None
    language: Language
    seed: str

    @property
    def csrf(self) -> str:
        """What every form of this visitor has to bring."""
        return csrf_token(self.seed)


@dataclass(frozen=True)
class Desk:
    """The parts of a running desk."""

    database: Database
    topics: Mapping[str, Topic]
    throttle: Throttle = field(default_factory=Throttle)
    templates: Environment = field(default_factory=lambda: _templates(HERE / "templates", HERE / "static"))

    def page(
        self, visitor: Visitor, template: str, status: int = 200, request: Request | None = None, **values: Any
    ) -> HTMLResponse:
        """A page in the visitor's language."""
        show = Show(visitor.language, self.topics)
        here = address_of(request) if request else ""
        values |= {"show": show, "t": show.say, "visitor": visitor, "here": here}
        return HTMLResponse(self.templates.get_template(template).render(values), status)


def _templates(folder: Path, static: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(static.rglob("*")) if path.is_file()))
    version = digest.hexdigest()[:10]
    environment.globals |= {
        "asset": lambda name: f"/static/{name}?v={version}",
        "describe": describe,
        "rule_name": rule_name,
        "direction": direction,
        "web_link": web_link,
    }
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment


def desk_of(request: Request) -> Desk:
    """The desk that serves this request."""
    desk: Desk = request.app.state.desk
    return desk


def address_of(request: Request) -> str:
    """The page that was asked for, to come back to; for a form of an article or a story, that article or story."""
    if request.method == "GET":
        return f"{request.url.path}?{request.url.query}".rstrip("?")
    return re.sub(r"/(labels|undo|merge|split)$", "", request.url.path)


def visitor_of(request: Request) -> Visitor:
    """Who is asking, logged in or not; looked up once a request."""
    known: Visitor | None = getattr(request.state, "visitor", None)
    if known is None:
        known = request.state.visitor = _look_up(request)
    return known


def _look_up(request: Request) -> Visitor:
    token = request.cookies.get(SESSION, "")
    user = None
    if token:
        with desk_of(request).database.reading() as session:
            user = user_of(session, token)
    if user:
        return Visitor(user, known_language(user.language), token)
    return Visitor(None, known_language(request.cookies.get(LANGUAGE)), request.cookies.get(VISIT, ""))


def member_of(visitor: Annotated[Visitor, Depends(visitor_of)]) -> UserRow:
    """The user who is logged in; others are sent to the login page."""
    if visitor.user is None:
        raise NotLoggedIn
    return visitor.user


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form as sent; of a repeated field the last."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


def checked_form(
    request: Request,
    form: Annotated[dict[str, str], Depends(read_form)],
    visitor: Annotated[Visitor, Depends(visitor_of)],
) -> dict[str, str]:
    """The fields of a form that this desk made for this visitor.

    Raises Refused when its token is not the visitor's, or the browser says that another site sent it.
    """
    elsewhere = request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    if elsewhere or not is_same(form.get("csrf", ""), visitor.csrf):
        raise Refused(403, "expired_form")
    return form


def go_to(path: str) -> RedirectResponse:
    """See Other: the browser fetches `path` next, and a reload sends nothing twice."""
    return RedirectResponse(path, 303)


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """A cookie that scripts and other sites cannot use."""
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure)


TheDesk = Annotated[Desk, Depends(desk_of)]
TheVisitor = Annotated[Visitor, Depends(visitor_of)]
Member = Annotated[UserRow, Depends(member_of)]
CheckedForm = Annotated[dict[str, str], Depends(checked_form)]
