"""The opening paragraphs: the figures in plain sentences, in Vietnamese and English."""

from reports.doubts import Checks
from reports.tables import Table
from reports.week import Week
from reports.words import Text, day_text, number, percent
from store.figures import UNSORTED, Totals

MOST_TOPICS = 3


def write_opening(week: Week, totals: Totals, previous: Totals, tables: dict[str, Table], checks: Checks) -> list[Text]:
    """One to three paragraphs, each in both languages."""
    if not totals.articles:
        return [_empty(week)]
    paragraphs = [_volume(week, totals, previous), _topics(tables["topic"])]
    if totals.about:
        paragraphs.append(_tone(tables["tone"], totals))
    paragraphs.append(_people(totals, checks))
    return [paragraph for paragraph in paragraphs if paragraph.vi]


def _empty(week: Week) -> Text:
    return Text(
        f"Tuần {week.number}/{week.year} ({_span(week)}) không có bài nào trong cơ sở dữ liệu. "
        "Đó có thể là do chưa thu thập, không có nghĩa là báo chí không đưa tin.",
        f"The database holds no article of week {week.number}, {week.year}. "
        "Perhaps nothing was gathered; it does not mean that nothing was published.",
    )


def _volume(week: Week, totals: Totals, previous: Totals) -> Text:
    articles, outlets, countries = number(totals.articles), number(totals.outlets), number(totals.countries)
    about, before, copies = number(totals.about), number(previous.articles), number(totals.copies)
    share = percent(totals.about / totals.articles)
    vi = (
        f"Tuần {week.number}/{week.year} ({_span(week)}) ghi nhận {articles.vi} bài của {outlets.vi} cơ quan báo chí ở "
        f"{countries.vi} nước, vùng lãnh thổ, bằng {totals.languages} ngôn ngữ; tuần trước {before.vi} bài. "
        f"Trong đó {about.vi} bài ({share.vi}) nói về Việt Nam ở mức trọng tâm hoặc đáng kể; "
        f"{copies.vi} bài là bản đăng lại."
    )
    en = (
        f"{_some(totals.articles, 'article')} from {_some(totals.outlets, 'outlet')} in "
        f"{_some(totals.countries, 'country', 'countries')} and {_some(totals.languages, 'language')}, "
        f"against {before.en} the week before. {about.en} ({share.en}) are about Vietnam, as the main or a substantial "
        f"subject; {copies.en} {'is a copy' if totals.copies == 1 else 'are copies'} of another."
    )
    return Text(vi, en)


def _topics(table: Table) -> Text:
    top = [row for row in table.rows if row.key != UNSORTED][:MOST_TOPICS]
    if not top:
        return Text("", "")
    shares = [percent(row.share.value or 0.0) for row in top]
    vi = "; ".join(f"{row.name.vi} ({part.vi})" for row, part in zip(top, shares, strict=True))
    en = "; ".join(f"{row.name.en} ({part.en})" for row, part in zip(top, shares, strict=True))
    return Text(f"Chủ đề được nói đến nhiều nhất: {vi}.", f"The most frequent topics: {en}.")


def _tone(table: Table, totals: Totals) -> Text:
    rows = [row for row in table.rows if row.share.count]
    shares = [percent(row.share.value or 0.0) for row in rows]
    vi = ", ".join(f"{row.name.vi.lower()} {part.vi}" for row, part in zip(rows, shares, strict=True))
    en = ", ".join(f"{row.name.en.lower()} {part.en}" for row, part in zip(rows, shares, strict=True))
    about = number(totals.about)
    return Text(
        f"Trong {about.vi} bài nói về Việt Nam, máy đánh giá sắc thái đối với Việt Nam: {vi}. "
        "Sắc thái tiêu cực không có nghĩa là thông tin sai.",
        f"Tone toward Vietnam in the {about.en} about it, as tagged by machine: {en}. "
        "Negative does not mean inaccurate.",
    )


def _people(totals: Totals, checks: Checks) -> Text:
    if not totals.reviewed:
        return Text("Chưa có bài nào được người xem lại.", "No article has been reviewed by a person yet.")
    reviewed, agreed = number(totals.reviewed), percent(checks.agreed.value or 0.0)
    return Text(
        f"Người đã xem lại {reviewed.vi} bài và đồng ý với máy ở {agreed.vi} số bài đó. Phần lớn là bài được chọn vì "
        "có điểm cần xem, không đại diện cho cả tuần.",
        f"People reviewed {reviewed.en} and agreed with the machine on {agreed.en} of those. Most were chosen because "
        "something called for a look; they do not represent the week.",
    )


def _span(week: Week) -> str:
    return f"{day_text(week.days[0])} – {day_text(week.days[-1])}"


def _some(count: int, one: str, many: str = "") -> str:
    return f"{number(count).en} {one if count == 1 else many or one + 's'}"
