"""Labels: what each verdict writes, that nothing is ever changed, and that undo gives back what was."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from store.content import full_text
from store.database import Database
from store.labels import LabelError, effective_labels, write_labels
from store.tables import ArticleRow, FlagRow, LabelRow, PredictionRow


def standing(database: Database, article_id: int) -> dict[str, Any]:
    with database.reading() as session:
        labels = effective_labels(session, [article_id]).get(article_id, {})
        return {field: label.value for field, label in labels.items()}


def open_flags(database: Database, article_id: int) -> int:
    with database.reading() as session:
        query = select(func.count()).where(FlagRow.article_id == article_id, FlagRow.closed_at.is_(None))
        return session.scalar(query) or 0


RIGHT = {"relevance": "central", "topics": ["economy", "society"], "tone": "mixed"}


def test_confirming_writes_what_the_machine_said_and_goes_on(
    browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    answer = browser_of_lan.label(articles[0], "confirmed")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/articles/{articles[1]}?done={articles[0]}"
    assert standing(database, articles[0]) == {**RIGHT, "verdict": "confirmed"}
    assert open_flags(database, articles[0]) == 0
    page = browser_of_lan.get(answer.headers["location"]).text
    assert "Đã ghi: Máy gắn nhãn đúng." in page
    assert f'action="/articles/{articles[0]}/undo"' in page


def test_a_correction_keeps_the_order_of_topics(browser_of_lan: Any, articles: list[int], database: Database) -> None:
    fields = {"relevance": "substantial", "topic1": "society", "topic2": "", "topic3": "economy", "tone": "positive"}
    assert browser_of_lan.label(articles[0], "corrected", **fields).status_code == 303
    assert standing(database, articles[0]) == {
        "relevance": "substantial", "topics": ["society", "economy"], "tone": "positive", "verdict": "corrected",
    }  # fmt: skip


def test_a_correction_that_changes_nothing_confirms(
    browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    fields = {"relevance": "central", "topic1": "economy", "topic2": "society", "tone": "mixed"}
    browser_of_lan.label(articles[0], "corrected", **fields)
    assert standing(database, articles[0])["verdict"] == "confirmed"


def test_tone_is_not_asked_of_passing_mentions(browser_of_lan: Any, articles: list[int], database: Database) -> None:
    browser_of_lan.label(articles[0], "corrected", relevance="passing", topic1="world", tone="negative")
    assert standing(database, articles[0])["tone"] is None


RIGHT_FORM = {"relevance": "central", "topic1": "economy", "topic2": "society", "tone": "mixed"}
NOTHING_MORE = {"valence": "", "voice": "", "evidence": ""}


def test_what_is_said_beside_the_verdict_decides_nothing(
    browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    more = {"valence": "bad", "voice": "own", "evidence": "chi phí   vận tải biển", "unsure": "yes"}
    browser_of_lan.label(articles[0], "corrected", **RIGHT_FORM, **more)
    found = standing(database, articles[0])
    place = found.pop("evidence")
    assert found == {**RIGHT, "valence": "bad", "voice": "own", "unsure": True, "verdict": "confirmed"}
    with database.reading() as session:
        article = session.get_one(ArticleRow, articles[0])
        text = full_text(article.lead, article.body)
    assert (place["field"], text[place["start"] : place["end"]]) == ("text", "chi phí vận tải biển")
    page = browser_of_lan.get(f"/articles/{articles[0]}").text
    assert 'value="chi phí vận tải biển"' in page, "the form shows what is in force"
    assert "Tính chất sự kiện: Xấu; Giọng: Lời của báo" in page
    assert '“<bdi lang="vi">chi phí vận tải biển</bdi>”' in page


def test_what_was_cleared_is_taken_back(browser_of_lan: Any, articles: list[int], database: Database) -> None:
    more = {"valence": "good", "voice": "both", "evidence": "Gạo thơm", "unsure": "yes"}
    browser_of_lan.label(articles[0], "corrected", **RIGHT_FORM, **more)
    assert standing(database, articles[0])["evidence"] == {"field": "title", "start": 0, "end": 8}
    browser_of_lan.label(articles[0], "corrected", **RIGHT_FORM, **NOTHING_MORE)
    found = standing(database, articles[0])
    assert [found[name] for name in ("valence", "voice", "evidence", "unsure")] == [None] * 4
    browser_of_lan.post(f"/articles/{articles[0]}/undo")
    assert standing(database, articles[0])["valence"] == "good"


def test_nothing_that_nobody_said_is_written(browser_of_lan: Any, articles: list[int], database: Database) -> None:
    browser_of_lan.label(articles[0], "corrected", **RIGHT_FORM, **NOTHING_MORE)
    assert standing(database, articles[0]) == {**RIGHT, "verdict": "confirmed"}, "not what the machine says, either"


@pytest.mark.parametrize("tone", ["neutral", "unclear"])
def test_a_voice_is_only_that_of_praise_or_blame(
    tone: str, browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    browser_of_lan.label(articles[0], "corrected", **RIGHT_FORM, voice="own", valence="", evidence="")
    browser_of_lan.label(articles[0], "corrected", **{**RIGHT_FORM, "tone": tone}, voice="own", valence="", evidence="")
    assert standing(database, articles[0])["voice"] is None
    browser_of_lan.label(articles[0], "corrected", **RIGHT_FORM, voice="quoted", valence="", evidence="")
    browser_of_lan.label(articles[0], "not_relevant")
    assert standing(database, articles[0])["voice"] is None


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"evidence": "không có trong bài"}, "Không thấy đoạn dẫn chứng này trong bài."),
        ({"evidence": "gạo " * 60}, "Dẫn chứng quá dài"),
        ({"valence": "terrible"}, "Yêu cầu không hợp lệ."),
        ({"voice": "theirs"}, "Yêu cầu không hợp lệ."),
    ],
)
def test_what_is_said_beside_the_verdict_is_checked_too(
    more: dict[str, str], says: str, browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    answer = browser_of_lan.label(articles[0], "corrected", **RIGHT_FORM, **more)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert standing(database, articles[0]) == {}


@pytest.mark.parametrize(
    ("verdict", "written"),
    [
        ("not_relevant", {"relevance": "none", "tone": None, "verdict": "not_relevant"}),
        ("unclear", {"verdict": "unclear"}),
    ],
)
def test_the_short_verdicts(
    verdict: str, written: dict[str, Any], browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    browser_of_lan.label(articles[0], verdict)
    assert standing(database, articles[0]) == written
    assert open_flags(database, articles[0]) == 0


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Hãy chọn mức độ liên quan."),
        ({"relevance": "very"}, "Hãy chọn mức độ liên quan."),
        ({"relevance": "central"}, "Hãy chọn chủ đề chính."),
        ({"relevance": "central", "topic1": "nonsense"}, "Hãy chọn chủ đề chính."),
        ({"relevance": "central", "topic1": "sport", "topic2": "sport"}, "Mỗi chủ đề chỉ chọn một lần."),
        ({"relevance": "central", "topic1": "sport"}, "Hãy chọn sắc thái"),
        ({"relevance": "central", "topic1": "sport", "tone": "hostile"}, "Hãy chọn sắc thái"),
        ({"verdict": "guilty"}, "Yêu cầu không hợp lệ."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    fields: dict[str, str], says: str, browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    answer = browser_of_lan.label(articles[0], "corrected", **fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert standing(database, articles[0]) == {}
    if "topic1" in fields and fields["topic1"] == "sport":
        assert re.search(r'value="sport" selected', answer.text), "what was entered stays"


def test_the_machine_cannot_be_confirmed_where_it_is_silent(
    browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    assert browser_of_lan.label(articles[3], "confirmed").status_code == 422
    assert standing(database, articles[3]) == {}


def test_a_verdict_on_something_else_is_refused(browser_of_lan: Any, articles: list[int], database: Database) -> None:
    seen = re.search(r'name="seen" value="([\d.]+)"', browser_of_lan.get(f"/articles/{articles[0]}").text)
    assert seen
    for change in (
        update(ArticleRow).where(ArticleRow.id == articles[0]).values(revision=2),
        update(PredictionRow).where(PredictionRow.article_id == articles[0]).values(current=False),
    ):
        with database.writing() as session:
            session.execute(change)
        answer = browser_of_lan.label(articles[0], "confirmed", seen=seen[1])
        assert answer.status_code == 409
        assert "Bài này vừa thay đổi" in answer.text
    assert standing(database, articles[0]) == {}


def test_two_analysts_do_not_overrule_each_other_unseen(
    browser_of_lan: Any, visit: Callable[[], Any], articles: list[int], database: Database
) -> None:
    other = visit()
    other.log_in("Thầy Hoà")
    seen = re.search(r'name="seen" value="([\d.]+)"', other.get(f"/articles/{articles[0]}").text)
    assert seen
    browser_of_lan.label(articles[0], "confirmed")
    token = other.token()
    form = {"csrf": token, "seen": seen[1], "verdict": "unclear"}
    assert other.http.post(f"/articles/{articles[0]}/labels", data=form).status_code == 409
    assert other.label(articles[0], "unclear").status_code == 303, "knowing of it, one may"
    assert standing(database, articles[0])["verdict"] == "unclear"


def test_undo_gives_back_labels_and_flags_by_adding(
    browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    browser_of_lan.label(articles[0], "unclear")
    browser_of_lan.label(articles[0], "confirmed")
    answer = browser_of_lan.post(f"/articles/{articles[0]}/undo")
    assert answer.headers["location"] == f"/articles/{articles[0]}?undone=1"
    assert standing(database, articles[0]) == {"verdict": "unclear"}
    assert open_flags(database, articles[0]) == 0, "the first verdict had closed them"
    browser_of_lan.post(f"/articles/{articles[0]}/undo")
    assert standing(database, articles[0]) == {}
    assert open_flags(database, articles[0]) == 2
    with database.reading() as session:
        rows = session.scalars(select(LabelRow)).all()
    assert len(rows) == 10, "five labels and five that undo them"
    assert browser_of_lan.post(f"/articles/{articles[0]}/undo").status_code == 409


def test_nobody_undoes_for_another(browser_of_lan: Any, visit: Callable[[], Any], articles: list[int]) -> None:
    browser_of_lan.label(articles[0], "confirmed")
    other = visit()
    other.log_in("Thầy Hoà")
    assert other.post(f"/articles/{articles[0]}/undo").status_code == 409


def test_undo_leaves_flags_that_were_closed_before(
    browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    browser_of_lan.label(articles[0], "confirmed")
    with database.writing() as session:
        session.add(FlagRow(article_id=articles[0], rule="revised", values={"revision": 2}))
    browser_of_lan.label(articles[0], "unclear")
    browser_of_lan.post(f"/articles/{articles[0]}/undo")
    assert open_flags(database, articles[0]) == 1


@pytest.mark.parametrize("change", [delete(LabelRow), update(LabelRow).values(value="corrected")])
def test_the_database_refuses_to_change_a_label(
    change: Any, browser_of_lan: Any, articles: list[int], database: Database
) -> None:
    browser_of_lan.label(articles[0], "confirmed")
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(change)


def test_after_the_last_article_comes_the_queue(browser_of_lan: Any, articles: list[int]) -> None:
    answer = browser_of_lan.label(articles[4], "unclear")
    assert answer.headers["location"] == f"/queue?done={articles[4]}"
    assert "Đã ghi: Chưa kết luận được." in browser_of_lan.get(answer.headers["location"]).text


def test_the_filter_stays_on_the_way(browser_of_lan: Any, articles: list[int]) -> None:
    page = browser_of_lan.get(f"/articles/{articles[0]}?rule=watch").text
    action = re.search(r'id="label" method="post" action="([^"]+)"', page)
    seen = re.search(r'name="seen" value="([\d.]+)"', page)
    assert action
    assert seen
    answer = browser_of_lan.post(action[1], seen=seen[1], verdict="confirmed")
    assert answer.headers["location"] == f"/articles/{articles[1]}?rule=watch&done={articles[0]}"


@pytest.mark.parametrize(
    "values",
    [{"mood": "x"}, {"tone": "hostile"}, {"verdict": "wrong"}, {"topics": ["a", "a"]}, {"topics": list("abcd")},
     {"relevance": None}, {"topics": "economy"}, {"valence": "mixed"}, {"voice": "none"}, {"unsure": "yes"},
     {"evidence": "words"}, {"evidence": {"field": "lead", "start": 0, "end": 1}},
     {"evidence": {"field": "text", "start": 1, "end": 1}},
     {"evidence": {"field": "text", "start": False, "end": True}}],
)  # fmt: skip
def test_a_label_that_none_can_have_is_refused(values: dict[str, Any], database: Database, articles: list[int]) -> None:
    with database.writing() as session:
        article = session.get(ArticleRow, articles[0])
        assert article
        with pytest.raises(LabelError):
            write_labels(session, article, 1, values)
