"""`diembao sources learn` on pages of the sample newsroom, kept in an archive as a crawl keeps them."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests_support.rows import add_page, add_source

from crawler.archive import WarcArchive
from crawler.extraction.extract import extract
from crawler.source import load_source
from pipelines.cli import main
from pipelines.newsroom import Newsroom
from store.database import Database

OUTLET = "song-hong"
FILE = """\
# một tờ báo bịa
name: Sông Hồng   # tên
domain: songhong.localhost
country: VN
languages: [vi]
scope: national
"""
FOLLOW = "Mời bạn đọc theo dõi Nhật báo Sông Hồng trên các nền tảng số để cập nhật những tin tức mới nhất."

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def pages(root: Path) -> list[tuple[bytes, str]]:
    """The outlet's articles, with a paragraph below each that is no part of it."""
    newsroom = Newsroom(root / "data" / "newsroom", date(2026, 11, 9))
    found = []
    for url, key in newsroom.article_urls(80).items():
        if key.startswith(OUTLET):
            parts = urlsplit(url)
            body = newsroom.respond(parts.netloc, parts.path, {}).body
            found.append((_with(body, f"<p>{FOLLOW}</p>"), url))
    return found


def _with(body: bytes, added: str) -> bytes:
    """The page with something after the last paragraph of the text."""
    at = body.rindex(b"</p>", 0, body.index(b"</article>")) + 4
    return body[:at] + added.encode() + body[at:]


@pytest.fixture
def diembao(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / f"{OUTLET}.yaml").write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("DIEMBAO_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
    monkeypatch.setenv("DIEMBAO_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("DIEMBAO_SOURCES_DIR", str(tmp_path / "sources"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["sources", "learn", *arguments])
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    return run


def keep(database: Database, folder: Path, pages: list[tuple[bytes, str]]) -> None:
    """Put pages into the archive and the database, as processed."""
    archive = WarcArchive(folder / "warc", software="test")
    with database.writing() as session:
        add_source(session, OUTLET)
        for number, (body, url) in enumerate(pages):
            place = archive.write(url=url, status=200, request_headers=b"", response_headers=b"", body=body)
            add_page(session, f"p{number}", OUTLET, warc_file=place.file, warc_offset=place.offset, outcome="article")
        add_page(session, "gone", OUTLET, warc_file="away.warc.gz", outcome="article")
    archive.close()


def test_a_proposal_with_its_evidence(
    diembao: Run, sqlite_database: Database, tmp_path: Path, pages: list[tuple[bytes, str]]
) -> None:
    assert len(pages) >= 16
    keep(sqlite_database, tmp_path, pages[:14])
    code, out, err = diembao(OUTLET)
    assert (code, err) == (0, "nothing is written; --apply does it\n")
    assert out.startswith(f"{OUTLET}: 14 articles read\n")
    assert "Mời bạn đọc theo dõi Nhật báo Sông Hồng trên" in out
    found = json.loads(diembao(OUTLET, "--json")[1])
    assert found["pages"] == found["fitting"] == 14
    assert found["covered"] >= 0.95
    assert found["before"] - found["after"] >= len(FOLLOW) * 14 * 0.95
    assert json.loads(diembao(OUTLET, "--json", "--pages", "5")[1])["pages"] == 5
    assert (tmp_path / "sources" / f"{OUTLET}.yaml").read_text(encoding="utf-8") == FILE


def test_what_is_applied_reads_the_next_pages(
    diembao: Run, sqlite_database: Database, tmp_path: Path, pages: list[tuple[bytes, str]]
) -> None:
    keep(sqlite_database, tmp_path, pages[:8])
    path = tmp_path / "sources" / f"{OUTLET}.yaml"
    code, _, err = diembao(OUTLET, "--apply")
    assert code == 0
    assert f"{path} written. For the stored pages: diembao requeue --articles --source {OUTLET}" in err
    text = path.read_text(encoding="utf-8")
    assert text.startswith(FILE)
    assert diembao(OUTLET, "--apply")[0] == 0
    assert path.read_text(encoding="utf-8") == text, "what is learned does not depend on what was learned before"
    hints = load_source(path).hints
    assert hints is not None
    assert hints.body
    assert list(path.parent.iterdir()) == [path]
    for body, url in pages[8:12]:
        own = extract(body.replace(f"<p>{FOLLOW}</p>".encode(), b""), url)
        assert FOLLOW in extract(body, url).body
        assert extract(body, url, hints=hints).body == own.body


def test_too_few_pages_are_told_of_in_one_line(
    diembao: Run, sqlite_database: Database, tmp_path: Path, pages: list[tuple[bytes, str]]
) -> None:
    assert diembao(OUTLET)[0] == 2, "the outlet is not in the database yet"
    keep(sqlite_database, tmp_path, [pages[0]] * 3 + pages[1:4])
    code, out, err = diembao(OUTLET)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "7 articles are stored, 4 different ones could be read; at least 5 are needed" in err
    code, _, err = diembao("song-hog")
    assert code == 2
    assert "did you mean song-hong?" in err


def test_a_file_that_only_a_person_can_change(
    diembao: Run, sqlite_database: Database, tmp_path: Path, pages: list[tuple[bytes, str]]
) -> None:
    keep(sqlite_database, tmp_path, pages)
    path = tmp_path / "sources" / f"{OUTLET}.yaml"
    path.write_text("{name: X, domain: x.example, country: VN, languages: [vi], scope: national}", encoding="utf-8")
    code, _, err = diembao(OUTLET, "--apply")
    assert code == 2
    assert "only a person can change; put in {extract: {body: " in err
    assert path.read_text(encoding="utf-8").startswith("{name: X")
