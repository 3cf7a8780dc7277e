"""Asks for a few addresses, as politely as a crawl does, and hands every answer to whoever wants to know."""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.frontier import Refusal
from crawler.guard import refused_names
from crawler.middlewares.guard import Refused
from crawler.spiders.news import ANSWERS
from crawler.urls import host_of


@dataclass(frozen=True)
class Ask:
    """An address to fetch; `key` is the asker's own mark."""

    url: str
    key: Any = None


@dataclass(frozen=True)
class Answer:
    """What came of it: the answer, or `problem` in one line. `url` is where redirects led."""

    ask: Ask
    url: str
    status: int | None = None
    body: bytes = b""
    problem: str = ""

    @property
    def fine(self) -> bool:
        """Whether there is something to read."""
        return not self.problem and self.status is not None and self.status < 300


class ProbeSpider(Spider):
    """Fetches what it is given; for each answer `heard` may name more. Nothing is kept."""

    name = "probe"

    def __init__(
        self, asks: Iterable[Ask] = (), heard: Callable[[Answer], Iterable[Ask]] = lambda _: (), **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.asks, self.heard = tuple(asks), heard

    async def start(self) -> AsyncIterator[Any]:
        """The first requests; the others follow from answers."""
        for ask in self.asks:
            yield self._request(ask)

    def _request(self, ask: Ask) -> Request:
        meta = {"handle_httpstatus_list": ANSWERS}
        return Request(ask.url, self.answered, meta=meta, cb_kwargs={"ask": ask}, errback=self.broke, dont_filter=True)

    def answered(self, response: Response, ask: Ask) -> list[Request]:
        """Hand on an answer of any status."""
        problem = "" if response.status < 300 else f"HTTP {response.status}"
        found = Answer(ask, response.url, response.status, response.body, problem)
        return [self._request(more) for more in self.heard(found)]

    def broke(self, failure: Failure) -> list[Request]:
        """Hand on why there was no answer."""
        ask: Ask = failure.request.cb_kwargs["ask"]  # type: ignore[attr-defined]
        url: str = failure.request.url  # type: ignore[attr-defined]
        return [self._request(more) for more in self.heard(Answer(ask, url, problem=_problem(failure, url)))]


def _problem(failure: Failure, url: str) -> str:
    error = failure.value
    if isinstance(error, Refused):
        return f"{error.reason.value} ({error.detail})" if error.detail else error.reason.value
    if host_of(url) in refused_names:
        return f"{Refusal.PRIVATE_ADDRESS.value} ({host_of(url)})"
    text = f"{type(error).__name__}: {failure.getErrorMessage()}"
    return text.splitlines()[0][:200]
