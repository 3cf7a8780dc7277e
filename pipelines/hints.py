"""What the source files say of reading their outlets' pages, at hand by outlet and by address."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import SourceError
from crawler.extraction.hints import Hints
from crawler.source import Source, load_source, source_files
from crawler.urls import host_of
from pipelines.logs import get_log

# Most files give none: reading 800 files as YAML takes seconds, looking for the word takes a tenth of one.
GIVEN = re.compile(rb"^[\"']?extract[\"']?[ \t]*:", re.MULTILINE)


@dataclass(frozen=True)
class KnownHints:
    """Hints by the outlet's id and by its domain."""

    by_id: Mapping[str, Hints]
    by_domain: Mapping[str, Hints]

    def of_url(self, url: str) -> Hints | None:
        """The hints for a page of the outlet whose domain, or the longest part of it, the address has."""
        labels = _bare(host_of(url)).split(".")
        names = (".".join(labels[at:]) for at in range(len(labels)))
        return next((self.by_domain[name] for name in names if name in self.by_domain), None)


def load_hints(folder: Path) -> KnownHints:
    """The hints below a folder of sources, as the files are now. A file that cannot be used gives none and is told of.

    Reading pages must go on: `diembao sources check` and the next crawl say what is wrong, too.
    """
    sources = list(_giving(folder)) if folder.is_dir() else []
    known = [(source, source.hints) for source in sources]
    return KnownHints(
        {source.id: hints for source, hints in known if hints},
        {_bare(source.domain): hints for source, hints in known if hints},
    )


def _giving(folder: Path) -> Iterator[Source]:
    for path in source_files(folder):
        try:
            if GIVEN.search(path.read_bytes()):
                yield load_source(path)
        except (SourceError, OSError) as error:
            get_log("hints").warning("no hints: the source file cannot be used", error=str(error))


def _bare(host: str) -> str:
    return host.lower().partition(":")[0].removeprefix("www.")
