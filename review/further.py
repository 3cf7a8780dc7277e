"""The answers that an analyst may give beside the verdict: valence, voice, the words that show the tone, and doubt.

None is asked for and none decides whether the machine was right, so a form shows what people said, never what the
machine says: what is written is what somebody chose.
"""

import re
from collections.abc import Mapping
from typing import Any

from classify.types import VALENCES, VOICES
from store.content import ArticleRow, full_text
from store.desk import ArticleView
from store.labels import VOICED
from store.reviewing import LabelRow

FURTHER = ("valence", "voice", "unsure", "evidence")
MOST_EVIDENCE = 200  # characters; the guidelines want twelve words, which are 60 to 120


def further_labels(form: Mapping[str, str], view: ArticleView, tone: str | None) -> tuple[dict[str, Any], str | None]:
    """The labels that the form asks for, and the problem that keeps them from being written (a key of the words).

    What is in force and was cleared is written as None: labels are only ever added.
    """
    given: dict[str, Any] = {name: form[name] or None for name in ("valence", "voice") if name in form}
    if "evidence" in form:
        words = form["evidence"].strip()
        given["evidence"] = find_words(view.article, words) if words else None
        if words and given["evidence"] is None:
            return {}, "evidence_long" if len(words) > MOST_EVIDENCE else "evidence_elsewhere"
        given["unsure"] = form.get("unsure") == "yes" or None
    if given.get("valence") not in (*VALENCES, None) or given.get("voice") not in (*VOICES, None):
        return {}, "bad_request"
    given |= without_voice(view, tone)
    in_force = {name for name in FURTHER if name in view.labels and view.labels[name].value is not None}
    return {name: value for name, value in given.items() if value is not None or name in in_force}, None


def without_voice(view: ArticleView, tone: str | None) -> dict[str, None]:
    """Where the tone is neither praise nor blame nobody's voice has it: a voice in force is taken back."""
    known = view.labels.get("voice")
    return {"voice": None} if tone not in VOICED and known and known.value is not None else {}


def find_words(article: ArticleRow, words: str) -> dict[str, Any] | None:
    """Where the words first stand, as a label keeps it; None when they are not there or too many."""
    if len(words) > MOST_EVIDENCE:
        return None
    # A browser gives the words as it shows them: any space may be another in the text, or several.
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    for field, text in _texts(article).items():
        found = pattern.search(text)
        if found:
            return {"field": field, "start": found.start(), "end": found.end()}
    return None


def words_at(article: ArticleRow, label: LabelRow | None) -> str:
    """The words that an evidence label names; empty when there are none, or the text is no longer that one."""
    if label is None or not isinstance(label.value, dict) or label.revision != article.revision:
        return ""
    text = _texts(article).get(str(label.value.get("field")), "")
    return " ".join(text[label.value.get("start", 0) : label.value.get("end", 0)].split())


def chosen_further(view: ArticleView, entered: Mapping[str, str] | None) -> dict[str, str]:
    """What the form shows: what was just entered, else the labels in force."""
    if entered is not None and "relevance" in entered:
        return {name: entered.get(name, "") for name in FURTHER}
    values = {name: view.labels[name].value if name in view.labels else None for name in FURTHER}
    return {
        "valence": values["valence"] or "",
        "voice": values["voice"] or "",
        "unsure": "yes" if values["unsure"] else "",
        "evidence": words_at(view.article, view.labels.get("evidence")),
    }


def _texts(article: ArticleRow) -> dict[str, str]:
    return {"title": article.title, "text": full_text(article.lead, article.body)}
