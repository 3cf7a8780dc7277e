"""Stories on the desk: what an analyst sees of one, and what the desk offers to put with it."""

import re
from datetime import timedelta
from typing import Any

import lxml.html
from sqlalchemy import update
from tests_support.rows import NOON, add_article
from tests_support.stories import Events, split, story_of, text_of

from store.database import Database
from store.tables import ArticleRow, PredictionRow, StoryRow


def test_a_story_shows_its_articles_by_time_and_where_they_come_from(
    browser_of_lan: Any, events: Events, database: Database
) -> None:
    number = story_of(database, events["storm"][0])
    with database.writing() as session:
        session.add(
            PredictionRow(article_id=events["storm"][1], revision=1, model="m", language="vi", language_confidence=1,
                          relevance="central", topics=["environment"], tone="negative", scores={}, evidence=[])
        )  # fmt: skip
    answer = browser_of_lan.get(f"/stories/{number}")
    page = lxml.html.fromstring(answer.text)
    listed = [int(link.rsplit("/", 1)[1]) for link in page.xpath("//li[contains(@class, 'item')]//h2/a/@href")]
    assert listed == events["storm"]
    words = text_of(answer)
    for said in (
        f"Sự kiện #{number} Bão Sao Mai đổ bộ Lam Giang",
        "3 bài trên 3 báo · từ 12:00, 09/11/2026 đến 14:00, 09/11/2026",
        "Đăng sớm nhất Báo Mẫu, Việt Nam · 12:00, 09/11/2026",
        "Hãng tin được dẫn nguồn TTXVN (2 bài)",
        "Bài đăng lại ở đây 1",
        "Được đăng lại: 1 bài · Hãng tin: TTXVN",
        "Đăng lại bài của Báo Mẫu (giống 100%) · Hãng tin: TTXVN",
        "The Wayfarer · Singapore · tiếng Việt",
        "Môi trường, khí hậu, thiên tai",
        "Sắc thái: tiêu cực",
    ):
        assert said in words, said
    assert page.xpath("//*[@class='badge']/ancestor::li/@id") == [f"a{events['storm'][0]}"]
    assert "Thay đổi của người duyệt" not in words


def test_an_article_leads_to_its_story(browser_of_lan: Any, events: Events, database: Database) -> None:
    storm = events["storm"]
    page = browser_of_lan.get(f"/articles/{storm[2]}?rule=audit")
    number = story_of(database, storm[2])
    assert f'href="/stories/{number}?rule=audit"' in page.text
    assert f"Sự kiện #{number} · 3 bài trên 3 báo" in text_of(page)
    assert "Đăng lại bài của Báo Mẫu (giống 100%) · Hãng tin: TTXVN" in text_of(page)
    assert "Bài này chưa thuộc sự kiện nào." in text_of(browser_of_lan.get(f"/articles/{events['lone'][0]}"))


def test_what_might_belong_together_is_offered(browser_of_lan: Any, events: Events, database: Database) -> None:
    storm, match = story_of(database, events["storm"][0]), story_of(database, events["match"][0])
    split(browser_of_lan, database, events["storm"][2])
    own = story_of(database, events["storm"][2])

    def offered(path: str) -> list[int]:
        page = lxml.html.fromstring(browser_of_lan.get(path).text)
        return [int(link) for link in page.xpath("//*[@id='choices']//button/@value")]

    assert offered(f"/stories/{storm}") == [own, match], "the one most alike first"
    assert offered(f"/articles/{events['storm'][2]}/story")[0] == storm
    assert offered(f"/stories/{storm}?find=bong+chuyen") == [match]
    assert offered(f"/stories/{storm}?find=%23{match}") == [match]
    assert offered(f"/stories/{storm}?find=http://desk.example/stories/{match}?x=1") == [match]
    assert offered(f"/articles/{events['storm'][0]}/story?find=/articles/{events['lone'][0]}") == events["lone"]
    assert offered(f"/articles/{events['storm'][0]}/story?find=cho+noi") == events["lone"]
    assert offered(f"/stories/{storm}?find=Sao+Mai") == [own], "itself is left out"
    for nothing in ("xyzzy", "%22", "999999", "''"):
        page = browser_of_lan.get(f"/stories/{storm}?find={nothing}")
        assert "Không tìm thấy sự kiện hay bài nào." in text_of(page), nothing
    # A merged one is found by its old number.
    browser_of_lan.post(f"/stories/{own}/merge", other=str(match))
    assert offered(f"/stories/{storm}?find={match}") == [own]


def test_a_long_story_has_pages(browser_of_lan: Any, events: Events, database: Database) -> None:
    number = story_of(database, events["storm"][0])
    with database.writing() as session:
        for at in range(101):
            row = add_article(
                session, f"more-{at}", f"Tin {at}", "", "ben-song", moment=NOON + timedelta(days=1, minutes=at)
            )
            row.story_id = number
    page = browser_of_lan.get(f"/stories/{number}")
    assert "104 bài trên 3 báo" in text_of(page)
    assert len(re.findall(r'class="item"', page.text)) == 100
    assert len(re.findall(r'class="item"', browser_of_lan.get(f"/stories/{number}?page=2").text)) == 4
    assert browser_of_lan.get(f"/stories/{number}?page=9").status_code == 200


def test_markup_in_titles_is_escaped(browser_of_lan: Any, events: Events, database: Database) -> None:
    bad = "<img src=x onerror=alert(1)>\"'{{ 7*7 }}"
    number = story_of(database, events["storm"][0])
    with database.writing() as session:
        session.execute(update(StoryRow).values(title=bad))
        session.execute(update(ArticleRow).values(title=bad, agency=bad))
    split(browser_of_lan, database, events["storm"][1])
    for path in (
        f"/stories/{number}",
        f"/articles/{events['storm'][0]}/story?find={bad}",
        f"/stories/{number}?find=Mai",
    ):
        page = browser_of_lan.get(path).text
        assert "<img" not in page
        assert "{{ 7*7 }}" in page
        assert not lxml.html.fromstring(page).xpath("//@*[starts-with(name(), 'on')]")
