from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import SourceError
from crawler.source import Feed, Source, dump_source, load_source, load_sources

GOOD = """\
name: Báo Mẫu
domain: bao-mau.example
country: VN
languages: [vi]
scope: national
timezone: Asia/Ho_Chi_Minh
feeds:
  - url: https://bao-mau.example/rss
    kind: rss
  - url: https://bao-mau.example/thoi-su
    kind: section
    links: '/tin-\\d+'
    enabled: false
    reason: the feed lists the same
"""


def written(folder: Path, text: str, name: str = "bao-mau.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_an_outlet(tmp_path: Path) -> None:
    source = load_source(written(tmp_path, GOOD))
    assert (source.id, source.name, source.languages, source.enabled) == ("bao-mau", "Báo Mẫu", ("vi",), True)
    assert [(feed.kind, feed.enabled) for feed in source.feeds] == [("rss", True), ("section", False)]


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("name: Báo", "nmae: Báo", 1, "nmae: unknown key; valid are name, name_vi, name_en, domain"),
        ("    kind: rss", "    kinds: rss", 9, "feeds.0.kinds: unknown key; valid are url, kind, enabled"),
        ("kind: rss", "kind: rrs", 9, "'rss', 'atom', 'json_feed', 'news_sitemap', 'sitemap' or 'section'; got 'rrs'"),
        ("country: VN", "country: Vietnam", 3, "country: .*; got 'Vietnam'"),
        ("languages: [vi]", "languages: []", 4, "languages"),
        ("scope: national", "scope: global", 5, "scope: .*'foreign'; got 'global'"),
        ("Asia/Ho_Chi_Minh", "Asia/Hanoi", 6, "not an IANA time zone, such as Asia/Ho_Chi_Minh; got 'Asia/Hanoi'"),
        ("https://bao-mau.example/rss", "ftp://x", 8, "feeds.0.url: not an http\\(s\\) URL; got 'ftp://x'"),
        ("links: '/tin-\\d+'", "links: '['", 12, "feeds.1.links: not a regular expression"),
        ("    reason: the feed lists the same\n", "", 10, "feeds.1: a disabled feed needs a reason"),
        ("scope: national", "scope: national\nenabled: false", 1, "a disabled source needs a reason"),
        ("domain: bao-mau.example\n", "", 1, "domain: Field required"),
        ("languages: [vi]", "languages: [vi", 5, "not valid YAML"),
        ("name: Báo Mẫu", "name: 'a", 1, "not valid YAML"),
        (
            "scope: national",
            "scope: national\nextract:\n  body: 'div['",
            7,
            "extract.body: not a CSS selector: Expected",
        ),
        (
            "scope: national",
            "scope: national\nextract:\n  remove:\n  - p.a\n  - p::before",
            9,
            "extract.remove.1: not a CSS selector: Pseudo-elements are not supported; got 'p::before'",
        ),
        (
            "scope: national",
            "scope: national\nextract:\n  bdoy: p",
            7,
            "extract.bdoy: unknown key; valid are body, remove",
        ),
        ("scope: national", "scope: national\nextract: {}", 6, "extract: needs a body, or something to remove"),
        ("scope: national", "scope: national\nextract: div", 6, "extract: .*got 'div'"),
        ("name: Báo Mẫu", "name: !!python/object:os.system x", 1, "not valid YAML"),
    ],
)
def test_a_mistake_is_named_by_file_and_line(tmp_path: Path, before: str, after: str, line: int, says: str) -> None:
    assert before in GOOD
    path = written(tmp_path, GOOD.replace(before, after))
    with pytest.raises(SourceError, match=says) as error:
        load_source(path)
    assert str(error.value).startswith(f"{path}, line ")
    stated = int(str(error.value).removeprefix(f"{path}, line ").partition(":")[0])
    assert stated == line or "YAML" in says


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words", "5", "? [a]\n: b\n", "1: x\n", "*x", "a: &a [*a]"])
def test_what_is_no_outlet(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match=str(tmp_path)):
        load_source(written(tmp_path, text))


@given(st.binary(max_size=40))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.yaml"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="junk"):
        load_source(path)


def test_a_file_in_another_encoding_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "cu.yaml"
    path.write_bytes("name: Báo".encode("utf-16"))
    with pytest.raises(SourceError, match="not UTF-8 text"):
        load_source(path)


def test_two_files_of_one_id(tmp_path: Path) -> None:
    first, second = written(tmp_path, GOOD, "la/bao-mau.yaml"), written(tmp_path, GOOD, "vn/bao-mau.yaml")
    with pytest.raises(SourceError, match=r"'bao-mau' is taken by .*; rename one") as error:
        load_sources(tmp_path)
    assert str(first) in str(error.value)
    assert str(second) in str(error.value)


def test_a_folder_of_outlets(tmp_path: Path) -> None:
    for name in ("vn/b.yaml", "vn/a.yaml", "la/c.yaml"):
        written(tmp_path, GOOD, name)
    written(tmp_path, "no outlet", "vn/README.md")
    assert list(load_sources(tmp_path)) == ["a", "b", "c"]
    with pytest.raises(SourceError, match="DIEMBAO_SOURCES_DIR"):
        load_sources(tmp_path / "nowhere")


def test_hints_for_reading_its_pages(tmp_path: Path) -> None:
    hinted = load_source(written(tmp_path, GOOD + "extract:\n  body: div.noi-dung\n  remove: [ul.tin-khac]\n"))
    assert hinted.hints is not None
    assert (hinted.hints.body, hinted.hints.remove) == ("div.noi-dung", ("ul.tin-khac",))
    assert load_source(written(tmp_path, dump_source(hinted))) == hinted
    assert load_source(written(tmp_path, GOOD)).hints is None


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    feed = Feed(url="https://bao-mau.example/rss", kind="rss", confidence="high", notes="‘ghi chú’: x")
    source = Source(
        id="bao-mau",
        name="Báo: Mẫu",
        domain="x.example",
        country="XX",
        languages=("vi", "en"),
        scope="foreign",
        feeds=(feed,),
    )
    assert load_source(written(tmp_path, dump_source(source))) == source
