import csv
import gzip
import json
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest

from crawler.urls import canonical, url_key
from crawler.variants import registered, undressed_host


# The forms are those of real outlets (rel=amphtml and rel=alternate of pages); the names are invented.
@pytest.mark.parametrize(
    ("variant", "page"),
    [
        ("https://amp.bao.com.vn/the-gioi/tin-20221223144734383.htm", "https://bao.com.vn/the-gioi/tin-20221223144734383.htm"),
        ("https://m.bao.vn/tin-188260307071033787.chn", "https://www.bao.vn/tin-188260307071033787.chn"),
        ("https://m.bao.net/a/b-18857107.amp.html", "https://www.bao.net/a/b-18857107.html"),
        ("https://mobil.bao.de/ratgeber/x-11153570.html", "https://www.bao.de/ratgeber/x-11153570.html"),
        ("https://bao.ca/news/11862251/x/amp/", "https://bao.ca/news/11862251/x/"),
        ("https://www.bao.com/story/x/amp", "https://www.bao.com/story/x/"),
        ("https://www.bao.de/amp/wirtschaft/x-33420056.html", "https://www.bao.de/wirtschaft/x-33420056.html"),
        ("https://www.bao.cl/noticias/2022/05/04/amp/x.shtml", "https://www.bao.cl/noticias/2022/05/04/x.shtml"),
        ("https://www.bao.com/platform/amp/2019/7/3/20680681/x", "https://www.bao.com/2019/7/3/20680681/x"),
        ("https://bao.com/.amp/2019/11/x", "https://bao.com/2019/11/x"),
        ("https://www.bao.co.uk/travel/x-32645619.amp", "https://www.bao.co.uk/travel/x-32645619"),
        ("https://www.bao.es/x-20241202105634-nt_amp.html", "https://www.bao.es/x-20241202105634-nt.html"),
        ("https://m.bao.com.tr/x-3700095-amp", "https://www.bao.com.tr/x-3700095"),
        ("https://www.bao.com.ua/rus/articles/8015225/index.amp", "https://www.bao.com.ua/rus/articles/8015225/"),
        ("https://www.bao.com/x-2024-2?amp", "https://www.bao.com/x-2024-2"),
        ("https://www.bao.com/x.html?outputType=amp-type", "https://www.bao.com/x.html"),
        ("https://bao.de/x/?amp=1&utm_source=a", "https://bao.de/x/"),
        ("https://bao.vn/tin.html?print=1", "https://bao.vn/tin.html"),
        ("https://bao.vn/tin-5/print", "https://bao.vn/tin-5"),
        ("https://www.google.com/amp/s/www.bao.vn/tin-5.html", "https://bao.vn/tin-5.html"),
        ("https://www-bao-vn.cdn.ampproject.org/c/s/www.bao.vn/tin-5.html?amp_js_v=0.1", "https://bao.vn/tin-5.html"),
    ],
)  # fmt: skip
def test_variants_of_one_page(variant: str, page: str) -> None:
    assert canonical(variant) != canonical(page), "the address itself is left as it is: it is the one to fetch"
    assert url_key(variant) == url_key(page)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://bao.de/politik/ampeln-tot.html", "https://bao.de/politik/eln-tot.html"),
        ("https://bao.de/spiegel/print/d-161500790.html", "https://bao.de/spiegel/d-161500790.html"),
        ("https://blog.amp.dev/2020/x/", "https://blog.dev/2020/x/"),
        ("https://m.vn/tin", "https://vn/tin"),
        ("https://m.co.uk/tin", "https://co.uk/tin"),
        ("https://bao.vn/best-guitar-amp", "https://bao.vn/best-guitar"),
        ("https://bao.vn/tin?print=12345", "https://bao.vn/tin"),
        ("https://bao.vn/tin?view=5", "https://bao.vn/tin"),
        ("https://bao.vn/amp/", "https://bao.vn/"),
        ("https://bao.vn/tin.html", "https://bao.vn/tin"),
        ("https://thethao.bao.vn/tin", "https://bao.vn/tin"),
        ("https://bao.vn/Tin", "https://bao.vn/tin"),
    ],
)
def test_what_only_looks_like_a_variant(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    ("host", "bare"),
    [
        ("www.m.bao.vn", "bao.vn"),
        ("m.danang.vn", "m.danang.vn"),  # danang.vn is an ending, as com.vn is
        ("m.bao.localhost", "bao.localhost"),
        ("m.localhost", "m.localhost"),
        ("amp.1.2.3.4", "amp.1.2.3.4"),
        ("www", "www"),
        ("", ""),
    ],
)
def test_a_host_without_its_dress(host: str, bare: str) -> None:
    assert undressed_host(host) == bare


def test_who_registered_a_host() -> None:
    assert registered("news.bao.com.vn") == "bao.com.vn"
    assert registered("lan.blogspot.com") == "lan.blogspot.com"
    assert registered("bao.example") == registered("127.0.0.1") == registered("com.vn") == ""


LINK = re.compile(rb"<link\b[^>]*>", re.IGNORECASE)


def rows(shared: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (shared / "pages" / "index.jsonl").read_text(encoding="utf-8").splitlines()]


def declared(shared: Path) -> list[tuple[str, str]]:
    """The pairs of page and variant that real pages declare in their heads."""
    found = []
    for row in rows(shared):
        body = gzip.decompress((shared / "pages" / row["file"]).read_bytes()) if row.get("url") else b""
        for link in LINK.findall(body):
            tag = link.decode("utf-8", "replace")
            rel = re.search(r"rel=[\"']?([\w -]+)", tag, re.IGNORECASE)
            href = re.search(r"href=[\"']?([^\"'> ]+)", tag, re.IGNORECASE)
            name = rel[1].strip().lower() if rel else ""
            if href and (name == "amphtml" or (name == "alternate" and "media=" in tag)):
                found.append((row["url"], urljoin(row["url"], href[1].replace("&amp;", "&"))))
    return found


@pytest.mark.shared
def test_the_variants_that_real_pages_declare(shared: Path) -> None:
    pairs = declared(shared)
    same = sum(url_key(page) == url_key(variant) for page, variant in pairs)
    assert len(pairs) >= 300
    assert same >= 250  # the others have another path, or a number where the page has words


@pytest.mark.shared
def test_no_two_real_pages_become_one(shared: Path) -> None:
    urls = {row["url"] for row in rows(shared)}
    with gzip.open(shared / "corpora" / "vn_coverage" / "corpus.jsonl.gz", "rt", encoding="utf-8") as stream:
        urls |= {json.loads(line).get("url") for line in stream}
    with (shared / "facts" / "outlets.csv").open(encoding="utf-8-sig", newline="") as stream:
        urls |= {row["url"] for row in csv.DictReader(stream)}
    pages = {re.sub(r"^https?://", "", canonical(url)) for url in urls if url}
    assert len(pages) > 12_000
    assert len({url_key(f"http://{page}") for page in pages}) == len(pages)
