"""One outlet's site: which addresses exist and what page stands at each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from zlib import crc32

from pipelines.newsroom import hostile, listings
from pipelines.newsroom.answers import Page
from pipelines.newsroom.content import Article, Labels, Outlet
from pipelines.newsroom.extras import Extras, Room, Trap
from pipelines.newsroom.render import Group, Item, Renderer

# Real section pages show 10 to 20; 6 makes a second page out of a dozen articles.
PER_PAGE = 6
_FRONT_PER_SECTION = 4
_RELATED = 4

# A page's address for each template; `number` is stable for a slug, as the database ids of real portals are.
_ARTICLE_PATHS = {
    "national": "/{section}/{slug}.html",
    "portal": "/{section}/{slug}-{number}.html",
    "foreign": "/{day:%Y/%m/%d}/{slug}",
}

_PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"><path fill="#9ab" d="M0 0h640v360H0z"/></svg>'
)

# origin ("http://songhong.localhost:8765") -> page
Route = Callable[[str], Page]


@dataclass(frozen=True)
class Edition:
    """What an outlet publishes at one stage: live articles newest first, and addresses that are gone."""

    anchor: date
    stage: int
    articles: Sequence[Article]
    gone: Sequence[Article]
    extras: Extras


def article_path(outlet: Outlet, article: Article) -> str:
    """Return the address of an article on its outlet."""
    number = crc32(article.slug.encode()) % 90_000 + 10_000
    pattern = _ARTICLE_PATHS[outlet.template]
    return pattern.format(section=article.section, slug=article.slug, number=number, day=article.published)


class Site:
    """An outlet with all its addresses."""

    def __init__(self, outlet: Outlet, edition: Edition, renderer: Renderer) -> None:
        self.outlet = outlet
        self._edition = edition
        self._renderer = renderer
        self._quirks = edition.extras.quirks
        self.articles = {self.path(article): article for article in edition.articles}
        self.traps = [trap for trap in edition.extras.traps if trap.outlet == outlet.id]
        self.rooms = [room for room in edition.extras.rooms if room.outlet == outlet.id]
        self._routes = self._all_routes()

    def page(self, path: str, origin: str) -> Page:
        """Return the page at `path` (without query)."""
        if route := self._routes.get(path):
            return route(origin)
        if f"{path}/" in self._routes:
            return Page(b"", status=301, headers={"Location": f"{origin}{path}/"})
        if path.startswith("/media/"):
            return Page(_PICTURE, content_type="image/svg+xml", modified=self._modified())
        if any(trap.kind == "calendar" for trap in self.traps) and (page := hostile.calendar(path)):
            return page
        return Page(self._renderer.listing(self.outlet, origin, "404", message="not_found"), status=404)

    def path(self, article: Article) -> str:
        """Return an article's address."""
        return article_path(self.outlet, article)

    def trap_paths(self) -> Mapping[str, str]:
        """Return address -> expectation of the hostile pages."""
        articles = ((trap, hostile.as_article(trap, self.outlet, self._edition.anchor)) for trap in self.traps)
        return {self.path(article): trap.expect for trap, article in articles}

    def room_paths(self) -> list[str]:
        """Return the addresses that robots.txt disallows and a section links to."""
        return [f"/{room.folder}/{room.slug}.html" for room in self.rooms]

    def _all_routes(self) -> dict[str, Route]:
        routes: dict[str, Route] = {"/": self._front, "/robots.txt": self._robots}
        for address in listings.addresses(self.outlet):
            routes[address] = partial(self._listing, address)
        for section in self.outlet.sections:
            routes |= self._section_routes(section)
        for path, article in self.articles.items():
            routes[path] = partial(self._article, article)
            if self.outlet.id in self._quirks.amp:
                routes[f"/amp{path}"] = partial(self._article, article, amp=True)
        for article in self._edition.gone:
            routes[self.path(article)] = self._gone
        for trap in self.traps:
            article = hostile.as_article(trap, self.outlet, self._edition.anchor)
            routes[self.path(article)] = partial(self._trap, trap)
        for room, path in zip(self.rooms, self.room_paths(), strict=True):
            routes[path] = partial(self._room, room)
        return routes

    def _section_routes(self, section: str) -> dict[str, Route]:
        items = [self._item(article) for article in self.articles.values() if article.section == section]
        size = PER_PAGE if self.outlet.id in self._quirks.paginated else max(len(items), 1)
        count = max(1, -(-len(items) // size))
        shown = [items[n * size : (n + 1) * size] for n in range(count)]
        shown[0] = self._bait(section) + shown[0]  # on page 1: bait that is never seen proves nothing
        paths = tuple(f"/{section}/" if n == 0 else f"/{section}/page-{n + 1}/" for n in range(count))
        return {path: partial(self._section, section, tuple(shown[n]), n, paths) for n, path in enumerate(paths)}

    def _bait(self, section: str) -> list[Item]:
        """Return the hostile and the disallowed pages a section links to."""
        traps = [trap for trap in self.traps if trap.section == section]
        rooms = zip(self.rooms, self.room_paths(), strict=True)
        anchor = self._edition.anchor
        return [Item(self.path(hostile.as_article(trap, self.outlet, anchor)), trap.title) for trap in traps] + [
            Item(path, room.title) for room, path in rooms if room.section == section
        ]

    def _item(self, article: Article) -> Item:
        return Item(self.path(article), article.title, article.lead, article.published)

    def _modified(self) -> datetime:
        """When the listings last changed. Stage 2 is published as the anchor day begins, after every article."""
        if self._edition.stage >= 2 or not self.articles:
            return datetime.combine(self._edition.anchor, time(0), tzinfo=self.outlet.zone)
        return max(article.modified for article in self.articles.values())

    def _listing(self, address: str, origin: str) -> Page:
        items = [(origin + path, article) for path, article in self.articles.items()]
        channel = listings.Channel(
            self.outlet, origin, items, self._modified(), cdata=self.outlet.id in self._quirks.cdata
        )
        maker, content_type = listings.MAKERS[address]
        return Page(maker(channel), content_type, modified=channel.modified)

    def _robots(self, origin: str) -> Page:
        channel = listings.Channel(self.outlet, origin, (), self._modified())
        body = listings.robots(channel, [f"/{room.folder}/" for room in self.rooms])
        return Page(body, "text/plain; charset=utf-8", modified=channel.modified)

    def _front(self, origin: str) -> Page:
        groups = tuple(
            Group(f"/{section}/", name, tuple(map(self._item, self._newest(section, _FRONT_PER_SECTION))))
            for section, name in self.outlet.sections.items()
        )
        body = self._renderer.listing(self.outlet, origin, self.outlet.name, groups)
        return Page(body, modified=self._modified())

    def _section(self, section: str, items: tuple[Item, ...], number: int, paths: tuple[str, ...], origin: str) -> Page:
        name = self.outlet.sections[section]
        pages = {"previous": paths[number - 1]} if number else {}
        if number + 1 < len(paths):
            pages["next"] = paths[number + 1]
        body = self._renderer.listing(self.outlet, origin, name, (Group(f"/{section}/", name, items),), pages)
        return Page(body, modified=self._modified())

    def _article(self, article: Article, origin: str, amp: bool = False) -> Page:
        # The boxes around a text change with the listings; only If-None-Match sees that, as on real sites.
        return Page(self._html(article, origin, amp=amp), modified=article.modified)

    def _gone(self, origin: str) -> Page:
        return Page(self._renderer.listing(self.outlet, origin, "410", message="gone"), status=410)

    def _trap(self, trap: Trap, origin: str) -> Page:
        return hostile.make(trap, self.outlet, self._edition.anchor, partial(self._html, origin=origin))

    def _room(self, room: Room, origin: str) -> Page:
        published = datetime.combine(self._edition.anchor, time(0), tzinfo=self.outlet.zone)
        labels = Labels("none", ("world",), None)
        lead, *body = room.body
        article = Article(
            room.outlet, room.slug, room.section, room.title, lead, tuple(body), self.outlet.name, published, labels
        )
        return Page(self._html(article, origin), modified=published)

    def _newest(self, section: str, count: int) -> list[Article]:
        return [article for article in self.articles.values() if article.section == section][:count]

    def _html(self, article: Article, origin: str, amp: bool = False) -> bytes:
        others = [other for other in self.articles.values() if other.slug != article.slug]
        shift = crc32(article.slug.encode()) % max(len(others), 1)
        turned = others[shift:] + others[:shift]  # another choice for each page, the same one every time
        same = [other for other in others if other.section == article.section]
        path = self.path(article)
        return self._renderer.article(
            self.outlet,
            origin,
            article,
            path=path,
            amp=amp,
            amp_path=f"/amp{path}" if self.outlet.id in self._quirks.amp else "",
            canonical=self.outlet.id in self._quirks.canonical or amp,
            section=self.outlet.sections[article.section],
            related=tuple(map(self._item, turned[:_RELATED])),
            most_read=tuple(map(self._item, turned[_RELATED : 2 * _RELATED])),
            newer=tuple(self._item(other) for other in same if other.published > article.published)[-_RELATED:],
            older=tuple(self._item(other) for other in same if other.published <= article.published)[:_RELATED],
        )
