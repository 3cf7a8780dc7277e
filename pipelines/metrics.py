"""What a monitoring system watches, in Prometheus' text format. Every label has few values, none an address or a name.

The names are a promise to whoever has alerts on them: add, do not rename.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.extraction.article import Discard
from crawler.frontier import PageState, Refusal
from pipelines.disk import Disk, measure_disk
from pipelines.drift import Drift, measure_drift
from pipelines.errors import UsageError
from pipelines.settings import Settings
from store.content import Outcome
from store.database import Database
from store.runs import UNPROCESSED, Standing, standing

if TYPE_CHECKING:
    from prometheus_client import Metric
    from prometheus_client.registry import CollectorRegistry

OTHER = "other"  # a reason that is not in the closed lists: none today, and counted all the same
JOBS = ("run", "crawl", "process", "ingest", "report")  # shown before their first run, too
ENDINGS = ("done", "stopped", "failed", "killed", "running")
Rows = Mapping[str, float]


def metrics_text(database: Database, settings: Settings) -> str:
    """The metrics, measured now."""
    from prometheus_client import generate_latest

    return generate_latest(registry(database, settings)).decode()


def write_metrics(database: Database, settings: Settings) -> None:
    """Write them to `metrics_file`, whole or not at all; nothing when the setting is empty.

    Raises
    ------
    UsageError
        The file cannot be written.
    """
    if settings.metrics_file is None:
        return
    path = settings.metrics_file
    beside = path.with_name(f".{path.name}.{os.getpid()}")  # the collector reads *.prom only
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(metrics_text(database, settings), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(f"cannot write metrics_file {path}: {error.strerror}; set another one, or none") from error


def registry(database: Database, settings: Settings) -> "CollectorRegistry":
    """A registry that looks into the database whenever it is asked."""
    from prometheus_client.registry import Collector, CollectorRegistry

    class Watched(Collector):
        def collect(self) -> Iterable["Metric"]:
            with database.reading() as session:
                found = standing(session)
                drift = measure_drift(session, found.at, settings.supported_languages)
            return [*families(found, measure_disk(settings)), *drift_families(drift)]

    made = CollectorRegistry()
    made.register(Watched())
    return made


def families(found: Standing, disk: Disk) -> Iterator["Metric"]:
    """Every metric. Values that are not there yet are 0, so that a graph begins at the beginning."""
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    def gauge(name: str, text: str, label: str, rows: Rows) -> "Metric":
        made = GaugeMetricFamily(f"diembao_{name}", text, labels=[label])
        for value, number in rows.items():
            made.add_metric([value], number)
        return made

    def single(name: str, text: str, number: float) -> "Metric":
        return GaugeMetricFamily(f"diembao_{name}", text, value=number)

    outcomes = {name: found.outcomes.get(name, 0) for name in Outcome}
    unprocessed = found.outcomes.get(UNPROCESSED, 0)
    yield gauge("pages", "Known pages by where their crawl stands.", "state", _all(PageState, found.states))
    yield gauge(
        "outcomes", "Fetched pages by what processing made of them.", "outcome", outcomes | {"unprocessed": unprocessed}
    )
    yield gauge("refusals", "Pages refused by the crawl, by reason.", "reason", _closed(found, "refused", Refusal))
    yield gauge(
        "discards", "Fetched pages that were no article.", "reason", _closed(found, "fetched, refused", Discard)
    )
    yield gauge("feeds", "Feeds by state; alert: read, and unlike its past.", "state", found.feed_states)
    yield CounterMetricFamily("diembao_articles", "Articles kept.", value=found.articles)
    yield single("flags_open", "Stated reasons to look at an article that wait for a verdict.", found.open_flags)
    waits = (found.at - found.oldest_due_at).total_seconds() if found.oldest_due_at else 0
    yield single("oldest_waiting_seconds", "How long the longest-waiting page could have been fetched.", waits)
    yield single("hosts_busy", "Hosts that asked to be left alone for now.", len(found.resting))
    yield gauge("last_run_seconds", "How long the newest ended run of each job took.", "job", _last_seconds(found))
    yield gauge(
        "last_run_success_timestamp",
        "When each job last ended well, in seconds since 1970; 0: never.",
        "job",
        {job: _unix(found, job) for job in JOBS},
    )
    yield _endings(found)
    yield single("sums_wrong", "Sums of pages that do not match; more than 0 is a fault.", len(found.mismatches))
    yield single("archive_bytes", "Size of the archive.", disk.archive_bytes)
    if disk.free_bytes is not None:
        yield single("disk_free_bytes", "What the archive may still take.", disk.free_bytes)


def drift_families(drift: Drift) -> Iterator["Metric"]:
    """Whether the last week is unlike those before, and how often people kept the machine's word in the audit."""
    from prometheus_client.core import GaugeMetricFamily

    raised = GaugeMetricFamily("diembao_drift_raised", "1: the last week is unlike those before.", labels=["check"])
    distance = GaugeMetricFamily(
        "diembao_drift_distance", "How far it is; none while there are too few articles.", labels=["check"]
    )
    kept = GaugeMetricFamily(
        "diembao_audit_kept",
        "Share of the random audit where people kept what the machine said.",
        labels=["what", "period"],
    )
    for check in drift.checks:
        raised.add_metric([check.name], float(check.raised))
        if check.value is not None:
            distance.add_metric([check.name], check.value)
    for one in drift.audit:
        kept.add_metric([one.name, one.period], one.kept / one.of)
    yield from (raised, distance, kept)


@contextmanager
def serve_metrics(database: Database, settings: Settings, address: str) -> Iterator[None]:
    """Serve /metrics on `host:port` while the block lasts.

    Raises
    ------
    UsageError
        The address is not of that form, or taken.
    """
    from prometheus_client import start_http_server

    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise UsageError(f"--listen {address!r} is not an address like 127.0.0.1:9464")
    try:
        server, thread = start_http_server(int(port), host.strip("[]"), registry(database, settings))
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"cannot listen on {address} ({reason}); take another address with --listen") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _all(names: Iterable[str], known: Rows) -> dict[str, float]:
    return {str(name): known.get(name, 0) for name in names}


def _closed(found: Standing, group: str, reasons: "type[Refusal] | type[Discard]") -> dict[str, float]:
    """Counts by the name of the reason; what is told beside it, such as an address, is left out."""
    counts: Counter[str] = Counter({reason.name.lower(): 0 for reason in reasons} | {OTHER: 0})
    for text, count in found.reasons_of.get(group, {}).items():
        counts[next((reason.name.lower() for reason in reasons if text.startswith(reason.value)), OTHER)] += count
    return dict(counts)


def _last_seconds(found: Standing) -> dict[str, float]:
    return {run.job: run.seconds for run in found.last_runs if run.job in JOBS and run.seconds is not None}


def _endings(found: Standing) -> "Metric":
    from prometheus_client.core import GaugeMetricFamily

    made = GaugeMetricFamily("diembao_last_run", "How the newest run of each job ended: 1.", labels=["job", "ended"])
    for run in found.last_runs:
        if run.job in JOBS and run.status in ENDINGS:
            made.add_metric([run.job, run.status], 1)
    return made


def _unix(found: Standing, job: str) -> float:
    done = found.last_done.get(job)
    return done.timestamp() if done else 0.0
