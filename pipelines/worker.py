"""What a worker process does with one page: record -> article -> language -> prediction. It never sees the database.

A hostile page may take a worker's whole memory or never end; the pool kills the worker then, and only that page is lost
to quarantine. So everything heavy lives here and everything durable in the parent.
"""

import gc
import hashlib
import logging
import math
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from classify.types import Document, Prediction
from crawler.extraction.article import Discard, NotAnArticle
from crawler.extraction.hints import Hints
from crawler.patience import OutOfPatience, limited
from store.articles import Extracted
from store.content import full_text
from store.search import searchable

if TYPE_CHECKING:
    from classify.predict import Classifier
    from classify.stories import CommonWords

MAX_BODY = 20 * 1024 * 1024  # bytes of a decoded page; twice what is fetched, for compressed ones
GRACE_SECONDS = 1.0  # between the alarm and the end
MIN_COPY = 200  # characters; shorter texts agree by chance
LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class PageJob:
    """A page to process: where its record is (WARC file, byte offset), and what the crawl knows of it.

    `hints`: what its outlet's file says of its pages. `seconds`: the processor time it may take.
    """

    page_id: int
    url: str
    folder: str
    record: tuple[str, int]
    timezone: str
    languages: tuple[str, ...]
    fetched_at: datetime
    title: str | None = None
    listed: datetime | None = None
    hints: Hints | None = None
    seconds: float = 5.0


@dataclass(frozen=True)
class PageResult:
    """What came of it: an article with its prediction, or the reason why there is none."""

    page_id: int
    record: tuple[str, int]
    extracted: Extracted | None = None
    prediction: Prediction | None = None
    discard: Discard | None = None
    problem: str = ""


_classifier: "Classifier | None" = None
_common_words: "CommonWords | None" = None


def start_worker(memory_mb: int, models_dir: str, data_dir: str, transformer: str = "") -> None:
    """Prepare a worker process: a limit on its memory, the models loaded once.

    The limit is on address space (RLIMIT_AS), so that a page that asks for too much gets a MemoryError.
    """
    global _classifier, _common_words
    from classify.predict import Classifier
    from classify.stories import CommonWords

    # Libraries' own words about a page ("discarding data") are no news for the operator: the outcome is counted.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    _classifier = Classifier.load(Path(models_dir), Path(data_dir), transformer=transformer)
    _common_words = CommonWords.load(Path(data_dir) / "common_words.tsv")
    # What is loaded now stays for good: the collector need not walk it again after every page.
    gc.collect()
    gc.freeze()
    limit = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def process_pages(jobs: list[PageJob]) -> list[PageResult]:
    """Process a few pages, in order."""
    return [process_page(job) for job in jobs]


def process_page(job: PageJob) -> PageResult:
    """Process one page. Never raises for what a page contains; running out of memory is a result, too."""
    from crawler.archive import read_payload
    from crawler.errors import ArchiveError

    file, offset = job.record
    try:
        with _ended_after(job.seconds + GRACE_SECONDS), limited(job.seconds):
            _, body = read_payload(Path(job.folder) / file, offset, limit=MAX_BODY)
            extracted, prediction = understand(job, body)
    except NotAnArticle as outcome:
        return PageResult(job.page_id, job.record, discard=outcome.reason)
    except MemoryError:
        return PageResult(job.page_id, job.record, problem="the page needs more memory than a worker may use")
    except OutOfPatience:
        return PageResult(job.page_id, job.record, problem=too_long(job.seconds))
    except ArchiveError as error:
        return PageResult(job.page_id, job.record, problem=str(error))
    except Exception as error:  # a page must not take the job with it; the reason is kept with the page
        return PageResult(job.page_id, job.record, problem=f"{type(error).__name__}: {error}"[:300])
    return PageResult(job.page_id, job.record, extracted, prediction)


def too_long(seconds: float) -> str:
    """What is said of a page that took longer than it may."""
    return f"processing took longer than {seconds:g} s"


@contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    """Let the system end this process when the block takes so long: no alarm interrupts a call into C."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime + seconds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def understand(job: PageJob, body: bytes) -> tuple[Extracted, Prediction]:
    """A page's bytes -> its article and what the machine says of it.

    Raises
    ------
    NotAnArticle
        The page is no article.
    """
    from classify.copies import marks
    from classify.stories import traits
    from crawler.extraction.agencies import agency_of
    from crawler.extraction.extract import extract, version

    article = extract(
        body,
        job.url,
        zone=ZoneInfo(job.timezone),
        now=job.fetched_at,
        title=job.title,
        listed=job.listed,
        hints=job.hints,
    )
    text = full_text(article.lead, article.body)
    assert _classifier is not None and _common_words is not None  # noqa: S101, PT018 - start_worker ran first
    language, confidence = detect_language(article.title, text, article.language, job.languages)
    prediction = _classifier.predict(Document(article.title, text, language))
    letters = LETTERS.sub("", article.body).casefold()
    digest = hashlib.sha256(letters.encode()).hexdigest() if len(letters) >= MIN_COPY else None
    folded, exact = searchable(article.title, text)
    if prediction.language_confidence == 1.0:  # the classifier took our word for it
        prediction = _with_confidence(prediction, confidence)
    told, agency = traits(article.title, text, language, _common_words), agency_of(text, article.authors)
    reader = version(job.hints)
    return Extracted(article, language, digest, folded, exact, reader, marks(text), told, agency), prediction


def detect_language(title: str, text: str, declared: str | None, expected: tuple[str, ...]) -> tuple[str, float]:
    """The language of an article: what the text shows; where that is unsure, what page and outlet agree on.

    Returns
    -------
    tuple of str and float
        ISO 639-1 code (`und` = unknown) and confidence from 0 to 1.
    """
    from classify.language import UNKNOWN, detect

    language, confidence = detect(f"{title}\n{text}")
    if language == UNKNOWN and declared and declared in expected:
        return declared, 0.5
    return language, confidence


def _with_confidence(prediction: Prediction, confidence: float) -> Prediction:
    from dataclasses import replace

    return replace(prediction, language_confidence=round(confidence, 4))
