import pytest

from crawler.extraction.parsing import parse


@pytest.mark.parametrize(
    ("reference", "read"),
    [
        ("&#1;", ""),
        ("&#x7;", ""),
        ("&#xD800;", ""),
        ("&#65534;", ""),
        ("&#10;", "\n"),
        ("&#273;", "đ"),
        ("&#x1F600;", "😀"),
    ],
)
def test_references_to_characters_that_xml_lacks_are_dropped(reference: str, read: str) -> None:
    tree = parse(f"<html><body><p>a{reference}b</p><p>c</p></body></html>")
    assert tree is not None
    paragraph = tree.find(".//p")
    assert paragraph.text == f"a{read}b"
    paragraph.tail = paragraph.text  # lxml refuses text with such characters


@pytest.mark.parametrize("junk", ["{}", "%PDF-1.7", "", "plain words"])
def test_what_is_no_html(junk: str) -> None:
    assert parse(junk) is None


def test_a_page_that_begins_with_a_servers_warning() -> None:
    tree = parse("<br>\n<b>Warning</b>: no such table <b>x</b><div><p>Một</p><p>Hai</p></div>")
    assert tree is not None
    assert [paragraph.text for paragraph in tree.iter("p")] == ["Một", "Hai"]


def test_every_element_is_of_one_class() -> None:
    tree = parse("<html><body><form><input name='q'><label>x</label></form><p>y</p></body></html>")
    assert tree is not None
    assert {type(element).__name__ for element in tree.iter()} == {"HtmlElement"}
