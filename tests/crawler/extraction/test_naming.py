import pytest
from lxml.html import fromstring

from crawler.extraction.naming import selectors_of


@pytest.mark.parametrize(
    ("html", "selectors"),
    [
        ("<div id='noi-dung' class='x'>", ["div#noi-dung"]),
        ("<p class='noi-dung x1 chinh'>", ["p.noi-dung", "p.chinh", "p.noi-dung.chinh"]),
        ("<p itemprop='articleBody' class='fck_detail'>", ['p[itemprop="articleBody"]', "p.fck_detail"]),
        ("<article class='post-81234'>", ["article"]),
        ("<div class='article__body'>", ["div.article__body"]),
        ("<div>", []),
    ],
)  # fmt: skip
def test_names_that_people_gave(html: str, selectors: list[str]) -> None:
    assert list(selectors_of(fromstring(html + "x"))) == selectors


@pytest.mark.parametrize(
    "name",
    (
        "css-1x2yz sc-bdVaJa Body_wrap__dXkQw svelte-abcdef col-md-8 post-81234 is-open flex inline-flex mx-auto"
        " justify-between wrapper a -x __x a..b a:hover {{name}} " + "x" * 60
    ).split(),
)
def test_names_that_tools_make_or_that_say_nothing(name: str) -> None:
    element = fromstring("<div>x</div>")
    element.set("class", name)
    element.set("id", name)
    assert list(selectors_of(element)) == []
