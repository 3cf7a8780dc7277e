"""From a form to labels: what an analyst decided, or what is still missing. Pure; nothing is stored here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from classify.types import RELEVANCE, TONES
from review.further import further_labels, without_voice
from store.desk import ArticleView
from store.labels import TONE_ASKED
from store.tables import PredictionRow

TOPIC_FIELDS = ("topic1", "topic2", "topic3")


@dataclass(frozen=True)
class Decision:
    """The labels to write, or the `problem` (a key of `review.words`) that keeps them from being written."""

    labels: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None


def seen_state(view: ArticleView) -> str:
    """What the analyst had before them: revision, prediction, newest label. A verdict on anything else is refused."""
    prediction = view.prediction.id if view.prediction else 0
    newest = view.history[0].id if view.history else 0
    return f"{view.article.revision}.{prediction}.{newest}"


def decide(form: Mapping[str, str], view: ArticleView, topics: Collection[str]) -> Decision:
    """The labels that a form asks for."""
    if form.get("seen") != seen_state(view):
        return Decision(problem="changed")
    verdict = form.get("verdict")
    if verdict == "confirmed":
        return _confirm(view)
    if verdict == "corrected":
        return _correct(form, view, topics)
    if verdict == "not_relevant":
        return Decision({"relevance": "none", "tone": None, **without_voice(view, None), "verdict": "not_relevant"})
    return Decision({"verdict": "unclear"}) if verdict == "unclear" else Decision(problem="bad_request")


def machine_labels(prediction: PredictionRow | None) -> dict[str, Any]:
    """What the machine says, as the labels that decide whether it is right; empty when it says nothing."""
    if prediction is None or prediction.relevance is None:
        return {}
    return {"relevance": prediction.relevance, "topics": list(prediction.topics), "tone": prediction.tone}


def _confirm(view: ArticleView) -> Decision:
    # The values are written out: a label has to mean the same after the machine has changed its mind.
    labels = machine_labels(view.prediction)
    if not labels:
        return Decision(problem="nothing_to_confirm")
    return Decision({**labels, **without_voice(view, labels["tone"]), "verdict": "confirmed"})


def _correct(form: Mapping[str, str], view: ArticleView, topics: Collection[str]) -> Decision:
    relevance, tone = form.get("relevance", ""), form.get("tone", "")
    chosen = [form[name] for name in TOPIC_FIELDS if form.get(name)]
    asked = relevance in TONE_ASKED
    if relevance not in RELEVANCE:
        return Decision(problem="need_relevance")
    if not chosen or not set(chosen) <= set(topics):
        return Decision(problem="need_topic")
    if len(set(chosen)) < len(chosen):
        return Decision(problem="same_topic")
    if asked and tone not in TONES:
        return Decision(problem="need_tone")
    labels: dict[str, Any] = {"relevance": relevance, "topics": chosen, "tone": tone if asked else None}
    further, problem = further_labels(form, view, labels["tone"])
    if problem:
        return Decision(problem=problem)
    right = labels == machine_labels(view.prediction)
    return Decision({**labels, **further, "verdict": "confirmed" if right else "corrected"})
