"""A million made-up articles in a real database: memory, speed of indexing and of a look-up.

    python bench/copies.py --million [NUMBER]

One article in twenty is a text drawn from phrases by Zipf's law, so that formulas recur as in real ones, and only these
are asked for. To make a million in minutes the others have marks drawn at random, two bands of each out of 5,000 that
others have, too: in the tables they are as large and as far apart as real ones. The look-ups run through `CopyFinder`
and `place_articles` themselves, in transactions of 32 articles as processing does.
"""

import random
import resource
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from classify.copies import BAND_BITS, BANDS, SKETCH, Marks, marks
from classify.stories import CommonWords, Traits, traits
from store.articles import MARKS
from store.copies import pack_bands
from store.database import Database, open_database
from store.stories import day_of

SEED, LOAD, BATCH, ASKED = 3, 50_000, 32, 640
WORDS, TEXTS, FORMULAS = 150, 20, 5_000
START = datetime(2025, 1, 1, tzinfo=UTC)
PER_DAY = 2_000


def phrases(rng: random.Random) -> list[str]:
    """A made-up language: 60,000 phrases of three of 6,000 syllables."""
    syllables = ["".join(rng.choice("bcdghklmnprstvx") + rng.choice("aeiouy") for _ in range(2)) for _ in range(6_000)]
    return [" ".join(rng.choices(syllables, k=3)) for _ in range(60_000)]


