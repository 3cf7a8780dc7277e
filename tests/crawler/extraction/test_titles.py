import pytest
from lxml import html

from crawler.extraction.metadata import Metadata, read_metadata
from crawler.extraction.titles import find_title, pick_title, strip_suffix

TITLE = "Hai nước bàn về hợp tác giáo dục"


@pytest.mark.parametrize(
    ("title", "sites", "stripped"),
    [
        (f"{TITLE} - Báo Mẫu", ["Báo Mẫu"], TITLE),
        (f"{TITLE}｜Báo Mẫu", ["Báo Mẫu"], TITLE),
        (f"Báo Mẫu | {TITLE}", ["Báo Mẫu"], TITLE),
        ("Wir sind MUSTER", ["Muster"], "Wir sind MUSTER"),
        (f"{TITLE} - Báo Mẫu", [], f"{TITLE} - Báo Mẫu"),
    ],
)
def test_the_outlet_is_no_part_of_a_headline(title: str, sites: list[str], stripped: str) -> None:
    assert strip_suffix(title, sites, "") == stripped


@pytest.mark.parametrize(
    ("headlines", "titles", "headings", "chosen"),
    [
        ([TITLE], [TITLE], [f"Giáo dục: {TITLE}"], TITLE),
        ([f"Giáo dục: {TITLE}"], [TITLE], [TITLE], TITLE),
        ([], [f"{TITLE} &#8211; và hơn nữa"], [f"{TITLE} – và hơn nữa"], f"{TITLE} – và hơn nữa"),
        ([], [f"Cuộc gặp: {TITLE}"], [f"Ngoại giao – {TITLE}"], TITLE),
        ([], ["Báo Mẫu"], [TITLE], TITLE),
        ([TITLE], [], ["Tin khác hẳn", "Tin nữa"], TITLE),
        ([], [TITLE], ["Hai nước bàn hợp tác về giáo dục"], "Hai nước bàn hợp tác về giáo dục"),
        ([], [], [], "Từ nguồn"),
    ],
)
def test_between_what_is_stated_and_what_is_shown(
    headlines: list[str], titles: list[str], headings: list[str], chosen: str
) -> None:
    metadata = Metadata(headlines=headlines, titles=titles, site_names=["Báo Mẫu"])
    assert pick_title(metadata, headings, "", "Từ nguồn") == chosen


def test_words_in_blocks_of_a_heading_stay_apart() -> None:
    tree = html.document_fromstring("<body><h1><span>Giáo dục</span><br>Hai nước bàn hợp tác</h1></body>")
    assert find_title(tree, read_metadata(tree)) == "Giáo dục Hai nước bàn hợp tác"


def test_a_lower_heading_shows_where_the_suffix_starts() -> None:
    tree = html.document_fromstring(
        f'<head><meta property="og:title" content="{TITLE} ở phía nam"></head><body><h2>{TITLE}</h2></body>'
    )
    assert find_title(tree, read_metadata(tree)) == TITLE
