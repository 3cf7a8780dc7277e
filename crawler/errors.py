"""What can be wrong on the way in; every message says what was received, what is valid, what to do."""


class CrawlerError(Exception):
    """The parent of this leaf's errors. The command line ends with exit code 2."""


class SourceError(CrawlerError):
    """A source file cannot be used. Raised by `crawler.source`; names the file and the line."""


class ArchiveError(CrawlerError):
    """An archive cannot be written or read. Raised by `crawler.archive`."""


class FrontierError(CrawlerError):
    """The crawl's memory cannot be read or written, and waiting did not help: the crawl must end."""
