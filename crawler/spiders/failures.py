"""Why a request gave no answer: refused for good, to be retried, or a reason to end the crawl."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

from scrapy.exceptions import CloseSpider, DownloadCancelledError, IgnoreRequest
from twisted.python.failure import Failure

from crawler.errors import FrontierError
from crawler.frontier import PageTask, Refusal
from crawler.guard import refused_names
from crawler.middlewares.guard import Refused
from crawler.urls import UNWRITABLE, host_of

NO_ARCHIVE = "the archive cannot be written"
NO_MEMORY = "the crawl cannot go on"
DISK_TROUBLE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG)


@contextmanager
def must_end(failure: Failure | None = None) -> Iterator[None]:
    """End the crawl when the disk is full or the memory is lost. That is not the page's fault: it stays as it was.

    Raises
    ------
    scrapy.exceptions.CloseSpider
        `failure`, or what happens in the block, is of that kind.
    """
    try:
        if failure is not None and isinstance(failure.value, FrontierError):
            raise failure.value
        if failure is not None and isinstance(failure.value, OSError) and failure.value.errno in DISK_TROUBLE:
            raise CloseSpider(f"{NO_ARCHIVE}: {failure.value.strerror}")
        yield
    except FrontierError as error:
        raise CloseSpider(f"{NO_MEMORY}: {error}") from error


def refusal_of(failure: Failure, task: PageTask) -> tuple[Refusal, str] | None:
    """The reason, with its detail, why a page will not be fetched; None for a failure that may pass."""
    error = failure.value
    if isinstance(error, Refused):
        return error.reason, error.detail
    if host_of(failure.request.url) in refused_names:  # type: ignore[attr-defined]
        return Refusal.PRIVATE_ADDRESS, host_of(task.url)
    if isinstance(error, DownloadCancelledError):
        return Refusal.TOO_LARGE, ""
    plain = type(error) is IgnoreRequest  # Scrapy's own; ours tell a host's name, which may be any word
    if plain and "redirect" in str(error):
        return Refusal.TOO_MANY_REDIRECTS, ""
    if plain and re.search(r"exceed|larger|size", str(error)):
        return Refusal.TOO_LARGE, str(error)[:200]
    return None


def problem_of(failure: Failure) -> str:
    """What went wrong, in one line."""
    own = isinstance(failure.value, Refused)  # its words say all
    text = str(failure.value) if own else f"{type(failure.value).__name__}: {failure.getErrorMessage()}"
    return UNWRITABLE.sub("", text.splitlines()[0])[:300]
