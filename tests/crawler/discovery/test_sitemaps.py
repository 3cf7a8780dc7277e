import gzip
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import NotAListing
from crawler.discovery import sitemaps as module
from crawler.discovery.sitemaps import MAX_CHILDREN, read_sitemap

URL = "http://bao-mau.example/sitemap.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc> http://bao-mau.example/tin-1 </loc><lastmod>2026-11-10</lastmod>
  <news:news><news:publication><news:name>Báo Mẫu</news:name></news:publication>
   <news:publication_date>2026-11-09T12:00:00+07:00</news:publication_date>
   <news:title>Tin mo\u0323\u0302t</news:title></news:news>
  <image:image><image:loc>http://bao-mau.example/anh.jpg</image:loc><image:title>Ảnh</image:title></image:image></url>
 <url><loc>http://bao-mau.example/muc/</loc><lastmod>hôm qua</lastmod></url>
 <url><loc>javascript:alert(1)</loc></url><url><loc>http://[oops</loc></url><url/>
</urlset>""".encode()
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
 <sitemap><loc>http://bao-mau.example/a.xml.gz</loc><lastmod>2026-11-09T05:00:00Z</lastmod></sitemap>
 <sitemap><loc>/b.xml</loc></sitemap><sitemap><loc>file:///etc/passwd</loc></sitemap></sitemapindex>"""


def test_a_news_sitemap() -> None:
    first, second = read_sitemap(NEWS, URL).items
    assert (first.url, first.title) == ("http://bao-mau.example/tin-1", "Tin một")
    assert first.published_at == datetime(2026, 11, 9, 5, tzinfo=UTC)
    assert first.modified_at == datetime(2026, 11, 10, tzinfo=UTC)
    assert (second.url, second.title, second.published_at, second.modified_at) == (
        "http://bao-mau.example/muc/",
        None,
        None,
        None,
    )


def test_packed_or_not_is_the_same() -> None:
    assert read_sitemap(gzip.compress(NEWS), URL) == read_sitemap(NEWS, URL)
    assert read_sitemap(b"\xef\xbb\xbf" + NEWS, URL) == read_sitemap(NEWS, URL)


def test_only_links_of_the_sources_pattern() -> None:
    assert [item.url for item in read_sitemap(NEWS, URL, r"/tin-\d+$").items] == ["http://bao-mau.example/tin-1"]


def test_an_index_names_children() -> None:
    listing = read_sitemap(INDEX, URL)
    assert listing.items == ()
    assert [(child.url, child.kind) for child in listing.children] == [
        ("http://bao-mau.example/a.xml.gz", "sitemap"),
        ("http://bao-mau.example/b.xml", "sitemap"),
    ]
    assert listing.children[0].modified_at == datetime(2026, 11, 9, 5, tzinfo=UTC)


def test_the_newest_of_too_many_children() -> None:
    rows = "".join(
        f"<sitemap><loc>/{n}.xml</loc><lastmod>2020-01-01T{n // 60:02}:{n % 60:02}:00Z</lastmod></sitemap>"
        for n in range(MAX_CHILDREN + 5)
    )
    listing = read_sitemap(f"<sitemapindex>{rows}</sitemapindex>".encode(), URL)
    assert len(listing.children) == MAX_CHILDREN
    assert listing.children[0].url.endswith(f"/{MAX_CHILDREN + 4}.xml")
    assert listing.problem is not None


def test_a_list_without_end_is_cut_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ITEMS", 3)
    body = "<urlset>" + "".join(f"<url><loc>/{n}</loc></url>" for n in range(9)) + "</urlset>"
    listing = read_sitemap(body.encode(), URL)
    assert [item.url[-2:] for item in listing.items] == ["/0", "/1", "/2"]
    assert listing.problem == "more than 3 entries; the rest was left"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"tin",
        b"<html/>",
        b"<rss/>",
        b"\x1f\x8bxx",
        gzip.compress(b"", mtime=0),
        gzip.compress(b"tin", mtime=0),
        b"{}",
    ],
)
def test_what_is_no_sitemap(body: bytes) -> None:
    with pytest.raises(NotAListing):
        read_sitemap(body, URL)


