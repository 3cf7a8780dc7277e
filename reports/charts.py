"""The charts: a Vega-Lite specification each, drawn as an SVG that fits a phone, prints, and is told in words."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Any

from reports.errors import ReportError
from reports.summary import WeeklySummary
from reports.tables import Row, Table
from reports.words import TONES, Text, number

Spec = dict[str, Any]

# The first that is there is used; Vietnamese needs one with stacked marks, which these have.
FONT = "Be Vietnam Pro, Noto Sans, DejaVu Sans, Liberation Sans, sans-serif"
INK, QUIET, BAR = "#1d2733", "#5a6672", "#2f6690"
# Apart also for the colour-blind and in grey print: light to dark as neutral, unclear, positive, mixed, negative.
TONE_COLOURS = {
    "positive": "#3a9188",
    "neutral": "#c3cbd2",
    "mixed": "#8a6fb0",
    "negative": "#b5482c",
    "unclear": "#e6e2d8",
}
# A page of a phone is 350 units wide: drawn no wider than 430, letters of 13 still read there.
PLOT_WIDTH, LABEL_CHARS, STEP = 235, 22, 34
MOST_BARS = 10
OTHERS = Text("Còn lại", "Others")


def draw_charts(summary: WeeklySummary) -> dict[str, str]:
    """The SVG of each chart, by the id of its table; a chart with nothing to show is left out.

    Raises
    ------
    ReportError
        vl-convert is not installed.
    """
    specs = {name: spec for name, spec in chart_specs(summary).items() if spec is not None}
    return {name: _draw(name, spec) for name, spec in specs.items()}


def chart_specs(summary: WeeklySummary) -> dict[str, Spec | None]:
    """The Vega-Lite specification of each chart; None when all its counts are zero."""
    tables = summary.tables
    if not summary.figures.totals.articles:
        return {}
    return {
        "topic": _bars(tables["topic"], len(tables["topic"].rows)),
        "tone": _tone_by_topic(summary) if summary.figures.totals.about else None,
        "language": _bars(tables["language"], MOST_BARS),
        "country": _bars(tables["country"], MOST_BARS),
        "day": _days(tables["day"]),
    }


def _bars(table: Table, most: int) -> Spec:
    values = [{"label": _lines(name), "n": count, "shown": number(count).vi} for name, count in _top(table.rows, most)]
    words = ", ".join(f"{name} {count}" for name, count in _top(table.rows, most))
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": _AXIS}
    x = {"field": "n", "type": "quantitative", "axis": None, "scale": {"domainMin": 0, "nice": False}}
    return {
        **_frame(table.title, words),
        "data": {"values": values},
        "height": {"step": STEP},
        "encoding": {"y": y, "x": x},
        "layer": [
            {"mark": {"type": "bar", "color": BAR, "height": 20}},
            {"mark": _count_mark(align="left", dx=4), "encoding": {"text": {"field": "shown"}}},
        ],
    }


def _days(table: Table) -> Spec:
    values = [
        {"label": _day_label(row.name.vi), "n": row.share.count, "shown": number(row.share.count).vi}
        for row in table.rows
    ]
    words = ", ".join(f"{row.name.vi} {row.share.count}" for row in table.rows)
    x = {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {**_AXIS, "labelAngle": 0, "labelBaseline": "top"},
    }
    y = {"field": "n", "type": "quantitative", "axis": None, "scale": {"domainMin": 0, "nice": False}}
    return {
        **_frame(table.title, words),
        "data": {"values": values},
        "width": PLOT_WIDTH + 130,
        "height": 150,
        "encoding": {"y": y, "x": x},
        "layer": [
            {"mark": {"type": "bar", "color": BAR, "width": 34}},
            {"mark": _count_mark(baseline="bottom", dy=-3), "encoding": {"text": {"field": "shown"}}},
        ],
    }


def _tone_by_topic(summary: WeeklySummary) -> Spec:
    title = Text("Sắc thái đối với Việt Nam theo chủ đề", "Tone toward Vietnam by topic")
    rows = sorted(summary.cross, key=lambda row: -row.count)
    values = [
        {"label": _lines(row.name.vi), "tone": words.vi, "order": at, "n": count}
        for row in rows
        for at, (words, (count, _)) in enumerate(zip(TONES.values(), row.cells, strict=True))
        if count
    ]
    told = "; ".join(
        f"{row.name.vi}: "
        + ", ".join(
            f"{words.vi.lower()} {count}" for words, (count, _) in zip(TONES.values(), row.cells, strict=True) if count
        )
        for row in rows
    )
    used = [tone for at, tone in enumerate(TONES) if any(row.cells[at][0] for row in rows)]
    scale = {"domain": [TONES[tone].vi for tone in used], "range": [TONE_COLOURS[tone] for tone in used]}
    legend = {"title": None, "orient": "top", "columns": 3, "symbolType": "square", "symbolSize": 140}
    return {
        **_frame(title, told),
        "data": {"values": values},
        "height": {"step": STEP},
        "mark": {"type": "bar", "height": 20, "stroke": "#6b7680", "strokeWidth": 0.4},
        "encoding": {
            "y": {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": _AXIS},
            "x": {"field": "n", "type": "quantitative", "title": None,
                  "axis": {"tickMinStep": 1, "tickCount": 5, "format": "d", "grid": True, "labelFontSize": 12}},
            "color": {"field": "tone", "type": "nominal", "scale": scale, "legend": legend},
            "order": {"field": "order"},
        },
    }  # fmt: skip


_AXIS: Spec = {
    "labelExpr": r"split(datum.label, '\n')",
    # Of two lines, one goes above the middle and one below.
    "labelBaseline": {"condition": {"test": r"indexof(datum.label, '\n') > 0", "value": "bottom"}, "value": "middle"},
    "labelLimit": 190,
    "labelLineHeight": 15,
    "ticks": False,
    "domain": False,
    "labelPadding": 8,
}


def _frame(title: Text, words: str) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "usermeta": {"title": f"{title.vi} ({title.en})", "description": words},
        "width": PLOT_WIDTH,
        "background": "transparent",
        "padding": {"left": 2, "right": 30, "top": 16, "bottom": 4},
        "autosize": {"type": "pad", "contains": "content"},
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {"labelFontSize": 13, "labelColor": INK, "titleColor": QUIET, "gridColor": "#e3e6e9"},
            "legend": {"labelFontSize": 13, "labelColor": INK},
        },
    }


def _count_mark(**more: Any) -> Spec:
    return {"type": "text", "fontSize": 13, "color": INK, **more}


def _top(rows: Sequence[Row], most: int) -> list[tuple[str, int]]:
    counted = [(row.name.vi, row.share.count) for row in rows if row.share.count]
    if len(counted) <= most:
        return counted
    rest = counted[most - 1 :]
    return [*counted[: most - 1], (f"{OTHERS.vi} ({len(rest)})", sum(count for _, count in rest))]


def _day_label(name: str) -> str:
    """`T2 09/11/2026` on two lines, without the year."""
    weekday, day = name.split(" ")
    return f"{weekday}\n{day[:5]}"


def _lines(label: str) -> str:
    """At most two lines, so that long topic names leave room for the bars."""
    lines = wrap(label, LABEL_CHARS, max_lines=2, placeholder="…")
    return "\n".join(lines)


def _draw(name: str, spec: Mapping[str, Any]) -> str:
    try:
        import vl_convert
    except ImportError as error:
        raise ReportError("charts need vl-convert: pip install 'diembao[report]'") from error
    told = spec["usermeta"]
    bare = {key: value for key, value in spec.items() if key != "usermeta"}
    svg: str = vl_convert.vegalite_to_svg(bare, vl_version="6.1", allowed_base_urls=[])
    return _accessible(svg, f"chart-{name}", told["title"], told["description"])


def _accessible(svg: str, name: str, title: str, words: str) -> str:
    """One picture with a title and a description, as wide as its column allows; ids kept apart from other charts'."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    found = re.match(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([^"]+)"[^>]*>', svg)
    if not found:
        raise ReportError(f"the chart {name} came back in a shape this program does not know; is vl-convert newer?")
    size = f'viewBox="{found[3]}" width="{found[1]}" height="{found[2]}"'
    named = f'role="img" aria-labelledby="{name}-title {name}-desc"'
    told = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(words)}</desc>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" {size} {named}>{told}'
    return head + svg[found.end() :]
