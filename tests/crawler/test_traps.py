import csv
import gzip
import json
from pathlib import Path

import pytest

from crawler.traps import trap

HOME = "https://bao-mau.example"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/tin/tin/tin/", "'tin' 3 times"),
        ("/a/b/a/b/a/b.html", "'a' 3 times"),
        ("/lien-he/x/lien-he/y/LIEN-HE/", "3 times"),
        ("/" + "/".join(f"s{n}" for n in range(17)), "17 path segments"),
        ("/loc?" + "&".join(f"f{n}=1" for n in range(17)), "17 query parameters"),
        ("/loc?q=" + "x" * 600, "characters"),
        ("/loc?tag=a&tag=a&x=1&tag=a", "3 times"),
        ("/lich?month=2091-03", "2091"),
        ("/events?date=20910301", "2091"),
        ("/events/?tribe-bar-date=1931-05-01", "1931"),
        ("/lich/?nam=2055&thang=3", "2055"),
        ("/lich/2091/3/", "2091"),
        ("/calendar/1951/12/31", "1951"),
        ("/2091/03/", "2091"),
        ("/su-kien/2091-03-14/", "2091"),
        ("/(S(abcdefghijklmnopqrstuvwx))/tin.aspx", "session"),
        ("/tin.cfm?id=5&CFID=123&CFTOKEN=456", "session"),
    ],
)
def test_traps(path: str, why: str) -> None:
    assert why in (trap(HOME + path) or "not a trap")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tin/2026/11/22/mot-bai-bao-dai-post123456.html",
        "/news/news/detail/76066-mot-bai-bao",
        "/rss/1/1",
        "/11/11/11/mot-ngay-dep/",
        "/2011/1/1/1/",
        "/tin-tuc?id=2091",
        "/tin/2091/khong-phai-nam.html",
        "/tim?from=1200&to=1300",
        "/quy-hoach-2050-12-du-an-lon.html",
        "/archives/1945/05/08/the-war-ends.html",
        "/lich/2026/11/",
        "/su-kien?date=2027-01-05",
        "/tin.php?id=5&PHPSESSID=abc123",
        "/tin.jsp;jsessionid=ABC123?id=5",
        "/diem-bao?tag[]=a&tag[]=b&tag[]=c",
        "/tầm-nhìn-2045/12/bai.html",
        "/a//b//c",
    ],
)
def test_what_is_no_trap(path: str) -> None:
    assert trap(HOME + path) is None


@pytest.mark.shared
def test_no_real_url_is_a_trap(shared: Path) -> None:
    lines = (shared / "pages" / "index.jsonl").read_text(encoding="utf-8").splitlines()
    urls = [url for line in lines if (url := json.loads(line)["url"])]
    with (shared / "facts" / "outlets.csv").open(encoding="utf-8") as stream:
        urls += [row["url"] for row in csv.DictReader(stream)]
    with gzip.open(shared / "corpora" / "vn_coverage" / "corpus.jsonl.gz", "rt", encoding="utf-8") as stream:
        urls += [url for line in stream if (url := json.loads(line).get("url"))]
    assert len(urls) > 2700
    assert {url: why for url in urls if (why := trap(url))} == {}
