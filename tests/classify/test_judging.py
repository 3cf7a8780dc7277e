from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from classify import judging
from classify.features.extract import Features
from classify.features.vectoriser import Vectoriser
from classify.judging import Judgement, judge, reasons, tone_of
from classify.linear import LinearModel
from classify.text.lexicons import Lexicons
from classify.text.reading import Reading, read
from classify.types import RELEVANCE, Document

TONES = ("positive", "neutral", "negative", "mixed")
TOPICS = ("economy", "sport", "world")


def model(task: str, classes: tuple[str, ...], **by_word: list[float]) -> LinearModel:
    """A model that scores each class by the words of a text, one weight a word and class; no bias, no numbers."""
    vocabulary = {f"w:{word}": at for at, word in enumerate(by_word)}
    none = np.empty(0, dtype=np.float32)
    return LinearModel(
        task=task,
        kind="many" if task == "topics" else "one",
        classes=classes,
        vectoriser=Vectoriser({"w": 1.0}, vocabulary, np.ones(len(vocabulary), np.float32), none, none),
        weights=np.array(list(by_word.values()), dtype=np.float32),
        bias=np.full(len(classes), -3.0 if task == "topics" else 0.0, dtype=np.float32),
        cuts=np.full(len(classes), 0.35 if task == "topics" else 0.0, dtype=np.float32),
        least=0.15 if task == "topics" else 0.4 if task == "tone" else 0.0,
    )


MODELS = {
    "relevance": model("relevance", RELEVANCE, rice=[5, 0, 0, 0], passing=[0, 0, 5, 0], far=[0, 0, 0, 5]),
    "topics": model("topics", TOPICS, rice=[6, 0, 0], goal=[0, 6, 0], far=[0, 0, 6]),
    "tone": model("tone", TONES, rice=[0, 5, 0, 0], praise=[5, 0, 0, 0], blame=[0, 0, 5, 0], doubt=[0, 0, 0, 0]),
    "valence": model("valence", ("good", "neutral", "bad"), rice=[4, 0, 0], flood=[0, 0, 4]),
    "voice": model("voice", ("own", "quoted", "both"), praise=[4, 0, 0], blame=[0, 4, 0]),
}


def judged(
    lexicons: Lexicons, title: str, words: str, models: dict[str, LinearModel] = MODELS, language: str = "en"
) -> Judgement:
    reading: Reading = read(Document(title, "", language), language, lexicons.get(language))
    features = Features(language, Counter(f"w:{word}" for word in words.split()), np.empty(0, dtype=np.float32))
    return judge(models, ("economy", "sport", "environment", "world"), [reading], [features])[0]


def test_all_fields_of_a_text_about_the_country(lexicons: Lexicons) -> None:
    found = judged(lexicons, "Vietnam", "rice")
    assert (found.relevance, found.topics, found.tone) == ("central", ("economy",), "neutral")
    assert (found.valence, found.voice) == ("good", None)
    assert {"relevance", "topic:economy", "tone", "valence"} <= set(found.scores)
    assert all(0 <= score <= 1 for score in found.scores.values())


@pytest.mark.parametrize(("title", "text"), [("", ""), (" ", "\n\t"), ("\u3000", "\u00a0")])
def test_an_empty_text_gets_no_answer(lexicons: Lexicons, title: str, text: str) -> None:
    reading = read(Document(title, text), "und", lexicons.get("und"))
    features = Features("und", Counter(), np.empty(0, dtype=np.float32))
    assert judge(MODELS, TOPICS, [reading], [features]) == [Judgement()]


def test_a_foreign_text_without_the_name_is_not_about_it(lexicons: Lexicons) -> None:
    found = judged(lexicons, "Norland", "rice")
    assert (found.relevance, found.topics, found.tone) == ("none", ("economy",), None)
    assert judged(lexicons, "Một tin", "rice", language="vi").relevance == "central"


