"""The summary as one HTML file that needs nothing else: its style and its charts are inside."""

from pathlib import Path

from reports.charts import draw_charts
from reports.summary import WeeklySummary

TEMPLATES = Path(__file__).parent / "templates"


def render_html(summary: WeeklySummary) -> bytes:
    """The file, in UTF-8. Two runs over the same database differ in the line that says when, and nowhere else.

    Raises
    ------
    ReportError
        vl-convert, which draws the charts, is not installed.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    from reports import words
    from reports.anchors import entry_anchor
    from reports.doubts import ENOUGH_AUDITED

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": words.number,
        "percent": words.percent,
        "moment": words.moment_text,
        "day": words.day_text,
        "entry": entry_anchor,
    }
    # The charts are our own drawing of our own words (topic, country and language names), escaped when drawn.
    charts = {name: Markup(svg) for name, svg in draw_charts(summary).items()}  # noqa: S704
    page = environment.get_template("weekly.html").render(
        s=summary, totals=summary.figures.totals, charts=charts, tones=words.TONES, enough=ENOUGH_AUDITED
    )
    return page.encode()
