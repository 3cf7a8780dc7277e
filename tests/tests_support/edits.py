"""An article of a fictional outlet that was edited twice, once by the outlet and in many ways."""

from datetime import UTC, datetime

from store.database import Database
from store.tables import ArticleRow, FlagRow, RevisionRow

NOTICED = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)  # 10:05 in Hanoi
TITLE = "Bến phà Vàm Thuận tạm dừng để nâng cấp"
LEAD = "Phà Vàm Thuận ngừng chạy từ thứ hai."
KEPT = [f"Đoạn {number} nói về lịch chạy phà và không thay đổi qua các bản." for number in range(1, 7)]
FIRST = [
    "Bến phà phục vụ khoảng 1.200 lượt khách mỗi ngày, theo ban quản lý.",
    *KEPT,
    "Giá vé trong thời gian này chưa được công bố, và chưa rõ khi nào phà chạy lại.",
    "Một số tiểu thương cho rằng việc dừng phà là quá đột ngột.",
]
LAST = [
    "Bến phà phục vụ khoảng 1.500 lượt khách mỗi ngày, theo Sở Giao thông.",
    *KEPT,
    "Giá vé trong thời gian này là 8.000 đồng, và phà sẽ chạy lại vào ngày 5/12.",
    "Ban quản lý bố trí hai tàu khách thay thế, chạy 30 phút một chuyến.",
]


def add_edits(database: Database, article_id: int) -> None:
    """Make an article one that was edited: versions 1 and 2 are kept, 3 is the text of today."""
    with database.writing() as session:
        article = session.get_one(ArticleRow, article_id)
        article.title, article.lead, article.body = TITLE + " hai tuần", LEAD, "\n".join(LAST)
        article.revision, article.revised_at = 3, NOTICED
        for number, title, body in ((1, TITLE, FIRST), (2, TITLE + " hai tuần", FIRST)):
            session.add(
                RevisionRow(
                    article_id=article_id,
                    number=number,
                    title=title,
                    lead=LEAD,
                    body="\n".join(body),
                    text_digest="",
                    replaced_at=NOTICED,
                )
            )
        change = {"added": 20, "removed": 17, "title": False, "was": "1.200", "now": "1.500"}
        session.add(FlagRow(article_id=article_id, rule="revised", key="3", values={"revision": 3, "change": change}))
