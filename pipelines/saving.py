"""Writing what the workers found: articles, predictions, flags, and the pages that gave none, each with its reason."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from classify.types import Prediction
from pipelines.flags import WITHDRAWN, Case, add_flag, raise_flags
from pipelines.settings import Settings
from pipelines.worker import PageResult
from store.articles import Change, Extracted, save_articles, save_prediction, withdraw_article
from store.base import now
from store.content import ArticleRow, Outcome
from store.crawling import PageRow
from store.database import Database
from store.search import index_article


@dataclass
class ProcessReport:
    """What a run of processing did, by outcome; `problems` lists the quarantined pages with their reasons."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: "ProcessReport") -> None:
        """Add what a transaction did, once it is committed."""
        self.counts += other.counts
        self.problems += other.problems


class Saver:
    """Writes results; a transaction that the database broke off is done again, and counted once."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        self.report = ProcessReport()
        self.languages = settings.supported_languages

    def save(self, results: list[PageResult]) -> None:
        """Keep what came of some pages, in one transaction."""
        found = {result.page_id: result for result in results}
        if found:
            self._write(lambda session, done: self._save(session, done, found))

    def withdraw(self, page_ids: list[int]) -> None:
        """Remember that the articles of these pages are gone from their outlets."""
        if page_ids:
            self._write(lambda session, done: self._withdraw(session, done, page_ids))

    def _write(self, change: Callable[[Session, ProcessReport], None]) -> None:
        def work() -> ProcessReport:
            done = ProcessReport()
            with self.database.writing() as session:
                change(session, done)
            return done

        self.report.add(self.database.persistently(work))

    def _withdraw(self, session: Session, done: ProcessReport, page_ids: list[int]) -> None:
        for page in session.scalars(select(PageRow).where(PageRow.id.in_(page_ids))):
            article = withdraw_article(session, page, page.fetched_at or now())
            page.outcome, page.outcome_reason = Outcome.WITHDRAWN, f"HTTP {page.status}"
            if article is not None:
                add_flag(session, article.id, WITHDRAWN, "", {"status": page.status})
            done.counts["withdrawn" if article is not None else "gone before we came"] += 1

    def _save(self, session: Session, done: ProcessReport, found: dict[int, PageResult]) -> None:
        pages = session.scalars(select(PageRow).where(PageRow.id.in_(found)).order_by(PageRow.id)).all()
        # A page fetched again meanwhile keeps waiting: its newer record is still to be read.
        valid = [page for page in pages if (page.warc_file, page.warc_offset) == found[page.id].record]
        articles: list[tuple[PageRow, Extracted]] = []
        for page in valid:
            extracted = found[page.id].extracted
            if extracted is None:
                _turn_away(page, found[page.id], done)
            else:
                articles.append((page, extracted))
        saved = save_articles(session, articles)
        for (page, extracted), (article, change) in zip(articles, saved, strict=True):
            self._tag(session, done, page, extracted, article, change, found[page.id].prediction)

    def _tag(
        self,
        session: Session,
        done: ProcessReport,
        page: PageRow,
        extracted: Extracted,
        article: ArticleRow,
        change: Change,
        predicted: Prediction | None,
    ) -> None:
        assert predicted is not None  # noqa: S101 - a worker gives both or neither
        first = change == "new"
        prediction = save_prediction(session, article, predicted, first=first)
        index_article(session, article.id, extracted.folded, extracted.exact, first=first)
        case = Case(
            page=page,
            article=article,
            prediction=prediction,
            change=change,
            folded=extracted.folded,
            watch=self.settings.watch,
            audit_share=self.settings.audit_share,
            low_confidence=self.settings.low_confidence,
            languages=self.languages,
        )
        done.counts["flags raised"] += raise_flags(session, case)
        page.outcome, page.outcome_reason = Outcome.ARTICLE, None
        done.counts[f"articles {change}"] += 1


def _turn_away(page: PageRow, result: PageResult, done: ProcessReport) -> None:
    if result.discard is not None:
        page.outcome, page.outcome_reason = Outcome.REFUSED, result.discard.value
        done.counts[f"refused: {page.outcome_reason}"] += 1
    else:
        page.outcome, page.outcome_reason = Outcome.QUARANTINED, result.problem
        done.counts["quarantined"] += 1
        done.problems.append((page.url, result.problem))
