"""The formats of the summary. A format is a module with a function from the summary to bytes, and a line here."""

from collections.abc import Callable

from reports.html import render_html
from reports.pdf import render_pdf
from reports.summary import WeeklySummary

# The name is also the file's ending.
FORMATS: dict[str, Callable[[WeeklySummary], bytes]] = {
    "html": render_html,
    "pdf": render_pdf,
}
