"""Articles on two fictional events, placed into stories by the machine as they come in."""

from datetime import timedelta

from sqlalchemy.orm import Session
from tests_support.rows import NOON, add_article, add_source

from store.content import ArticleRow
from store.database import Database

STORM = [
    ("Bão Sao Mai đổ bộ Lam Giang", "Bão Sao Mai đổ bộ Lam Giang sáng nay, 340 ngôi nhà ở Trà Khê tốc mái."),
    ("Lam Giang sơ tán dân tránh bão Sao Mai", "Lam Giang sơ tán 12.000 người, bão Sao Mai làm tốc mái 340 ngôi nhà."),
    (
        "Bão Sao Mai: 340 ngôi nhà tốc mái ở Trà Khê",
        "Sau khi bão Sao Mai đổ bộ Lam Giang, 340 ngôi nhà ở Trà Khê tốc mái.",
    ),
]
MATCH = [
    ("Hải Yến thắng trận mở màn", "Đội bóng chuyền nữ Hải Yến thắng trận mở màn giải vùng tối qua."),
    (
        "Bóng chuyền: Hải Yến thắng trận mở màn",
        "Hải Yến thắng trận mở màn giải vùng tối qua, khán giả kín nhà thi đấu.",
    ),
]
LONE = ("Chợ nổi Vàm Thuận đón khách trở lại", "Chợ nổi Vàm Thuận mở cửa trở lại sau ba tháng nạo vét luồng lạch.")


def add_all(session: Session, texts: list[tuple[str, str]], first: int = 0) -> list[ArticleRow]:
    """Articles an hour apart, the first at noon; pages are named by number from `first` on."""
    return [
        add_article(session, str(first + at), title, body, moment=NOON + timedelta(hours=at))
        for at, (title, body) in enumerate(texts)
    ]


def add_events(database: Database) -> dict[str, list[int]]:
    """A storm told by three articles of three outlets, the last a copy of the first, a match by two, and one alone.

    Gives the articles' ids.
    """
    storm = [STORM[0], STORM[1], STORM[0]]
    told = [("bao-mau", {"agency": "TTXVN"}), ("ben-song", {}), ("wayfarer", {})]
    with database.writing() as session:
        add_source(session)
        add_source(session, "ben-song", name="Bến Sông Điện Tử", scope="provincial")
        add_source(session, "wayfarer", name="The Wayfarer", country="SG")
        rows = [
            add_article(
                session, f"bao-{at}", title, body, source, moment=NOON + timedelta(hours=at), digest=title, **more
            )
            for at, ((title, body), (source, more)) in enumerate(zip(storm, told, strict=True))
        ]
        match = add_all(session, MATCH, first=10)
        lone = add_article(session, "cho-noi", *LONE, moment=NOON + timedelta(hours=5))
        return {"storm": [row.id for row in rows], "match": [row.id for row in match], "lone": [lone.id]}
