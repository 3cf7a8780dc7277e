"""The summary as a PDF: the same HTML, laid out for paper by WeasyPrint."""

import logging
import warnings
from typing import Any

from reports.errors import ReportError
from reports.html import render_html
from reports.summary import WeeklySummary

NO_PANGO = "PDF needs Pango: apt install libpango-1.0-0 libpangoft2-1.0-0"
NO_WEASYPRINT = "PDF needs WeasyPrint: pip install 'diembao[report]'"
NO_FONTS = "PDF needs fonts: apt install fonts-noto-core (and fonts-noto-cjk for Chinese, Japanese and Korean titles)"


def render_pdf(summary: WeeklySummary) -> bytes:
    """The file.

    Raises
    ------
    ReportError
        WeasyPrint, Pango or every font is missing; the message says which and how to get it.
    """
    weasyprint = _weasyprint()
    page = render_html(summary).decode()
    # WeasyPrint warns of every property meant for screens; those are in the style on purpose.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    document = weasyprint.HTML(string=page, url_fetcher=_refuse)
    pdf: bytes = document.write_pdf(pdf_tags=True)
    return pdf


def _weasyprint() -> Any:
    """WeasyPrint, with what it needs. Without fonts it warns when imported, and Pango later ends the whole process."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*FontConfig", category=UserWarning)
        try:
            import weasyprint
        except ImportError as error:
            raise ReportError(NO_WEASYPRINT) from error
        except OSError as error:  # the package is there, the library it loads is not
            raise ReportError(NO_PANGO) from error
        except UserWarning as error:
            raise ReportError(NO_FONTS) from error
    return weasyprint


def _refuse(url: str, *_rest: Any, **_more: Any) -> Any:
    raise ValueError(f"a summary fetches nothing, and was asked for {url}")
