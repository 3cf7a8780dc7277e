"""The body of an article, on pages written here: one fault that real pages have in each."""

import json

import pytest

from crawler.extraction.body import read_body
from crawler.extraction.hints import Hints
from crawler.extraction.parsing import parse

TITLE = "Thành phố Lam Giang mở thêm ba tuyến xe buýt điện"
BODY = [
    "Ngày 8 tháng 11, thành phố Lam Giang công bố ba tuyến xe buýt điện mới nối trung tâm với các quận phía nam.",
    "Theo kế hoạch, mỗi tuyến có mười hai xe, chạy từ năm giờ sáng đến mười giờ đêm, cứ mười lăm phút có một chuyến.",
    "Ban quản lý cho biết giá vé giữ nguyên trong năm đầu tiên, học sinh và người cao tuổi được đi miễn phí cả tuần.",
    "Nhiều người dân hy vọng các tuyến mới sẽ làm giảm ùn tắc trên đường ven sông vào giờ cao điểm buổi chiều.",
]
OTHER = [
    "Câu chuyện khác kể về một làng nghề làm giấy dó ở thượng nguồn, nơi những người thợ cuối cùng vẫn giữ lò nấu.",
    "Ở cuối làng, con đường lát đá dẫn xuống bến đò cũ, nơi chợ phiên họp vào sáng sớm ngày rằm và mồng một.",
    "Khách phương xa thường đến vào mùa nước nổi để xem những mẻ giấy phơi trắng cả triền đê dưới nắng nhạt đầu đông.",
    "Nghề đã có ba trăm năm, nhưng chỉ còn bảy gia đình theo, và lớp trẻ trong làng phần lớn đã ra phố tìm việc khác.",
    "Một bảo tàng nhỏ vừa mở cửa ở đình làng, trưng bày khuôn seo, cối giã và những tờ giấy cổ nhất còn lại đến nay.",
]


def block(paragraphs: list[str], tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in paragraphs)


def read(inside: str, hints: Hints | None = None) -> list[str]:
    tree = parse(f"<!doctype html><html lang='vi'><head><title>{TITLE}</title></head><body>{inside}</body></html>")
    assert tree is not None
    return read_body(tree, TITLE, hints).text.split("\n")


def page(article: str, before: str = "", after: str = "") -> str:
    head = "<div class='top'><a href='/'>Trang chủ</a> <a href='/xa-hoi'>Xã hội</a></div>"
    return f"{head}{before}<div class='wrap'><h1>{TITLE}</h1>{article}</div>{after}<div class='f'>Lam Giang</div>"


def test_a_container_without_any_telling_name() -> None:
    assert read(page(f"<div class='x7 q'>{block(BODY)}</div>")) == BODY


def test_an_article_in_several_parts_of_one_name() -> None:
    parts = "".join(f"<div class='article-body chunk'>{block([text])}</div>" for text in BODY)
    assert read(page(f"<div class='chunks'>{parts}</div>")) == BODY


def test_paragraphs_in_divs_and_paragraphs_between_line_breaks() -> None:
    assert read(page(f"<div class='noidung'>{block(BODY, 'div')}</div>")) == BODY
    assert read(page(f"<div class='noidung'>{'<br><br>'.join(BODY)}</div>")) == BODY


def test_a_longer_article_appended_below_is_not_taken() -> None:
    appended = f"<article class='post'><h2>Làng giấy dó</h2>{block(OTHER)}</article>"
    assert read(page(f"<article class='post'>{block(BODY)}</article>", after=appended)) == BODY


@pytest.mark.parametrize("name", ["comments", "cookie-consent", "site-footer", "login-dialog"])
def test_a_longer_text_in_a_part_known_to_be_something_else(name: str) -> None:
    assert read(page(f"<div class='x7'>{block(BODY)}</div>", after=f"<div id='{name}'>{block(OTHER)}</div>")) == BODY


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>XEM THÊM: <a href='/a'>Thêm năm cây cầu bắc qua sông trong năm tới</a></p>",
        "<p>Đọc thêm: <a href='/a'>Thêm năm cây cầu bắc qua sông trong năm tới</a></p>",
        "<ul><li><a href='/a'>Thêm năm cây cầu bắc qua sông</a></li><li><a href='/b'>Chợ đêm mở lại</a></li></ul>",
        "<div class='tin-lien-quan'><p>Thêm năm cây cầu bắc qua sông trong năm tới, hai cầu xong sớm.</p></div>",
        "<div class='box related-news'><p>Thêm năm cây cầu bắc qua sông trong năm tới, hai cầu xong sớm.</p></div>",
        "<p style='display:none'>Phiên bản này chỉ dành cho máy in và không hiện ra cho người đọc trang.</p>",
        "<figure><img src='x.jpg'><figcaption>Xe buýt điện chạy thử. Ảnh: Lam Giang</figcaption></figure>",
        "<table><tr><td><img src='x.jpg'></td></tr><tr><td>Xe buýt điện chạy thử. Ảnh: Lam Giang</td></tr></table>",
        "<p>Tin cùng chuyên mục</p>",
        "<p>Tổng số điểm của bài viết là: 5 trong 1 đánh giá</p>",
    ],
)
def test_furniture_inside_the_text_is_left_out(furniture: str) -> None:
    from crawler.extraction.furniture import paragraphs_of

    lines = read(page(f"<div class='x7'>{block(BODY[:2])}{furniture}{block(BODY[2:])}</div>"))
    assert paragraphs_of("\n".join(lines), TITLE) == BODY


