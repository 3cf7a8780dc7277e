from lxml.html import fromstring

from crawler.extraction.parts import page_of

HTML = """<div id="all">Trước <b>đậm</b> sau.
<div class="box"><p>Xem <a href="/a">một bài <i>rất dài</i> khác</a></p> đuôi</div>
<ul><li>Mục một<br>dòng hai</li></ul> cuối</div>"""


def test_the_text_of_every_block_in_its_order() -> None:
    page = page_of(fromstring(HTML), "")
    assert {part.element.tag: part.text for part in page.parts if part.element.get("id") is None} == {
        "div": "đuôi",
        "p": "Xem một bài rất dài khác",
        "li": "Mục mộtdòng hai",
    }
    assert [part.text for part in page.parts if part.element is page.scope] == ["Trước đậm sau. cuối"]
    around = {part.element.tag: [outer.tag for outer in part.around] for part in page.parts}
    assert (around["p"], around["li"]) == (["p", "div"], ["li", "ul"])
    assert [part.around for part in page.parts if part.element is page.scope] == [()]


def test_what_is_linked_and_what_is_read() -> None:
    page = page_of(fromstring(HTML), "Xem một bài rất dài khác\n- Mục một\ndòng hai")
    linked = {part.text: part.linked for part in page.parts}
    assert linked["Xem một bài rất dài khác"] == 16 / 19
    assert linked["đuôi"] == 0.0
    assert [part.label for part in page.parts if part.linked] == ["xem"]
    assert [part.text for part in page.parts if part.read] == ["Xem một bài rất dài khác", "Mục mộtdòng hai"]
    assert page.read == len("Xem một bài rất dài khác" + "Mục mộtdòng hai")
