"""Pages made to hurt a crawler: small in code, nasty on the wire. Declared in extras.yaml, one maker a kind."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from pipelines.newsroom.answers import HTML, Page
from pipelines.newsroom.content import Article, Labels, Outlet
from pipelines.newsroom.extras import Trap

# Deep enough to overflow recursive tree walks; libxml2 stops at 256 levels unless told otherwise.
NESTING = 20_000
# A paragraph that costs quadratic algorithms minutes and linear ones milliseconds.
GIANT_BYTES = 3_000_000
CALENDAR = "/lich/"

ArticlePage = Callable[[Article], bytes]


def make(trap: Trap, outlet: Outlet, anchor: date, render: ArticlePage) -> Page:
    """Return the hostile page; `render` dresses an article as the outlet does."""
    return _MAKERS[trap.kind](trap, as_article(trap, outlet, anchor), render)


def as_article(trap: Trap, outlet: Outlet, anchor: date) -> Article:
    """Return the trap as the article it pretends to be, dated on the first minute of the anchor day."""
    return Article(
        outlet=trap.outlet,
        slug=trap.slug,
        section=trap.section,
        title=trap.title,
        lead=trap.body[0] if trap.body else trap.title,
        body=trap.body[1:] or (trap.title,),
        byline=outlet.name,
        published=datetime(anchor.year, anchor.month, anchor.day, tzinfo=outlet.zone),
        labels=Labels("none", ("world",), None),
    )


def calendar(path: str) -> Page | None:
    """Return a month of the endless calendar at /lich/YYYY-MM/, or None where `path` is not in it."""
    try:
        month = date.fromisoformat(f"{path.removeprefix(CALENDAR)[:7]}-01")
    except ValueError:
        return None
    year, number = month.year, month.month
    around = [("prev", "Tháng trước", 12 * year + number - 2), ("next", "Tháng sau", 12 * year + number)]
    links = "".join(
        f'<a rel="{rel}" href="{CALENDAR}{step // 12:04}-{step % 12 + 1:02}/">{word}</a> '
        for rel, word, step in around
        if 12 <= step < 12 * 9999
    )
    days = "".join(f'<li><a href="{CALENDAR}{year:04}-{number:02}/{day:02}">{day}</a></li>' for day in range(1, 29))
    title = f"Lịch công tác tháng {number} năm {year}"
    return Page(
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1><p>{links}</p><ul>{days}</ul></body></html>".encode()
    )


def _nested(trap: Trap, article: Article, render: ArticlePage) -> Page:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in trap.body)
    head = f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{trap.title}</title></head><body>'
    return Page(f"{head}{'<div>' * NESTING}<h1>{trap.title}</h1>{text}{'</div>' * NESTING}</body></html>".encode())


def _giant(trap: Trap, article: Article, render: ArticlePage) -> Page:
    sentences = " ".join(trap.body) + " "
    return Page(render(replace(article, body=(sentences * (GIANT_BYTES // len(sentences.encode()) + 1),))))


def _redirect(trap: Trap, article: Article, render: ArticlePage) -> Page:
    return Page(b"", status=302, headers={"Location": trap.target})


def _calendar(trap: Trap, article: Article, render: ArticlePage) -> Page:
    return Page(b"", status=302, headers={"Location": f"{CALENDAR}{article.published:%Y-%m}/"})


def _future(trap: Trap, article: Article, render: ArticlePage) -> Page:
    return Page(render(replace(article, published=article.published.replace(year=2099, month=1, day=1))))


def _lying_charset(trap: Trap, article: Article, render: ArticlePage) -> Page:
    return Page(render(article), content_type=HTML.replace("utf-8", "windows-1252"))


_MAKERS: dict[str, Callable[[Trap, Article, ArticlePage], Page]] = {
    "nested": _nested,
    "giant": _giant,
    "redirect": _redirect,
    "calendar": _calendar,
    "future": _future,
    "lying_charset": _lying_charset,
}
