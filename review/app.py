"""The desk as a web application: its routes, and the page that answers each error."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import Response

from classify.taxonomy import load_taxonomy
from review.desk import HERE, Desk, address_of, desk_of, go_to, visitor_of
from review.errors import NotLoggedIn, Refused
from review.routes import article, labels, login, placing, queue, revisions, stories
from review.security import Guard
from store.database import Database


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


def _page(request: Request, status: int, key: str) -> Response:
    return desk_of(request).page(visitor_of(request), "error.html", status, request, key=key)
