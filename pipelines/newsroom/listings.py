"""The machine-readable listings an outlet offers: RSS, Atom, news sitemap, sitemap index, robots.txt."""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from pipelines.newsroom.content import Article, Outlet

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS_NS = "http://www.google.com/schemas/sitemap-news/0.9"

# Where each kind of listing stands on every outlet (sections stand at /<section>/).
PATHS = {"rss": "/rss.xml", "atom": "/atom.xml", "news_sitemap": "/news-sitemap.xml", "sitemap": "/sitemap.xml"}
ARCHIVE = "/sitemap-articles.xml.gz"


@dataclass(frozen=True)
class Channel:
    """What a listing lists: an outlet at `origin` and (URL, article) pairs, newest first."""

    outlet: Outlet
    origin: str
    items: Sequence[tuple[str, Article]]
    modified: datetime
    cdata: bool = False


def rss(channel: Channel) -> bytes:
    """Return RSS 2.0."""
    outlet = channel.outlet
    items = "".join(_rss_item(channel, url, article) for url, article in channel.items)
    return (
        f'{XML}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>{escape(outlet.name)}</title><link>{channel.origin}/</link>"
        f"<description>{escape(outlet.name)} - RSS</description><language>{outlet.language}</language>"
        f"<lastBuildDate>{format_datetime(channel.modified)}</lastBuildDate><ttl>15</ttl>"
        f'<atom:link href="{channel.origin}{PATHS["rss"]}" rel="self" type="application/rss+xml"/>'
        f"{items}</channel></rss>\n"
    ).encode()


def _rss_item(channel: Channel, url: str, article: Article) -> str:
    title, summary = escape(article.title), escape(article.lead)
    if channel.cdata:
        # Vietnamese news sites put a linked thumbnail before the summary.
        picture = f'<a href="{url}"><img src="{channel.origin}/media/{article.slug}.svg" width="130"></a><br>'
        title, summary = _cdata(article.title), _cdata(picture + escape(article.lead))
    return (
        f"<item><title>{title}</title><description>{summary}</description><link>{url}</link>"
        f'<guid isPermaLink="true">{url}</guid><pubDate>{format_datetime(article.published)}</pubDate>'
        f"<category>{escape(channel.outlet.sections[article.section])}</category></item>\n"
    )


def atom(channel: Channel) -> bytes:
    """Return Atom 1.0; ``updated`` moves when an article is edited."""
    outlet = channel.outlet
    entries = "".join(
        f"<entry><id>{url}</id><title>{escape(article.title)}</title>"
        f'<link rel="alternate" type="text/html" href="{url}"/>'
        f"<published>{article.published.isoformat()}</published><updated>{article.modified.isoformat()}</updated>"
        f"<author><name>{escape(article.byline)}</name></author>"
        f"<summary>{escape(article.lead)}</summary></entry>\n"
        for url, article in channel.items
    )
    return (
        f'{XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}"><id>{channel.origin}/</id>'
        f"<title>{escape(outlet.name)}</title><updated>{channel.modified.isoformat()}</updated>"
        f'<link rel="self" href="{channel.origin}{PATHS["atom"]}"/><link href="{channel.origin}/"/>\n'
        f"{entries}</feed>\n"
    ).encode()


def news_sitemap(channel: Channel) -> bytes:
    """Return a news sitemap: the one listing that carries title and publication date for every URL."""
    outlet = channel.outlet
    urls = "".join(
        f"<url><loc>{url}</loc><lastmod>{article.modified.isoformat()}</lastmod><news:news>"
        f"<news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{outlet.language}</news:language></news:publication>"
        f"<news:publication_date>{article.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(article.title)}</news:title></news:news></url>\n"
        for url, article in channel.items
    )
    return f"{XML}<urlset xmlns={quoteattr(SITEMAP_NS)} xmlns:news={quoteattr(NEWS_NS)}>\n{urls}</urlset>\n".encode()


def sitemap_index(channel: Channel) -> bytes:
    """Return a sitemap index that points to the one gzipped sitemap."""
    return (
        f"{XML}<sitemapindex xmlns={quoteattr(SITEMAP_NS)}><sitemap><loc>{channel.origin}{ARCHIVE}</loc>"
        f"<lastmod>{channel.modified.isoformat()}</lastmod></sitemap></sitemapindex>\n"
    ).encode()


def sitemap_archive(channel: Channel) -> bytes:
    """Return the gzipped sitemap. The time in the gzip header is fixed, or every request would get another ETag."""
    urls = "".join(
        f"<url><loc>{url}</loc><lastmod>{article.modified.isoformat()}</lastmod></url>\n"
        for url, article in channel.items
    )
    return gzip.compress(f"{XML}<urlset xmlns={quoteattr(SITEMAP_NS)}>\n{urls}</urlset>\n".encode(), mtime=0)


def robots(channel: Channel, disallowed: Sequence[str]) -> bytes:
    """Return robots.txt with a Sitemap line for each sitemap the outlet has."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in disallowed or [""])]
    kinds = [kind for kind in ("news_sitemap", "sitemap") if kind in channel.outlet.feeds]
    return "\n".join([*lines, "", *(f"Sitemap: {channel.origin}{PATHS[kind]}" for kind in kinds), ""]).encode()


# Address -> (maker, content type); robots.txt is apart because it needs more than the channel.
MAKERS: dict[str, tuple[Callable[[Channel], bytes], str]] = {
    PATHS["rss"]: (rss, "application/rss+xml; charset=utf-8"),
    PATHS["atom"]: (atom, "application/atom+xml; charset=utf-8"),
    PATHS["news_sitemap"]: (news_sitemap, "application/xml; charset=utf-8"),
    PATHS["sitemap"]: (sitemap_index, "application/xml; charset=utf-8"),
    ARCHIVE: (sitemap_archive, "application/gzip"),
}


def addresses(outlet: Outlet) -> list[str]:
    """Return the listing addresses this outlet serves."""
    found = [PATHS[kind] for kind in outlet.feeds if kind in PATHS]
    return [*found, ARCHIVE] if "sitemap" in outlet.feeds else found


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