def test_lists_and_tables_of_the_article_are_text() -> None:
    listed = "<ul><li>Tuyến một chạy qua bến phía nam và chợ.</li><li>Tuyến hai chạy qua bệnh viện.</li></ul>"
    table = "<table><tr><th>Tuyến</th><th>Số xe</th></tr><tr><td>Một</td><td>12</td></tr></table>"
    lines = read(page(f"<div class='x7'>{block(BODY[:2])}{listed}{table}{block(BODY[2:])}</div>"))
    assert [line for line in lines if line in BODY] == BODY
    assert "- Tuyến hai chạy qua bệnh viện." in lines
    assert any("Một" in line and "12" in line for line in lines)


def test_a_photo_story_is_its_captions() -> None:
    figures = "".join(f"<figure><img src='x.jpg'><figcaption>{text}</figcaption></figure>" for text in BODY)
    assert read(page(f"<div class='x7'>{figures}</div>")) == BODY


def test_slides_are_text_though_their_names_say_otherwise() -> None:
    slides = "".join(f"<div class='teaser hidden'><p>{text}</p></div>" for text in BODY)
    assert read(page(f"<div class='x7'>{slides}</div>")) == BODY


def test_hints_say_where_the_text_is_and_what_is_not() -> None:
    inside = f"<div class='a'>{block(OTHER)}</div><div class='b'>{block(BODY)}<p class='quang-cao'>{OTHER[0]}</p></div>"
    assert OTHER[1] in read(page(inside))
    assert read(page(inside), Hints(body="div.b", remove=("p.quang-cao",))) == BODY
    assert read(page(inside), Hints(body="div.b", remove=("p.quang-cao", "div.a"))) == BODY


@pytest.mark.parametrize("hinted", ["div.nowhere", "div.top", "div.empty"])
def test_a_hint_that_finds_no_text_leaves_the_page_to_the_engine(hinted: str) -> None:
    assert read(page(f"<div class='empty'></div><div class='x7'>{block(BODY)}</div>"), Hints(body=hinted)) == BODY


def test_of_several_parts_that_a_hint_finds_the_fullest_is_the_article() -> None:
    inside = f"<div class='b'>{OTHER[0]}</div><div class='b'>{block(BODY)}</div><div class='b'></div>"
    assert read(page(inside), Hints(body="div.b")) == BODY


def test_a_lead_between_headline_and_text_is_told_apart() -> None:
    lead = "Ba tuyến xe buýt điện mới sẽ chạy từ đầu tháng mười hai, chính quyền thành phố cho biết hôm qua."
    tree = parse(f"<html><body>{page(f'<p>{lead}</p><div class=x7><div>{block(BODY)}</div></div>')}</body></html>")
    assert tree is not None
    body = read_body(tree, TITLE)
    assert (body.above, body.text.split("\n")) == (lead, BODY)


def test_a_page_that_scripts_fill_has_the_text_it_tells_machines() -> None:
    data = json.dumps({"@graph": [{"@type": "NewsArticle", "articleBody": "\n".join(BODY)}]})
    script = f"<script type='application/ld+json'>{data}</script>"
    assert read(f"{script}<h1>{TITLE}</h1><div id='app'></div>") == BODY
    tagged = script.replace("\\n", "</p><p>")
    assert read(f"{tagged}<h1>{TITLE}</h1><div id='app'></div>") == BODY
    # What readers see is believed before it.
    assert read(script.replace(BODY[0][:20], "") + page(f"<div class='x7'>{block(BODY)}</div>")) == BODY


@pytest.mark.parametrize("data", ["{", '{"articleBody": 5}', "[" * 100_000 + '"articleBody"', '"articleBody"'])
def test_broken_statements_are_passed_over(data: str) -> None:
    script = f"<script type='application/ld+json'>{data}</script>"
    assert read(script + page(f"<div class='x7'>{block(BODY)}</div>")) == BODY


def test_an_empty_page_has_no_text() -> None:
    assert read("<p></p>") == [""]