def test_entities_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("http://bao-mau.example/secret")
    body = (
        f"<!DOCTYPE urlset [<!ENTITY x SYSTEM 'file://{tmp_path}/secret'><!ENTITY y 'http://bao-mau.example/y'>]>"
        "<urlset><url><loc>&x;</loc></url><url><loc>&y;</loc></url><url><loc>/1</loc></url></urlset>"
    )
    for sent in (body.encode(), gzip.compress(body.encode())):
        with pytest.raises(NotAListing, match="entities"):
            read_sitemap(sent, URL)


def test_pictures_have_addresses_and_titles_of_their_own() -> None:
    body = NEWS.replace(b"<loc> http://bao-mau.example/tin-1 </loc>", b"").replace(
        b"</urlset>",
        b"<url><image:image><image:loc>http://bao-mau.example/b.jpg</image:loc></image:image></url></urlset>",
    )
    assert [item.url for item in read_sitemap(body, URL).items] == ["http://bao-mau.example/muc/"]


def test_a_file_of_several_gzip_members_is_one() -> None:
    half = len(NEWS) // 2
    assert read_sitemap(gzip.compress(NEWS[:half]) + gzip.compress(NEWS[half:]), URL) == read_sitemap(NEWS, URL)


def test_a_sitemap_cut_off_gives_what_it_has() -> None:
    assert [item.title for item in read_sitemap(NEWS[:-100], URL).items][:1] == ["Tin một"]


def test_elements_without_end_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ELEMENTS", 10)
    listing = read_sitemap(b"<urlset><url><loc>/1</loc></url>" + b"<a/>" * 99 + b"</urlset>", URL)
    assert [item.url for item in listing.items] == ["http://bao-mau.example/1"]
    assert listing.problem == "more than 10 elements; the rest was left"


def test_an_address_without_end_costs_nothing_and_is_none() -> None:
    body = b"<urlset><url><loc>" + b"&amp;" * 300_000 + b"</loc></url><url><loc>/1</loc></url></urlset>"
    assert [item.url for item in read_sitemap(body, URL).items] == ["http://bao-mau.example/1"]


@given(st.binary(max_size=150) | st.text(alphabet="<>/!?[]&;'\"=urlocset \n", max_size=150).map(str.encode))
def test_no_bytes_give_another_error(body: bytes) -> None:
    for start in (b"", b"<urlset><url><loc>", b"<sitemapindex><sitemap><loc>", b"\x1f\x8b\x08"):
        try:
            listing = read_sitemap(start + body, URL)
        except NotAListing:
            continue
        assert len(listing.items) + len(listing.children) <= 10


def test_a_bomb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(b"<urlset>")
        for _ in range(300):
            stream.write(b" " * 2**20)
    assert bombed(path) == "unpacks to more than 50 MiB"


@pytest.mark.shared
def test_bombs_are_refused_in_bounded_memory(shared: Path) -> None:
    bombs = [path for path in sorted((shared / "corpora" / "bombs").iterdir()) if path.suffix != ".md"]
    verdicts = {path.name: bombed(path) for path in bombs if path.name in ("b2g.gz", "b900.gz", "b2g.gz.gz", "b2g.br")}
    early = {"not XML: no element at its beginning", "what is packed is no XML"}
    assert {verdicts["b2g.gz"], verdicts["b900.gz"]} <= early | {"unpacks to more than 50 MiB"}
    assert set(verdicts) == {"b2g.gz", "b900.gz", "b2g.gz.gz", "b2g.br"}
    assert all(verdicts.values())


def bombed(path: Path) -> str:
    """What a process with 400 MB of address space says of a file; 200 of them are libraries."""
    program = (
        "import resource, sys, pathlib; from crawler.discovery.sitemaps import *\n"
        "resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))\n"
        "try: read_sitemap(pathlib.Path(sys.argv[1]).read_bytes(), 'http://a.example/')\n"
        "except NotAListing as reason: print(reason)"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()