def test_nobody_asks_the_tone_of_a_passing_mention(lexicons: Lexicons) -> None:
    found = judged(lexicons, "Vietnam", "passing praise")
    assert (found.relevance, found.tone, found.voice) == ("passing", None, None)
    assert "tone" not in found.scores


@pytest.mark.parametrize(
    ("words", "voice"), [("rice praise praise praise", "own"), ("rice blame blame blame", "quoted")]
)
def test_praise_and_blame_have_a_voice(lexicons: Lexicons, words: str, voice: str) -> None:
    models = {**MODELS, "tone": model("tone", TONES, praise=[5, 0, 0, 0], blame=[0, 0, 5, 0])}
    found = judged(lexicons, "Vietnam", words, models)
    assert found.tone in ("positive", "negative")
    assert found.voice == voice


def test_a_tone_below_the_least_is_unclear(lexicons: Lexicons) -> None:
    models = {**MODELS, "tone": model("tone", TONES, doubt=[0.2, 0, 0, 0.2])}
    found = judged(lexicons, "Vietnam", "rice doubt", models)
    # Negative and mixed together are the likeliest of the three, yet more than half sure is nobody.
    assert found.scores["tone"] < 0.6
    surer = {**MODELS, "tone": replace(models["tone"], least=0.6)}
    assert judged(lexicons, "Vietnam", "rice doubt", surer).tone == "unclear"
    assert found.tone == "mixed"


@pytest.mark.parametrize(
    ("row", "tone", "sure"),
    [
        ([0.3, 0.3, 0.2, 0.2], "negative", 0.4),
        ([0.3, 0.3, 0.1, 0.3], "mixed", 0.4),
        ([0.5, 0.1, 0.2, 0.2], "positive", 0.5),
        ([0.1, 0.7, 0.1, 0.1], "neutral", 0.7),
        ([0.0, 0.0, 0.0, 1.0], "mixed", 1.0),
    ],
)
def test_negative_and_mixed_are_weighed_together(row: list[float], tone: str, sure: float) -> None:
    name, confidence = tone_of(np.array(row), MODELS["tone"])
    assert name == tone
    assert confidence == pytest.approx(sure)


def test_what_is_not_about_it_and_has_no_topic_is_world(lexicons: Lexicons) -> None:
    assert judged(lexicons, "Norland", "unknown").topics == ("world",)
    assert judged(lexicons, "Vietnam", "rice far").topics == ("economy",)


def test_without_models_the_lexicons_answer(lexicons: Lexicons) -> None:
    found = judged(lexicons, "Vietnam trade praised, a success", "", {})
    assert (found.relevance, found.topics, found.tone) == ("central", ("economy",), "positive")
    assert (found.valence, found.voice) == (None, None)


def test_scores_that_say_nothing_are_not_kept(lexicons: Lexicons) -> None:
    models = {**MODELS, "topics": model("topics", TOPICS, rice=[6, -6, -6])}
    found = judged(lexicons, "Vietnam", "rice", models)
    assert {name for name in found.scores if name.startswith("topic:")} == {"topic:economy"}


def test_the_reasons_of_what_was_chosen_and_of_nothing_else() -> None:
    features = Features("en", Counter({"w:rice": 1, "w:praise": 1}), np.empty(0, dtype=np.float32))
    found = reasons(MODELS, features, Judgement("central", ("economy",), "positive"))
    assert {tag: [word for word, _ in words] for tag, words in found.items()} == {
        "topic:economy": ["w:rice"], "tone:positive": ["w:praise"], "tone:negative": [],
    }  # fmt: skip
    assert reasons(MODELS, features, Judgement("passing")) == {}
    assert set(reasons(MODELS, features, Judgement("central", ("sport",), "neutral"))) == {"topic:sport"}
    assert reasons({}, features, Judgement("central", ("economy",), "positive")) == {}
    assert len(judging.reasons(MODELS, features, Judgement("central", ("economy",)))["topic:economy"]) == 1
