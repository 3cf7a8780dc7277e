"""A frontier for `scrapy crawl` without a database: checks one listing, prints what it finds, keeps nothing."""

from collections.abc import Collection, Mapping, Sequence

from crawler.frontier import Discovery, FeedReading, FeedTask, PageReading, PageTask, Refusal, RobotsAnswer
from crawler.urls import fetchable


class DryRunFrontier:
    """One feed to check; what it lists goes to standard output."""

    def __init__(self, url: str, kind: str, kinds: Sequence[str]) -> None:
        if not fetchable(url) or kind not in kinds:
            valid = ", ".join(kinds)
            raise ValueError(f"a dry run needs -a url=http(s)://... and -a kind= one of {valid}; got {url!r}, {kind!r}")
        self.tasks = [FeedTask(1, "dry-run", url, kind)]
        self.found: list[Discovery] = []

    def due_feeds(self) -> Sequence[FeedTask]:
        """The listing, once; then what an index named."""
        tasks, self.tasks = self.tasks, []
        return tasks

    def feed_read(self, task: FeedTask, reading: FeedReading) -> int:
        """Print the articles that were listed."""
        for item in reading.items:
            moment = item.published_at or item.modified_at
            print(f"{moment.isoformat() if moment else '-':25}  {item.url}  {item.title or ''}")  # noqa: T201
        self.found.extend(reading.items)
        self.tasks += [FeedTask(task.id + i, "dry-run", c.url, c.kind) for i, c in enumerate(reading.children[:3], 1)]
        return len(reading.items)

    def feed_failed(self, task: FeedTask, problem: str, retry_after: float | None = None) -> None:
        """Print what went wrong."""
        print(f"{task.url}: {problem}")  # noqa: T201

    def due_pages(self, limit: int, per_host: int, in_flight: Collection[PageTask]) -> Sequence[PageTask]:
        """Nothing: a dry run fetches no article."""
        return ()

    def next_due_in(self) -> float | None:
        """Nothing is due later."""
        return None

    def page_read(self, task: PageTask, reading: PageReading) -> None:
        """Never called: there are no pages."""

    def page_failed(self, task: PageTask, problem: str, retry_after: float | None = None) -> None:
        """Never called: there are no pages."""

    def page_refused(self, task: PageTask, reason: Refusal, detail: str = "") -> None:
        """Never called: there are no pages."""

    def page_unchanged(self, task: PageTask) -> None:
        """Never called: there are no pages."""

    def host_busy(self, host: str, seconds: float, reason: str) -> None:
        """Print who asks for rest."""
        print(f"{host} asks to be left alone for {seconds:.0f} s: {reason}")  # noqa: T201

    def busy_hosts(self) -> Mapping[str, float]:
        """Nothing is remembered."""
        return {}

    def robots_known(self, site: str) -> RobotsAnswer | None:
        """Nothing is remembered."""
        return None

    def robots_read(self, answer: RobotsAnswer) -> None:
        """Nothing is remembered."""
