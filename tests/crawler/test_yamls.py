import pytest
import yaml

from crawler.errors import SourceError
from crawler.yamls import with_key

TEXT = """\
# Một tờ báo bịa
name: "Báo Mẫu"   # tên
languages: [vi]

# các nguồn
feeds:
- url: https://bao-mau.example/rss
  kind: rss   # RSS
"""
VALUE = {"body": "div.noi-dung", "remove": ['p:contains("Mời độc giả: theo dõi")', "ul#khac"]}


def test_a_new_key_is_put_at_the_end() -> None:
    changed = with_key(TEXT, "extract", VALUE)
    assert changed.startswith(TEXT)
    assert yaml.safe_load(changed)["extract"] == VALUE
    assert with_key(TEXT.rstrip("\n"), "extract", VALUE) == changed


@pytest.mark.parametrize("rest", ["", "\n# ghi chú sau\nnotes: x\n", "notes: |\n  extract: không phải khoá\n"])
def test_a_key_that_is_there_is_replaced_and_nothing_else(rest: str) -> None:
    old = "extract:\n  # cũ\n  body: div.cu\n  remove:\n  - p.x\n"
    changed = with_key(TEXT + old + rest, "extract", VALUE)
    assert changed == with_key(TEXT, "extract", VALUE) + rest
    assert with_key(changed, "extract", VALUE) == changed
    assert with_key(changed.replace("\n", "\r\n"), "name", "Báo Khác").count("\r\n") == changed.count("\n") - 1


@pytest.mark.parametrize("text", ["{name: x, languages: [vi]}", "{name: x, extract: {body: p}}\n", "name: x\n...\n"])
def test_a_form_that_cannot_be_changed_is_told_of(text: str) -> None:
    with pytest.raises(SourceError, match=r"only a person can change; put in \{extract: \{body: div") as error:
        with_key(text, "extract", VALUE)
    assert "\n" not in str(error.value)