class Maker:
    """Makes articles by number, the same every time."""

    def __init__(self) -> None:
        self.phrases = phrases(random.Random(SEED))
        shares = 1 / (np.arange(len(self.phrases)) + 20.0)
        self.shares = np.cumsum(shares / shares.sum())

    def text(self, number: int) -> str:
        """The text of article `number`; the same every time."""
        places = np.searchsorted(self.shares, np.random.default_rng(number).random(WORDS // 3))
        return " ".join(self.phrases[min(int(at), len(self.phrases) - 1)] for at in places)


def measure(number: int) -> None:
    """Fill a database and ask it."""
    with tempfile.TemporaryDirectory(prefix="copies-") as folder:
        database = open_database(f"sqlite:///{folder}/million.db")
        maker, common = Maker(), CommonWords({})
        begun = time.perf_counter()
        for first in range(0, number, LOAD):
            load(database, maker, common, range(first, min(first + LOAD, number)), number)
            if first % (2 * LOAD) == 0:
                print(f"{first + LOAD:9,} articles after {time.perf_counter() - begun:6.0f} s", flush=True)
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 2**20
        seconds = time.perf_counter() - begun
        print(f"indexed {number:,} in {seconds:.0f} s; database {size:,.0f} MiB; memory {memory()} MiB", flush=True)
        ask(database, maker, common, number)
        database.close()


def load(database: Database, maker: Maker, common: CommonWords, numbers: range, last: int) -> None:
    """Write the articles, their marks and bands; terms of the last days only, since no look-up goes beyond."""
    rows: list[tuple[object, ...]] = []
    bodies: list[str] = []
    bands: list[tuple[int, int]] = []
    terms: list[tuple[int, int, int]] = []
    rng = np.random.default_rng(numbers.start)
    keys = rng.integers(0, 1 << BAND_BITS, (len(numbers), BANDS))
    keys[:, :2] = rng.integers(0, FORMULAS, (len(numbers), 2))
    sketches = np.sort(rng.integers(0, 1 << 31, (len(numbers), SKETCH)), axis=1).astype("<u4")
    for number, drawn, sketch in zip(numbers, keys, sketches, strict=True):
        day = day_of(START + timedelta(days=number // PER_DAY))
        body, told = "", Traits(b"")
        found: Marks | None = Marks(tuple(drawn.tolist()), sketch.tobytes(), WORDS)
        if number % TEXTS == 0:
            body = maker.text(number)
            found = marks(body)
        if number >= last - 10 * PER_DAY:
            told = traits(maker.text(number)[:60], maker.text(number)[:400], "vi", common)
        bodies.append(body)
        rows.append(mark(number + 1, found, told, day))
        bands += [(band, number + 1) for band in set(found.bands if found else ())]
        terms += [(term, day, number + 1) for term in set(told.posted)]
    with database.writing() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        articles(session, bodies, numbers)
        # In the order of the key: of 50,000 articles at once many bands share a page of the tree.
        driver = session.connection().connection.driver_connection
        assert driver is not None
        driver.executemany("INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        driver.executemany("INSERT INTO copy_bands (band, article_id) VALUES (?, ?)", sorted(bands))
        driver.executemany("INSERT INTO story_terms (term, day, article_id) VALUES (?, ?, ?)", sorted(terms))


def mark(article_id: int, found: Marks | None, told: Traits, day: int) -> tuple[object, ...]:
    """The row of an article's marks, in the order of the table's columns."""
    assert found is not None
    kept = (found.shingles, pack_bands(found), found.sketch, found.figures)
    return (article_id, MARKS, *kept, told.packed, day)


def articles(session: Session, bodies: list[str], numbers: range) -> None:
    """Pages and articles with short bodies: what look-ups join with."""
    if numbers.start == 0:
        session.execute(
            text(
                "INSERT INTO sources (id, name, name_vi, name_en, domain, country, languages, scope, timezone, enabled,"
                " updated_at) VALUES ('m', 'M', 'M', 'M', 'm.example', 'VN', '[]', 'national', 'UTC', 1, :now)"
            ),
            {"now": START.replace(tzinfo=None)},
        )
    driver = session.connection().connection.driver_connection
    assert driver is not None
    columns = {row[1]: row for row in driver.execute("PRAGMA table_info(pages)")}
    values = {"id": 0, "source_id": "m", "url": "u", "url_key": "", "host": "m.example", "state": "fetched"}
    needed = {name: values.get(name, 0) for name, row in columns.items() if row[3] or name in values}
    now = "2025-01-01 00:00:00"
    for name, row in columns.items():
        if name in needed and "DATE" in str(row[2]).upper():
            needed[name] = now
    rows = [tuple({**needed, "id": n + 1, "url_key": f"m/{n}"}.values()) for n in numbers]
    into = f"INSERT INTO pages ({', '.join(needed)}) VALUES ({', '.join('?' * len(needed))})"  # noqa: S608 - ours
    driver.executemany(into, rows)
    driver.executemany(
        "INSERT INTO articles (id, page_id, source_id, url, canonical_url, title, lead, body, authors, language,"
        " date_source, date_confidence, first_seen_at, sorted_at, revision, text_digest, extractor)"
        " VALUES (?, ?, 'm', 'u', 'u', ?, '', ?, '[]', 'vi', 'none', 0, ?, ?, 1, ?, 'x')",
        [
            (
                n + 1,
                n + 1,
                f"t{n}",
                bodies[n - numbers.start],
                now,
                str((START + timedelta(days=n // PER_DAY)).replace(tzinfo=None)),
                str(n),
            )
            for n in numbers
        ],
    )


def ask(database: Database, maker: Maker, common: CommonWords, number: int) -> None:
    """New articles, a fifth of them edited copies of kept ones, in transactions as of processing; then rolled back."""
    from sqlalchemy import select

    from store.content import ArticleRow, CopyRow
    from store.copies import CopyFinder
    from store.stories import place_articles

    rng = random.Random(SEED)
    copies: list[tuple[float, float]] = []
    placing: list[tuple[float, float]] = []
    answers = [0, 0]
    for first in range(0, ASKED, BATCH):
        with Session(database.engine, expire_on_commit=False) as session:
            batch = []
            for at in range(first, first + BATCH):
                kept = rng.randrange(0, number, TEXTS) if at % 5 == 0 else None
                body = maker.text(kept if kept is not None else number + at)
                if kept is not None:
                    body = "mot cau mo dau moi viet them " + body[: len(body) * 4 // 5]
                row = ArticleRow(
                    page_id=0, source_id="m", url="u", canonical_url="u", title="t", lead="", body=body, authors=[],
                    language="vi", date_source="none", date_confidence=0.0, revision=1, text_digest=f"n{at}",
                    extractor="x", sorted_at=START + timedelta(days=number // PER_DAY),
                    first_seen_at=START,
                )  # fmt: skip
                batch.append((row, kept, marks(body), traits(body[:60], body[:400], "vi", common)))
            session.connection().exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for at, (row, _, _, _) in enumerate(batch):
                row.id, row.page_id = number + first + at + 1, number + first + at + 1
                session.add(row)
            session.flush()
            begun, cpu = time.perf_counter(), time.process_time()
            CopyFinder(session).settle([(row, found) for row, _, found, _ in batch])
            session.flush()
            copies.append(took(begun, cpu))
            begun, cpu = time.perf_counter(), time.process_time()
            place_articles(session, [(row, told) for row, _, _, told in batch])
            session.flush()
            placing.append(took(begun, cpu))
            found_rows = {one.article_id: one.original_id for one in session.scalars(select(CopyRow))}
            answers[1] += sum(kept is not None for _, kept, _, _ in batch)
            answers[0] += sum(kept is not None and row.id in found_rows for row, kept, _, _ in batch)
            session.rollback()
    for name, values in (("copies", copies), ("stories", placing)):
        wall, cpu = [value for value, _ in values], [value for _, value in values]
        print(
            f"{name:8} ms an article, of {len(values)} transactions: median {statistics.median(wall):.2f}, worst",
            end="",
        )
        print(f" {max(wall):.2f}; of the processor alone {statistics.median(cpu):.2f}, {max(cpu):.2f}")
    print(f"copies found {answers[0]} of {answers[1]}; memory {memory()} MiB")


def took(begun: float, cpu: float) -> tuple[float, float]:
    """Milliseconds an article since then, of the clock and of this process."""
    return (time.perf_counter() - begun) / BATCH * 1_000, (time.process_time() - cpu) / BATCH * 1_000


def memory() -> int:
    """The largest resident memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
