"""Mistakes in the newsroom's files are refused, saying where, what, and what is valid."""

import unicodedata
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from pipelines.commands.newsroom import FOLDER
from pipelines.newsroom import ContentError, Newsroom

ANCHOR = date(2026, 11, 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A newsroom of one outlet and one article, to break."""
    copytree(FOLDER / "templates", tmp_path / "templates")
    (tmp_path / "words.yaml").write_bytes((FOLDER / "words.yaml").read_bytes())
    outlets = yaml.safe_load((FOLDER / "outlets.yaml").read_text("utf-8"))["outlets"][:1]
    write(tmp_path / "outlets.yaml", {"outlets": outlets})
    write(tmp_path / "articles" / "song-hong.yaml", [article()])
    return tmp_path


def write(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


def article(**changed: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "slug": "mua-lu",
        "days_ago": 1,
        "time": "13:51",
        "section": "xa-hoi",
        "title": "Mưa lũ",
        "lead": "Nước lên.",
        "body": "Một.\n\nHai.",
        "byline": "Ban Thời sự",
        "labels": {"relevance": "central", "topics": ["environment"], "tone": "neutral"},
    }
    return fields | changed


def test_a_newsroom_of_one_article_stands(folder: Path) -> None:
    newsroom = Newsroom(folder, ANCHOR)
    assert newsroom.article_urls(1) == {"http://songhong.localhost:1/xa-hoi/mua-lu.html": "song-hong/mua-lu"}
    assert newsroom.articles["song-hong/mua-lu"].body == ("Một.", "Hai.")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"section": "the-gioi"}, "section is 'the-gioi'; valid: chinh-tri"),
        ({"days_ago": 0}, "days_ago is 0; valid: a whole number from 1 to 28"),
        ({"time": 831}, "time is 831; valid: hours and minutes in quotes"),
        ({"title": unicodedata.normalize("NFD", "Mưa lũ")}, "title is not NFC"),
        ({"lead": ""}, "lead is ''; valid: a text"),
        ({"sumary": "x"}, "unknown key 'sumary'; valid: slug"),
        ({"labels": {"relevance": "main", "topics": ["sport"]}}, "relevance is 'main'; valid: central"),
        ({"labels": {"relevance": "none", "topics": ["world"], "tone": "neutral"}}, "tone is 'neutral' though"),
    ],
)
def test_a_wrong_article_is_named_with_what_is_valid(folder: Path, changed: dict[str, object], said: str) -> None:
    write(folder / "articles" / "song-hong.yaml", [article(**changed)])
    with pytest.raises(ContentError) as error:
        Newsroom(folder, ANCHOR)
    assert "song-hong.yaml: article 'mua-lu'" in str(error.value)
    assert said in str(error.value)


def test_a_slug_used_twice_is_refused(folder: Path) -> None:
    write(folder / "articles" / "song-hong.yaml", [article(), article()])
    with pytest.raises(ContentError, match=r"song-hong.yaml: article 'mua-lu': this slug is used twice"):
        Newsroom(folder, ANCHOR)


def test_an_edit_that_finds_nothing_is_refused(folder: Path) -> None:
    edit = {"article": "song-hong/mua-lu", "days_ago": 1, "time": "18:00", "title": "x", "correction": "y"}
    write(folder / "extras.yaml", {"edited": [edit | {"edits": [["Ba.", "Bốn."]]}]})
    with pytest.raises(ContentError, match=r"extras.yaml: edited 'song-hong/mua-lu': edit finds no 'Ba.'"):
        Newsroom(folder, ANCHOR)
