"""What can be wrong with a report; every message says what was found and what to do."""


class ReportError(Exception):
    """A report cannot be made as asked, or not in one of its formats. The command line ends with exit code 2."""
