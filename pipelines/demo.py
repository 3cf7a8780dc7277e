"""The sample newsroom, crawled twice: as it was published, and after one article was edited and one withdrawn."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from pipelines.errors import UsageError
from pipelines.newsroom import Newsroom, safe_anchor, serve
from pipelines.run import run
from pipelines.saving import ProcessReport
from pipelines.settings import Settings
from pipelines.sources import import_sources
from store.content import ArticleRow
from store.crawling import PageRow
from store.database import Database

PORT = 8765  # that of `diembao newsroom`, so that the links of the demo's documents work when it runs
WATCHED = "thông tin đối ngoại"
RECHECK_DAYS = 60.0


def crawl_newsroom(database: Database, settings: Settings, say: Callable[[str], None]) -> ProcessReport:
    """Serve, crawl, process, edit, crawl again; counts of both crawls together.

    Raises
    ------
    UsageError
        The database holds articles that are not the newsroom's: fiction must not mix with them.
    """
    _refuse_real_articles(database)
    folder = settings.data_dir / "newsroom"
    newsroom = Newsroom(folder, _anchor(folder))
    with serve(newsroom, _free_port()) as server:
        mine = _demo_settings(settings, newsroom, server.port)
        say(f"1/3  crawling {len(newsroom.sites)} fictional outlets on 127.0.0.1:{server.port}")
        report = run(database, mine, every_feed=True)
        say("2/3  one article is edited and one withdrawn; crawling again")
        server.newsroom = Newsroom(folder, newsroom.anchor, stage=2)
        server.close_connections()
        again = run(database, mine, every_feed=True, recheck_days=RECHECK_DAYS)
    say("3/3  summing up")
    report.counts += again.counts
    report.problems += again.problems
    return report


def _refuse_real_articles(database: Database) -> None:
    real = ~PageRow.host.like("%.localhost")
    with database.reading() as session:
        count = session.scalar(select(func.count()).select_from(ArticleRow).join(PageRow).where(real))
    if count:
        raise UsageError(
            f"the database holds {count} articles that are not the sample newsroom's; "
            "give the demo a folder of its own: DIEMBAO_VAR_DIR=var/demo"
        )


def _anchor(folder: Path) -> date:
    from pipelines.newsroom.content import load_outlets

    return safe_anchor(load_outlets(folder).values())


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return 0
    return PORT


def _demo_settings(settings: Settings, newsroom: Newsroom, port: int) -> Settings:
    """The operator's settings, but for the newsroom's own outlets, without delays, and with its address opened."""
    sources = settings.var_dir / "newsroom" / "sources"
    listing = settings.var_dir / "newsroom" / "outlets.jsonl"
    try:
        listing.parent.mkdir(parents=True, exist_ok=True)
        rows = [json.dumps(row, ensure_ascii=False) for row in newsroom.sources(port)]
        listing.write_text("\n".join(rows) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {listing}: {error.strerror}; choose another var_dir") from error
    import_sources(listing, sources, replace=True)
    return settings.model_copy(
        update={
            "sources_dir": sources,
            "delay": 0.0,
            "linger": 5.0,
            "proxy": "",
            "opened": (f"127.0.0.1:{port}",),
            "watch": settings.watch or (WATCHED,),
        }
    )
