from pathlib import Path

import pytest

from crawler.errors import SourceError
from crawler.groups import groups_of, load_groups
from crawler.source import Source

GOOD = """\
- id: home
  vi: Trong nước
  en: Home
  countries: [VN]
- id: near
  vi: Lân cận
  en: Near
  countries: [LA, KH]
  languages: [vi, lo]
- id: foreign_agencies
  vi: Hãng tin
  en: Agencies
  not_countries: [VN]
  scopes: [agency]
- id: editions
  vi: Tiếng nước ngoài
  en: Editions
  countries: [VN]
  not_languages: [vi]
"""


def source(country: str, language: str, scope: str = "national", group: str = "") -> Source:
    fields = {"id": "x", "name": "X", "domain": "x.example", "scope": scope, "group": group}
    return Source.model_validate(fields | {"country": country, "languages": [language]})


def written(folder: Path, text: str) -> Path:
    (folder / "groups.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("outlet", "expected"),
    [
        (source("VN", "vi"), ("home",)),
        (source("VN", "en"), ("home", "editions")),
        (source("LA", "lo"), ("near",)),
        (source("LA", "en"), ()),
        (source("LA", "lo", "agency"), ("near", "foreign_agencies")),
        (source("VN", "vi", "agency"), ("home",)),
        (source("VN", "vi", group="near"), ("near",)),
    ],
)
def test_the_groups_of_an_outlet(tmp_path: Path, outlet: Source, expected: tuple[str, ...]) -> None:
    assert groups_of(outlet, load_groups(written(tmp_path, GOOD))) == expected


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("  countries: [VN]\n- id: near", "- id: near", 1, "a group needs a condition"),
        ("countries: [LA, KH]", "country: [LA]", 7, "unknown key; valid are id, vi, en, countries"),
        ("countries: [LA, KH]", "countries: [Lao]", 8, "1.countries.0: .*got 'Lao'"),
        ("scopes: [agency]", "scopes: [wire]", 14, "scopes.0: .*got 'wire'"),
        ("  vi: Lân cận\n", "", 5, "1.vi: Field required"),
        ("- id: near", "- id: Near", 5, "1.id"),
    ],
)
def test_a_mistake_is_named_by_file_and_line(tmp_path: Path, before: str, after: str, line: int, says: str) -> None:
    assert before in GOOD
    folder = written(tmp_path, GOOD.replace(before, after, 1))
    with pytest.raises(SourceError, match=says) as error:
        load_groups(folder)
    stated = int(str(error.value).partition("line ")[2].partition(":")[0])
    assert abs(stated - line) <= 1


def test_a_file_that_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected a list of groups"):
        load_groups(written(tmp_path, "asean: [LA]"))
    with pytest.raises(SourceError, match="two groups have one id"):
        load_groups(written(tmp_path, GOOD.replace("id: near", "id: home")))
    (tmp_path / "groups.yaml").unlink()
    assert load_groups(tmp_path) == ()
