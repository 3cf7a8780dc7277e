"""The desk as a web application: its routes, and the page that answers each error."""

import logging
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from classify.taxonomy import load_taxonomy
from review.desk import HERE, LANGUAGE, Desk, Visitor, address_of, desk_of, go_to, visitor_of
from review.errors import NotLoggedIn, Refused
from review.routes import article, labels, login, placing, queue, revisions, stories
from review.security import Guard
from review.words import known_language
from store.database import Database
from store.persistence import first_line, is_about_the_database

logger = logging.getLogger(__name__)
RETRY_SECONDS = 30


def create_app(database: Database, data_dir: Path) -> FastAPI:
    """The desk over an open database; `data_dir` holds taxonomy.yaml."""
    app = FastAPI(title="Điểm Báo", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = Desk(database, {topic.id: topic for topic in load_taxonomy(data_dir)})
    for module in (login, queue, article, revisions, labels, stories, placing):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_middleware(Guard)
    app.add_exception_handler(NotLoggedIn, _to_login)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(DBAPIError, _no_database)
    return app


def _to_login(request: Request, error: Exception) -> Response:
    if "hx-request" in request.headers:
        # htmx would put the login page inside the list; this makes it leave the page.
        return Response(headers={"hx-redirect": login.login_path("/queue")})
    return go_to(login.login_path(address_of(request)))


def _refused(request: Request, error: Exception) -> Response:
    status, key = (error.status, error.key) if isinstance(error, Refused) else (400, "bad_request")
    return _page(request, status, key)


def _invalid(request: Request, error: Exception) -> Response:
    return _page(request, 422, "bad_request")


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return _page(request, status, "not_found" if status == 404 else "bad_request")


def _no_database(request: Request, error: Exception) -> Response:
    """The database is away, full, or held by another writer for too long: nothing of the request was saved."""
    if not isinstance(error, DBAPIError) or not is_about_the_database(error):
        raise error
    logger.error("a page could not be answered: %s", first_line(error))
    # Who is asking stands in the database, too.
    guest = Visitor(None, known_language(request.cookies.get(LANGUAGE)), "")
    request.state.visitor = getattr(request.state, "visitor", guest)
    if "hx-request" in request.headers:
        response = Response(headers={"hx-redirect": address_of(request)}, status_code=503)
    else:
        response = _page(request, 503, "no_database")
    response.headers["retry-after"] = str(RETRY_SECONDS)
    return response


def _page(request: Request, status: int, key: str) -> Response:
    try:
        visitor = visitor_of(request)
    except DBAPIError as error:
        return _no_database(request, error)
    return desk_of(request).page(visitor, "error.html", status, request, key=key)
