import json
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.source import load_source, load_sources
from pipelines.errors import UsageError
from pipelines.sources import country_of, import_sources, slug

COLUMNS = "outlet_id,outlet_name,domain,country,language,scope,feed_type,url,evidence,confidence,notes"


def listed(folder: Path, *rows: object, name: str = "list.jsonl") -> Path:
    path = folder / name
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_json_lines_of_a_replay(tmp_path: Path) -> None:
    row = {
        "host": "www.bao-mau.example",
        "outlet": "Báo Mẫu",
        "country": "VN",
        "languages": ["vi"],
        "feed": "http://www.bao-mau.example/rss",
        "news_sitemap": "http://www.bao-mau.example/news.xml",
        "front": "http://www.bao-mau.example/",
    }
    report = import_sources(listed(tmp_path, row, {"host": "khac.example"}), tmp_path / "out")
    assert (report.written, report.kept, report.problems) == (["bao-mau-example", "khac-example"], [], [])
    source = load_source(tmp_path / "out" / "vn" / "bao-mau-example.yaml")
    assert (source.name, source.timezone, source.scope) == ("Báo Mẫu", "Asia/Ho_Chi_Minh", "national")
    assert [(feed.kind, feed.enabled) for feed in source.feeds] == [
        ("rss", True),
        ("news_sitemap", True),
        ("section", False),
    ]
    other = load_source(tmp_path / "out" / "xx" / "khac-example.yaml")
    assert (other.languages, other.timezone, other.feeds) == (("und",), "UTC", ())


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path, out = listed(tmp_path, {"host": "a.example", "outlet": "Mới"}), tmp_path / "out"
    import_sources(path, out)
    file = out / "xx" / "a-example.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Mới", "Của ta"), encoding="utf-8")
    assert import_sources(path, out).kept == ["a-example"]
    assert load_source(file).name == "Của ta"
    assert import_sources(path, out, replace=True).written == ["a-example"]
    assert load_source(file).name == "Mới"


def test_two_hosts_of_one_name_are_both_kept(tmp_path: Path) -> None:
    path = listed(tmp_path, {"host": "a.example"}, {"host": "www.a.example"})
    assert import_sources(path, tmp_path / "out").written == ["a-example", "www-a-example"]


def test_bad_rows_are_listed_and_the_rest_is_taken(tmp_path: Path) -> None:
    rows = [
        {"host": "good.example"},
        {"host": 5},
        {"host": None},
        {"host": "c.example", "country": 7},
        {"outlet": "không có host"},
        "không phải JSON",
        {"host": "l.example", "languages": []},
        {"host": "l2.example", "languages": "vi"},
        {"host": "f.example", "feeds": [{"url": "ftp://x", "kind": "rss"}]},
        {"host": "g.example", "feeds": ["x"]},
        {"host": "i.example", "id": "../../etc/cron"},
        {"host": "s.example", "scope": "galactic"},
    ]
    report = import_sources(listed(tmp_path, *rows), tmp_path / "out")
    assert report.written == ["good-example", "l-example"]
    assert len(report.problems) == len(rows) - 2
    assert [path.name for path in (tmp_path / "out").rglob("*.yaml")] == ["good-example.yaml", "l-example.yaml"]


def test_a_list_of_no_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no host"):
        import_sources(listed(tmp_path, {"x": 1}), tmp_path / "out")
    with pytest.raises(UsageError, match="lists no outlet"):
        import_sources(listed(tmp_path, ""), tmp_path / "out")
    with pytest.raises(UsageError, match="lacks the columns country, domain"):
        import_sources(listed(tmp_path, "outlet_id,url", "a,b", name="list.csv"), tmp_path / "out")
    with pytest.raises(UsageError, match="cannot be read"):
        import_sources(tmp_path / "nowhere.csv", tmp_path / "out")
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match=r"cannot write .*; set DIEMBAO_SOURCES_DIR"):
        import_sources(listed(tmp_path, {"host": "a.example"}), tmp_path / "taken")


def test_a_table_of_facts(tmp_path: Path) -> None:
    rows = [
        "mau,Báo Mẫu,mau.example,VN,vi,national,rss,http://mau.example/rss,two files,high,",
        "mau,Báo Mẫu,mau.example,VN,en,national,section_page,http://mau.example/,x,medium,",
        "mau,Báo Mẫu,mau.example,VN,vi,national,section_page,http://mau.example/thoi-su,x,medium,",
        "mau,Báo Mẫu,mau.example,VN,vi,national,rss,http://mau.example/rss2,one file,low,",
        "mau,Báo Mẫu,mau.example,VN,vi,national,rss,http://mau.example/rss3,x,high,templated from the first",
        "nhe,Nhẹ,nhe.example,FR,fr;en,foreign-national,rss,http://nhe.example/rss,x,low,",
        "cut,Cụt,cut.example",
        "hong,Hỏng,hong.example,VN,vi,national,rss,ftp://hong.example/,x,high,",
    ]
    report = import_sources(listed(tmp_path, COLUMNS, *rows, name="list.csv"), tmp_path / "out")
    assert report.written == ["mau", "nhe"]
    assert len(report.problems) == 2
    assert "hong" in report.problems[1]
    source = load_source(tmp_path / "out" / "vn" / "mau.yaml")
    enabled = {feed.url.removeprefix("http://mau.example/"): feed.enabled for feed in source.feeds}
    assert enabled == {"rss": True, "": False, "thoi-su": True, "rss2": False, "rss3": False}
    assert all(feed.reason for feed in source.feeds if not feed.enabled)
    assert source.languages == ("en", "vi")
    unsure = load_source(tmp_path / "out" / "fr" / "nhe.yaml")
    assert (unsure.enabled, unsure.scope, unsure.languages) == (False, "foreign", ("en", "fr"))
    assert "no feed is confirmed" in unsure.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("www.Báo-Mới.vn:8080", "bao-moi-vn-8080"),
        ("Đất Việt", "dat-viet"),
        ("越南", "outlet"),
        ("", "outlet"),
        ("../x", "x"),
    ],
)
def test_an_id_of_a_name(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_a_country_as_lists_give_it() -> None:
    assert [country_of(text) for text in ("vn", " FR ", "Vietnam", "", "??")] == ["VN", "FR", "XX", "XX", "XX"]


@pytest.mark.shared
def test_every_host_of_the_replay(shared: Path, tmp_path: Path) -> None:
    command = [sys.executable, shared / "replay" / "replay.py", "--pages", shared / "pages", "--sources"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    hosts = [json.loads(line)["host"] for line in done.stdout.splitlines()]
    report = import_sources(listed(tmp_path, *done.stdout.splitlines()), tmp_path / "out")
    assert len(hosts) >= 700
    assert len(report.written) == len(set(hosts))
    assert report.problems == []
    sources = load_sources(tmp_path / "out").values()
    assert {source.domain for source in sources} == set(hosts)
    assert all(any(feed.enabled for feed in source.feeds) for source in sources)


@pytest.mark.shared
def test_every_outlet_of_the_facts(shared: Path, tmp_path: Path) -> None:
    report = import_sources(shared / "facts" / "outlets.csv", tmp_path)
    sources = load_sources(tmp_path)
    feeds = [feed for source in sources.values() for feed in source.feeds]
    assert len(report.written) == len(sources) == 808
    assert report.problems == []
    assert len(feeds) >= 1800
    assert not [feed.url for feed in feeds if feed.confidence == "low" and feed.enabled]
    assert all(feed.enabled or feed.reason for feed in feeds)
    assert sum(source.enabled for source in sources.values()) >= 300
