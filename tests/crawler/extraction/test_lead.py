import pytest

from crawler.extraction.lead import find_lead, put_lead
from crawler.extraction.metadata import Metadata
from crawler.extraction.parsing import parse

LEAD = "Chiều nay, hai bên đã trao đổi về hợp tác giáo dục và văn hoá trong những năm tới ở khu vực."
BODY = [
    "Theo thông cáo, cuộc gặp diễn ra trong không khí cởi mở, thẳng thắn và kéo dài hơn hai giờ đồng hồ.",
    "Hai bên nhất trí tăng số học bổng dành cho sinh viên và mở thêm các khoá học tiếng Việt vào năm sau.",
]


def shown(inside: str, *descriptions: str) -> str:
    tree = parse(f"<html><body><h1>Hai nước bàn về hợp tác</h1>{inside}<p>{BODY[0]}</p></body></html>")
    assert tree is not None
    return find_lead(tree, Metadata(descriptions=list(descriptions)))


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        (f"<h2>{LEAD}</h2>", LEAD),
        (f"<div><strong>{LEAD}</strong></div>", LEAD),
        (f"<p>(Lam Giang) - {LEAD}</p>", f"(Lam Giang) - {LEAD}"),
        (f"<figure><figcaption><p>{LEAD}</p></figcaption></figure>", ""),
        (f"<div class='site-footer'><p>{LEAD}</p></div>", ""),
        (f"<p>{BODY[1]}</p>", ""),
    ],
)
def test_what_the_page_states_and_shows(inside: str, found: str) -> None:
    assert shown(inside, LEAD) == found
    assert shown(inside, LEAD[:70] + "...") == found


@pytest.mark.parametrize("name", ["detail-sapo", "sapo", "article lead", "standfirst"])
def test_what_has_the_name_of_a_lead(name: str) -> None:
    assert shown(f"<div class='{name}'>{LEAD}</div>") == LEAD


def test_other_names_and_short_texts_are_none() -> None:
    assert shown(f"<div class='leader-board'>{LEAD}</div>") == ""
    assert shown("<div class='sapo'>Chiều nay</div>") == ""


def test_a_lead_is_put_back_only_where_the_body_lacks_it() -> None:
    metadata = Metadata(descriptions=[LEAD])
    assert put_lead(LEAD, BODY, metadata) == (LEAD, BODY)
    assert put_lead(LEAD, [LEAD, *BODY], metadata) == (LEAD, BODY)
    assert put_lead("", [LEAD, *BODY], metadata) == (LEAD, BODY)
    assert put_lead(LEAD, [BODY[0], LEAD, BODY[1]], metadata) == ("", [BODY[0], LEAD, BODY[1]])
    assert put_lead("", BODY, metadata) == ("", BODY)
    assert put_lead(LEAD, [LEAD], metadata) == ("", [LEAD])
