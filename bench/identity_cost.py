"""What copies and stories cost the writing process, on real articles: the measured stream through `store.articles`.

    python bench/identity_cost.py

Also B-cubed of what the store put together, to be held against the plain loop of bench/stories.py.
"""

import tempfile
import time
from datetime import UTC, datetime

from replaying import ROOT, shared
from sampling import MEASURED, Row, clean, coverage, labels
from sqlalchemy import select
from stories import bcubed, stream

from classify.copies import Marks, marks
from classify.stories import CommonWords, Traits, traits
from crawler.extraction.article import Article, Dated, DateSource
from store.articles import Extracted, save_articles
from store.content import ArticleRow
from store.crawling import PageRow, SourceRow
from store.database import Database, open_database

BATCH = 32
NAMES = {"name": "M", "name_vi": "M", "name_en": "M", "domain": "m.example", "country": "VN", "languages": []}

Told = tuple[Marks | None, Traits | None]


def extracted(row: Row, told: Told) -> Extracted:
    """What a worker would hand over."""
    url, moment = row["id"], datetime.fromisoformat(row["date"][:10]).replace(tzinfo=UTC)
    published = Dated(moment, DateSource.STRUCTURED)
    article = Article(url, url, title=row["title"], lead="", body=clean(row["text"]), authors=(), published=published)
    return Extracted(article, row["lang"], None, "", "", "bench", *told)


def save(database: Database, rows: list[Row], told: list[Told]) -> None:
    """Save all, in transactions as of processing, and print what it took."""
    with database.writing() as session:
        session.add(SourceRow(id="m", scope="national", timezone="UTC", enabled=True, **NAMES))
    wall = cpu = 0.0
    for first in range(0, len(rows), BATCH):
        part = list(zip(rows[first : first + BATCH], told[first : first + BATCH], strict=True))
        with database.writing() as session:
            pages = [
                PageRow(source_id="m", url=row["id"], url_key=row["id"], host="m", state="fetched") for row, _ in part
            ]
            session.add_all(pages)
            session.flush()
            found = [extracted(*one) for one in part]
            clock, processor = time.perf_counter(), time.process_time()
            save_articles(session, list(zip(pages, found, strict=True)))
            wall, cpu = wall + time.perf_counter() - clock, cpu + time.process_time() - processor
    print(f"{1e3 * wall / len(rows):.2f} ms an article, {1e3 * cpu / len(rows):.2f} of the processor")


def main() -> None:
    """Store the stream without marks and traits, then with: the difference is the cost."""
    rows = stream(coverage(shared()), MEASURED)
    common = CommonWords.load(ROOT / "data" / "common_words.tsv")
    begun = time.process_time()
    texts = [clean(row["text"]) for row in rows]
    told: list[Told] = [
        (marks(text), traits(row["title"], text, row["lang"], common)) for row, text in zip(rows, texts, strict=True)
    ]
    print(f"{len(rows)} articles; marks and traits: {1e3 * (time.process_time() - begun) / len(rows):.2f} ms each")
    for name, given in (("without", [(None, None)] * len(rows)), ("with", told)):
        with tempfile.TemporaryDirectory(prefix="identity-") as folder:
            database = open_database(f"sqlite:///{folder}/cost.db")
            print(f"saving {name} them: ", end="")
            save(database, rows, given)
            with database.reading() as session:
                placed = {
                    url: str(story or url)
                    for url, story in session.execute(select(ArticleRow.url, ArticleRow.story_id))
                }
            database.close()
    gold = {one: story for one, story in labels(ROOT / "data" / "labels" / "stories.csv").items() if one in placed}
    print("B-cubed by the store: P {:.3f} R {:.3f} F1 {:.3f}".format(*bcubed(placed, gold)))


if __name__ == "__main__":
    main()
