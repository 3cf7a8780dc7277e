"""Stories on the desk: what an analyst puts together and apart, and takes back; and who may not."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from tests_support.events import LONE, MATCH, STORM
from tests_support.rows import NOON, add_article, extracted
from tests_support.stories import Events, split, story_of, text_of

from store.articles import save_article
from store.database import Database
from store.tables import ArticleRow, AuditRow, PageRow, StoryDecisionRow, UserRow


def decisions(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(StoryDecisionRow)) or 0


def follow(browser: Any, answer: httpx.Response) -> str:
    """The text of the page that an accepted form leads to."""
    assert answer.status_code == 303, text_of(answer)
    page = browser.get(answer.headers["location"])
    assert page.status_code == 200
    return text_of(page)


def decision_of(page: httpx.Response) -> str:
    found = re.search(r'name="decision" value="(\d+)"', page.text)
    assert found
    return found[1]


def move(browser: Any, database: Database, article_id: int, **fields: str) -> Any:
    return browser.post(f"/articles/{article_id}/story", **{"seen": str(story_of(database, article_id)), **fields})


def test_stories_are_merged_and_an_old_address_leads_on(
    browser_of_lan: Any, events: Events, database: Database
) -> None:
    into, gone = story_of(database, events["storm"][0]), story_of(database, events["match"][0])
    words = follow(browser_of_lan, browser_of_lan.post(f"/stories/{into}/merge", other=str(gone)))
    assert f"Đã ghi: gộp vào đây sự kiện #{gone} (2 bài)" in words
    assert "5 bài trên 3 báo" in words
    assert re.search(rf"lan: gộp vào đây sự kiện #{gone}", words)
    answer = browser_of_lan.get(f"/stories/{gone}?rule=audit")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/stories/{into}?rule=audit")
    with database.writing() as session:
        made = session.scalars(select(StoryDecisionRow).where(StoryDecisionRow.article_id.is_(None))).one()
        name = session.get_one(UserRow, made.user_id or 0).name
        assert (made.kind, made.story_id, made.from_id, name) == ("merge", into, gone, "lan")
        assert session.scalars(select(AuditRow.action).where(AuditRow.action == "stories merged")).all()
        # What comes in later goes where the analyst put the others.
        late = add_article(session, "late", MATCH[1][0] + " giải vùng", MATCH[0][1], moment=NOON + timedelta(hours=3))
        assert late.story_id == into


def test_a_merge_is_undone(browser_of_lan: Any, events: Events, database: Database) -> None:
    into, gone = story_of(database, events["storm"][0]), story_of(database, events["match"][0])
    done = browser_of_lan.post(f"/stories/{into}/merge", other=str(gone)).headers["location"]
    decision = decision_of(browser_of_lan.get(done))
    words = follow(browser_of_lan, browser_of_lan.post(f"/stories/{into}/undo", decision=decision))
    assert f"Đã ghi: chuyển bài sang sự kiện #{gone} (2 bài)" in words
    assert [story_of(database, one) for one in events["match"]] == [gone, gone]
    assert browser_of_lan.get(f"/stories/{gone}").status_code == 200
    again = browser_of_lan.post(f"/stories/{into}/undo", decision=decision)
    assert again.status_code == 409
    assert "Không còn gì để hoàn tác" in text_of(again)


def test_a_split_article_stays_out_whatever_comes_in(browser_of_lan: Any, events: Events, database: Database) -> None:
    third = events["storm"][2]
    before = story_of(database, third)
    words = follow(browser_of_lan, split(browser_of_lan, database, third))
    own = story_of(database, third)
    assert f"Đã ghi: chuyển bài sang sự kiện #{own}: “{STORM[0][0]}”" in words
    assert "2 bài trên 2 báo" in words
    with database.writing() as session:
        row = session.get_one(ArticleRow, third)
        page = session.get_one(PageRow, row.page_id)
        save_article(session, page, extracted(STORM[0][0], STORM[0][1] + " Thêm một câu.", digest=STORM[0][0]))
        add_article(session, "late", *STORM[2], moment=NOON + timedelta(hours=3))
    assert story_of(database, third) == own != before
    # Its original is elsewhere now, and that is said.
    assert "(bài đó ở ngoài sự kiện này)" in text_of(browser_of_lan.get(f"/stories/{own}"))


def test_a_split_is_undone_from_the_notice(browser_of_lan: Any, events: Events, database: Database) -> None:
    third = events["storm"][2]
    before = story_of(database, third)
    done = browser_of_lan.get(split(browser_of_lan, database, third).headers["location"])
    browser_of_lan.post(f"/stories/{before}/undo", decision=decision_of(done))
    assert story_of(database, third) == before


def test_an_article_is_moved_and_two_lone_ones_begin_a_story(
    browser_of_lan: Any, events: Events, articles: list[int], database: Database
) -> None:
    lone, target = events["lone"][0], story_of(database, events["match"][0])
    words = follow(browser_of_lan, move(browser_of_lan, database, lone, into=str(target)))
    assert f"Đã ghi: xếp bài vào đây: “{LONE[0]}”" in words
    assert "3 bài" in words
    words = follow(browser_of_lan, move(browser_of_lan, database, articles[1], beside=str(articles[0])))
    assert story_of(database, articles[0]) == story_of(database, articles[1]) != 0
    assert "2 bài trên 2 báo" in words
    follow(browser_of_lan, move(browser_of_lan, database, articles[2], beside=str(lone)))
    assert story_of(database, articles[2]) == target


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_cannot_be_is_said_in_a_line_and_changes_nothing(
    language: str, browser_of_lan: Any, events: Events, database: Database
) -> None:
    browser_of_lan.post("/language", language=language)
    storm, match = story_of(database, events["storm"][0]), story_of(database, events["match"][0])
    third, lone = events["storm"][2], events["lone"][0]
    split(browser_of_lan, database, third)
    before, own = decisions(database), story_of(database, third)
    post = browser_of_lan.post
    cases = [
        (browser_of_lan.get("/stories/4242"), 404, "Không có sự kiện này.", "There is no such story."),
        (browser_of_lan.get("/articles/4242/story"), 404, "Không có bài này.", "There is no such article."),
        (post(f"/stories/{storm}/merge", other="4242"), 404, "Không có sự kiện này.", "There is no such story."),
        (post("/stories/4242/merge", other=str(storm)), 404, "Không có sự kiện này.", "There is no such story."),
        (post("/articles/4242/split", seen="0"), 404, "Không có bài này.", "There is no such article."),
        (post(f"/stories/{storm}/merge", other=str(storm)), 422, "gộp sự kiện với chính nó", "merged with itself"),
        (split(browser_of_lan, database, third), 422, "không còn gì để tách", "nothing to split"),
        (split(browser_of_lan, database, lone), 422, "chưa thuộc sự kiện nào, không", "is in no story; there"),
        (split(browser_of_lan, database, third, seen=str(storm)), 409, "Chưa ghi gì", "Nothing was saved"),
        (move(browser_of_lan, database, third, into=str(own)), 422, "ở chính sự kiện này", "in this story already"),
        (move(browser_of_lan, database, lone, beside=str(lone)), 422, "chung với chính nó", "put with itself"),
        (move(browser_of_lan, database, lone, into="4242"), 404, "Không có sự kiện này.", "There is no such story."),
        (move(browser_of_lan, database, lone, beside="4242"), 404, "Không có bài này.", "There is no such article."),
        (post(f"/stories/{storm}/undo", decision="4242"), 409, "Không còn gì để hoàn tác", "nothing left to undo"),
    ]
    for answer, status, vietnamese, english in cases:
        assert answer.status_code == status, answer.request.url
        assert (vietnamese if language == "vi" else english) in text_of(answer), answer.request.url
    for value in ("", "x", "0", "-1", "９", "1.5", "9" * 10, "9" * 5000):
        assert browser_of_lan.post(f"/stories/{storm}/merge", other=value).status_code == 422, value
    assert browser_of_lan.get("/stories/0").status_code == browser_of_lan.get("/stories/x").status_code == 422
    assert decisions(database) == before
    assert (story_of(database, events["match"][0]), story_of(database, lone)) == (match, 0)


def test_two_analysts_do_not_undo_each_other_unseen(browser_of_lan: Any, events: Events, database: Database) -> None:
    storm, match = story_of(database, events["storm"][0]), story_of(database, events["match"][0])
    browser_of_lan.post(f"/stories/{storm}/merge", other=str(match))
    for answer in (
        browser_of_lan.post(f"/stories/{storm}/merge", other=str(match)),
        browser_of_lan.post(f"/stories/{match}/merge", other=str(storm)),
        browser_of_lan.post(f"/articles/{events['lone'][0]}/story", seen="0", into=str(match)),
    ):
        assert answer.status_code == 409
        assert "không còn bài nào" in text_of(answer)
    assert story_of(database, events["lone"][0]) == 0


def test_only_who_is_logged_in_and_sends_our_forms_changes_stories(
    browser_of_lan: Any, events: Events, database: Database, visit: Callable[[], Any]
) -> None:
    number, article = story_of(database, events["storm"][0]), events["storm"][0]
    before = decisions(database)
    stranger = visit()
    for path in (f"/stories/{number}", f"/articles/{article}/story"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/login")
    forms = {
        f"/stories/{number}/merge": {"other": str(story_of(database, events["match"][0]))},
        f"/stories/{number}/undo": {"decision": "1"},
        f"/articles/{article}/story": {"seen": str(number), "into": str(story_of(database, events["match"][0]))},
        f"/articles/{article}/split": {"seen": str(number)},
    }
    for path, fields in forms.items():
        assert stranger.post(path, **fields).headers["location"].startswith("/login"), path
        forged = browser_of_lan.http.post(path, data={"csrf": "0" * 64, **fields})
        assert forged.status_code == 403, path
        assert browser_of_lan.http.post(path, data=fields).status_code == 403, path
        assert browser_of_lan.get(path).status_code in (200, 405), path
    assert decisions(database) == before
