"""An evaluation as text: tables for a terminal and for a model card, which are the same."""

from collections.abc import Iterable, Sequence

from classify.evaluation.evaluate import OUTLET, ClassFigure, Evaluation, Figure
from classify.evaluation.systems import SINGLE

COLUMNS = (
    ("topics", "macro-F1"), ("topics", "micro-F1"), ("primary", "micro-F1"), ("primary", "in label"),
    ("relevance", "macro-F1"), ("tone", "macro-F1"), ("valence", "macro-F1"), ("voice", "macro-F1"),
)  # fmt: skip
HEADS = ("topics macro", "topics micro", "primary", "in label", "relevance", "tone", "valence", "voice")


def text(found: Evaluation) -> str:
    """All tables, as Markdown."""
    blocks = [
        f"model {found.version}, {found.rows} articles of the frozen test",
        "## Systems, whole test\n" + _systems(found, "all"),
        "## By language and part (ours, with 95% intervals)\n" + _parts(found, outlets=False),
        *(["## By outlet (ours, those with the most test articles)\n" + _parts(found, outlets=True)]
          if any(one.part.startswith(OUTLET) for one in found.figures) else []),
        *(f"## Topics, {part}\n" + _classes(c for c in found.classes if c.part == part and c.question == "topics")
          for part in ("all", "vi", "en") if any(c.part == part for c in found.classes)),
        "## Other questions, whole test\n"
        + _classes(c for c in found.classes if c.part == "all" and c.question != "topics"),
        "## Confusion (rows: label, columns: given; last: abstained)\n" + _confusions(found),
        "## Calibration error (10 bins of equal mass)\n" + _calibrations(found),
        "## Tone, answering only the surest\n" + _selective(found),
    ]  # fmt: skip
    if found.compared:
        blocks.append(
            "## Against the version in service (macro-F1 where nothing else is said, paired)\n" + compared(found)
        )
    return "\n\n".join(blocks)


def _systems(found: Evaluation, part: str) -> str:
    names = list(dict.fromkeys(figure.system for figure in found.figures))
    return table(("system", *HEADS), [(name, *(_value(found.of(name, part, *c)) for c in COLUMNS)) for name in names])


def _parts(found: Evaluation, *, outlets: bool) -> str:
    listed = dict.fromkeys(figure.part for figure in found.figures)
    parts = [part for part in listed if part.startswith(OUTLET) is outlets]
    rows = []
    for part in parts:
        asked = found.of("ours", part, "topics", "macro-F1")
        figures = [_ranged(found.of("ours", part, *column)) for column in COLUMNS]
        rows.append((part.removeprefix(OUTLET), str(asked.rows if asked else 0), *figures))
    return table(("outlet" if outlets else "part", "rows", *HEADS), rows)


def _classes(figures: Iterable[ClassFigure]) -> str:
    rows = [(one.question, one.name, str(one.rows), f"{one.precision:.2f}", f"{one.recall:.2f}",
             f"{one.f1:.2f} ({one.low:.2f}–{one.high:.2f})") for one in figures]  # fmt: skip
    return table(("question", "class", "rows", "precision", "recall", "F1 (95%)"), rows)


def _confusions(found: Evaluation) -> str:
    blocks = []
    for task, counts in found.confusions.items():
        names = SINGLE[task]
        rows = [(name, *map(str, row)) for name, row in zip(names, counts, strict=True)]
        blocks.append(table((task, *names, "–"), rows))
    return "\n\n".join(blocks)


def _calibrations(found: Evaluation) -> str:
    return table(("question", "error"), [(task, f"{error:.3f}") for task, error in found.calibrations.items()])


def _selective(found: Evaluation) -> str:
    rows = [(f"{a:.2f}", f"{b:.2f}", f"{c:.3f}") for a, b, c in found.selective]
    return table(("least confidence", "answered", "right"), rows)


def compared(found: Evaluation) -> str:
    """The comparison with the version in service, by task."""
    rows = [(task, f"{one.a:.3f}", f"{one.b:.3f}",
             f"{one.difference.value:+.3f} ({one.difference.low:+.3f}–{one.difference.high:+.3f})", f"{one.better:.0%}")
            for task, one in found.compared.items()]  # fmt: skip
    return table(("task", "in service", "new", "difference (95%)", "better in"), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, its columns padded so that it reads in a terminal as well."""
    listed = [tuple(head), *map(tuple, rows)]
    widths = [max(len(row[at]) for row in listed) for at in range(len(head))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
             for row in listed]  # fmt: skip
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def _value(figure: Figure | None) -> str:
    return f"{figure.value:.3f}" if figure else "–"


def _ranged(figure: Figure | None) -> str:
    return f"{figure.value:.3f} ({figure.low:.2f}–{figure.high:.2f})" if figure else "–"
