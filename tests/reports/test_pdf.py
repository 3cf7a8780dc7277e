import builtins
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports.errors import ReportError
from reports.pdf import render_pdf
from reports.summary import WeeklySummary
from store.database import Database

Summarise = Callable[..., WeeklySummary]


def without(monkeypatch: pytest.MonkeyPatch, module: str, error: Exception) -> None:
    """As on a machine where importing `module` ends so."""
    real = builtins.__import__

    def failing(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == module:
            raise error
        return real(name, *rest, **more)

    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", failing)


def has_pango() -> bool:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


@pytest.mark.skipif(not has_pango(), reason="needs WeasyPrint and Pango")
def test_a_pdf_is_made_and_twice_the_same(sqlite_sample: Database, summarise: Summarise) -> None:
    summary = summarise(sqlite_sample)
    pdf = render_pdf(summary)
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 20_000
    assert render_pdf(summary) == pdf


@pytest.mark.skipif(not has_pango(), reason="needs WeasyPrint and Pango")
def test_without_fonts_it_says_so_and_does_not_crash(root: Path, tmp_path: Path) -> None:
    # In a process of its own: Pango without a font ends the process it is in.
    config = tmp_path / "fonts.conf"
    config.write_text(f'<?xml version="1.0"?><fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>')
    program = "from reports.pdf import render_pdf; render_pdf(None)"
    environment = {**os.environ, "FONTCONFIG_FILE": str(config)}
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "ReportError: PDF needs fonts: apt install fonts-noto-core" in ended.stderr


def test_without_pango_it_says_what_to_install(
    sqlite_sample: Database, summarise: Summarise, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = summarise(sqlite_sample)
    without(monkeypatch, "weasyprint", OSError("cannot load library 'libpango-1.0-0'"))
    with pytest.raises(ReportError, match="PDF needs Pango: apt install libpango-1"):
        render_pdf(summary)


@pytest.mark.parametrize(
    ("module", "message"),
    [("weasyprint", "PDF needs WeasyPrint: pip install"), ("vl_convert", "charts need vl-convert: pip install")],
)
def test_without_the_extra_it_says_what_to_install(
    sqlite_sample: Database, summarise: Summarise, monkeypatch: pytest.MonkeyPatch, module: str, message: str
) -> None:
    summary = summarise(sqlite_sample)
    without(monkeypatch, module, ImportError(f"No module named {module!r}"))
    with pytest.raises(ReportError, match=message):
        render_pdf(summary)
