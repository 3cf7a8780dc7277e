"""Who gets in, how it is written down, and what guards forms and addresses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from review.security import safe_path
from review.throttle import Throttle
from store.accounts import disable_user
from store.base import now
from store.database import Database
from store.tables import AuditRow, LoginRow, UserRow


@pytest.mark.parametrize("path", ["/queue?rule=audit", "/articles/1"])
def test_without_login_every_page_leads_to_the_login_page_and_back(
    path: str, articles: list[int], visit: Callable[[], Any]
) -> None:
    browser = visit()
    answer = browser.get(path)
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"])
    assert page.status_code == 200
    assert f'name="next" value="{path}"' in page.text
    assert browser.log_in(next=path).headers["location"] == path


def test_forms_without_login_change_nothing(articles: list[int], visit: Callable[[], Any], database: Database) -> None:
    answer = visit().post("/articles/1/labels", verdict="unclear", seen="1.1.0")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Farticles%2F1"


def test_a_session_is_kept_as_a_hash_for_twelve_hours(browser_of_lan: Any, database: Database) -> None:
    token = browser_of_lan.http.cookies["diembao_session"]
    with database.reading() as session:
        login = session.scalars(select(LoginRow)).one()
        assert len(login.token_hash) == 64
        assert token not in login.token_hash
        assert abs(login.expires_at - now() - timedelta(hours=12)) < timedelta(minutes=1)
        assert [row.action for row in session.scalars(select(AuditRow).order_by(AuditRow.id))][-1] == "login"
        assert (
            session.scalars(select(UserRow).where(UserRow.name == "lan")).one().password_hash.startswith("$argon2id$")
        )


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(articles: list[int], visit: Callable[[], Any]) -> None:
    cookie = next(part for part in visit().log_in().headers.get_list("set-cookie") if "diembao_session" in part)
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


def test_a_session_ends_with_logout_expiry_and_a_disabled_user(
    articles: list[int], visit: Callable[[], Any], database: Database
) -> None:
    out, late, shut = visit(), visit(), visit()
    out.log_in(), late.log_in(), shut.log_in("Thầy Hoà")
    kept = out.http.cookies["diembao_session"]
    assert out.post("/logout").status_code == 303
    out.http.cookies.set("diembao_session", kept)
    assert out.get("/queue").status_code == 303
    with database.writing() as session:
        disable_user(session, "Thầy Hoà")
    assert shut.get("/queue").status_code == 303
    with database.writing() as session:
        session.execute(update(LoginRow).values(expires_at=now() - timedelta(seconds=1)))
    assert late.get("/queue").status_code == 303


def test_five_failures_make_a_name_wait_and_no_other(articles: list[int], visit: Callable[[], Any]) -> None:
    browser = visit()
    answers = [browser.log_in(password="sai-mat-khau").status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert browser.log_in().status_code == 429, "even with the right password"
    assert "Hãy thử lại sau" in browser.log_in().text
    assert browser.log_in("Thầy Hoà").status_code == 303


def test_an_unknown_name_reads_like_a_wrong_password(articles: list[int], visit: Callable[[], Any]) -> None:
    known, unknown = visit().log_in(password="sai-mat-khau"), visit().log_in("khong-co-ai")
    assert known.status_code == unknown.status_code == 401
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in known.text
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in unknown.text


def test_a_name_typed_with_combining_marks_is_the_same_name(articles: list[int], visit: Callable[[], Any]) -> None:
    assert visit().log_in("Tha\u0302\u0300y Hoa\u0300").status_code == 303


def test_forms_need_the_token_of_this_session(
    browser_of_lan: Any, visit: Callable[[], Any], articles: list[int]
) -> None:
    other = visit()
    other.log_in("Thầy Hoà")
    for token in ("", "0" * 64, other.token()):
        answer = browser_of_lan.http.post(f"/articles/{articles[0]}/labels", data={"csrf": token, "verdict": "unclear"})
        assert answer.status_code == 403
        assert "Biểu mẫu đã hết hạn" in answer.text
    assert visit().http.post("/login", data={"name": "lan", "password": "x"}).status_code == 403


def test_a_form_sent_by_another_site_is_refused(browser_of_lan: Any) -> None:
    data = {"csrf": browser_of_lan.token(), "language": "en"}
    for site in ("cross-site", "same-site"):
        assert browser_of_lan.http.post("/language", data=data, headers={"sec-fetch-site": site}).status_code == 403
    assert (
        browser_of_lan.http.post("/language", data=data, headers={"sec-fetch-site": "same-origin"}).status_code == 303
    )


@pytest.mark.parametrize(
    "bad", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "\\\\evil",
            "/a\r\nX: 1", "/\t/evil.example", "///evil.example", "", "queue", "/ /evil"]
)  # fmt: skip
def test_login_leads_nowhere_else(bad: str, articles: list[int], visit: Callable[[], Any]) -> None:
    assert safe_path(bad) == "/queue"
    assert visit().log_in(next=bad).headers["location"] == "/queue"


def test_every_answer_carries_the_guard_headers(browser_of_lan: Any, articles: list[int]) -> None:
    for path in ("/queue", f"/articles/{articles[0]}", "/nowhere", "/static/desk.css", "/articles/x"):
        headers = browser_of_lan.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
    assert browser_of_lan.get("/queue").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/queue", "/articles/1", "/login", "/nowhere"])
def test_no_page_has_inline_script_or_style_or_asks_elsewhere(
    path: str, browser_of_lan: Any, visit: Callable[[], Any]
) -> None:
    import lxml.html

    page = lxml.html.fromstring((visit() if path == "/login" else browser_of_lan).get(path).text)
    assert not page.xpath("//style | //script[not(@src)] | //*[@style] | //@*[starts-with(name(), 'on')]")
    asked = [str(url) for url in page.xpath("//script/@src | //link/@href | //img/@src | //iframe/@src")]
    assert asked
    assert all(url.startswith("/static/") for url in asked)


def test_too_much_is_refused(browser_of_lan: Any) -> None:
    assert browser_of_lan.http.post("/language", data={"language": "x" * 70_000}).status_code == 413


def test_the_language_is_remembered(browser_of_lan: Any, visit: Callable[[], Any]) -> None:
    assert "Bài chờ duyệt" in browser_of_lan.get("/queue").text
    browser_of_lan.http.post("/language", data={"csrf": browser_of_lan.token(), "language": "en", "next": "/queue"})
    page = browser_of_lan.get("/queue").text
    assert '<html lang="en"' in page
    assert "Articles to review" in page
    again = visit()
    again.log_in()
    assert "Articles to review" in again.get("/queue").text


def test_the_throttle_forgets() -> None:
    time = [0.0]
    throttle = Throttle(clock=lambda: time[0])
    for _ in range(5):
        throttle.failed("Lan")
    assert throttle.wait("lan") == 60
    time[0] = 61.0
    assert throttle.wait("lan") == 0
    throttle.failed("lan")
    assert throttle.wait("lan") == 60
    time[0] = 2000.0
    throttle.failed("lan")
    assert throttle.wait("lan") == 0
