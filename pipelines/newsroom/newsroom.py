"""All outlets of the sample newsroom as one web server would know them: host and path in, response out."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from pipelines.newsroom.answers import Page, Response, answer
from pipelines.newsroom.content import Article, Outlet, load_articles, load_outlets
from pipelines.newsroom.extras import at_stage, load_extras
from pipelines.newsroom.listings import PATHS
from pipelines.newsroom.render import Renderer
from pipelines.newsroom.site import Edition, Site

# Hosts that show a person the list of outlets.
_INDEX_HOSTS = ("localhost", "127.0.0.1")


class Newsroom:
    """The fictional outlets, dated back from `anchor`.

    Args:
        folder: holds outlets.yaml, words.yaml, templates/, articles/ and, optionally, extras.yaml.
        anchor: the day that "days_ago" counts back from; `content.safe_anchor` gives the latest one without a future.
        stage: 1 as first published; 2 after one article was edited and one withdrawn.

    Raises:
        ContentError: where the content breaks its rules; the message names file, entry, fault and what is valid.
    """

    def __init__(self, folder: Path, anchor: date, stage: int = 1) -> None:
        self.folder, self.anchor, self.stage = folder, anchor, stage
        self.outlets: Mapping[str, Outlet] = load_outlets(folder)
        written = load_articles(folder, self.outlets, anchor)
        self.extras = load_extras(folder, self.outlets, written, anchor)
        self.articles: Mapping[str, Article] = {
            article.key: article for article in at_stage(written, self.extras, stage)
        }
        gone = [article for article in written if article.key not in self.articles]
        renderer = Renderer(folder)
        self.sites: Mapping[str, Site] = {
            outlet.host: self._site(outlet, gone, renderer) for outlet in self.outlets.values()
        }

    def respond(self, host: str, path: str, headers: Mapping[str, str]) -> Response:
        """Answer a GET. `host` is the Host header (with the port), `path` may carry a query, which is ignored."""
        name = host.lower().partition(":")[0]
        bare = path.partition("#")[0].partition("?")[0]
        site = self.sites.get(name.removesuffix(".localhost")) if name.endswith(".localhost") else None
        if site is not None:
            return answer(site.page(bare, f"http://{host}"), headers)
        if name in _INDEX_HOSTS and bare == "/":
            return answer(self._index(host.partition(":")[2]), headers)
        known = ", ".join(f"{key}.localhost" for key in self.sites)
        return answer(Page(f"Not here. Hosts: {known}\n".encode(), "text/plain; charset=utf-8", 404), headers)

    def sources(self, port: int) -> list[dict[str, Any]]:
        """Return one entry an outlet, in the form the source registry takes."""
        return [
            {
                "id": outlet.id,
                "host": _host(outlet, port),
                "outlet": outlet.name,
                "name_vi": outlet.name_vi,
                "name_en": outlet.name_en,
                "country": outlet.country,
                "languages": [outlet.language],
                "timezone": outlet.zone.key,
                "scope": outlet.scope,
                "feeds": _feeds(outlet, port),
            }
            for outlet in self.outlets.values()
        ]

    def article_urls(self, port: int) -> dict[str, str]:
        """Return URL -> ``outlet/slug`` of all live articles, copies included, hostile pages not."""
        return {
            f"http://{_host(site.outlet, port)}{path}": article.key
            for site in self.sites.values()
            for path, article in site.articles.items()
        }

    def hostile_urls(self, port: int) -> dict[str, str]:
        """Return URL -> expectation (one of `extras.EXPECTATIONS`) of the hostile pages."""
        return {
            f"http://{_host(site.outlet, port)}{path}": expect
            for site in self.sites.values()
            for path, expect in site.trap_paths().items()
        }

    def private_urls(self, port: int) -> list[str]:
        """Return the linked URLs that robots.txt disallows: a polite crawler never asks for them."""
        return [
            f"http://{_host(site.outlet, port)}{path}" for site in self.sites.values() for path in site.room_paths()
        ]

    def _site(self, outlet: Outlet, gone: Sequence[Article], renderer: Renderer) -> Site:
        renderer.check(outlet)
        own = [article for article in self.articles.values() if article.outlet == outlet.id]
        left = [article for article in gone if article.outlet == outlet.id]
        return Site(outlet, Edition(self.anchor, self.stage, own, left, self.extras), renderer)

    def _index(self, port: str) -> Page:
        links = "".join(
            f'<li><a href="http://{outlet.host}.localhost:{port}/">{escape(outlet.name)}</a> ({escape(outlet.name_en)})'
            for outlet in self.outlets.values()
        )
        head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Sample newsroom</title>'
        return Page(f"{head}<h1>Sample newsroom: all of it is fictional</h1><ul>{links}</ul></html>".encode())


def _host(outlet: Outlet, port: int) -> str:
    return f"{outlet.host}.localhost:{port}"


def _feeds(outlet: Outlet, port: int) -> list[dict[str, str]]:
    sections = [f"/{section}/" for section in outlet.sections]
    paths = [(kind, path) for kind in outlet.feeds for path in (sections if kind == "section" else [PATHS[kind]])]
    return [{"url": f"http://{_host(outlet, port)}{path}", "kind": kind} for kind, path in paths]
