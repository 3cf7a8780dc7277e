"""What the lexicons alone say: the answer where nothing was trained, and the baseline that training must beat."""

import math
from collections.abc import Sequence

from classify.features.mentions import Mentions
from classify.features.praise import praise
from classify.features.strengths import lexicon_confidence, topic_strengths
from classify.text.lexicons import ABROAD
from classify.text.reading import Reading
from classify.types import ABOUT, Relevance, Tone

# One word of praise or blame is how plain reporting sounds; a tone needs this much. Of 1, 1.5, 2, 2.5 and 3, on 422
# labelled texts, 2 and 2.5 gave the best macro-F1.
EVIDENCE = 2.0
# A tone is mixed when the weaker side has at least this share of the stronger.
MIXED_SHARE = 0.6
# Below this a lexicon's topic is not believed. Low: a wrong topic with its words shown costs a reviewer a keystroke.
TOPIC_LEAST = 0.20
FURTHER_LEAST = 0.35


def relevance(reading: Reading) -> tuple[Relevance, float]:
    """By where Vietnam is named, then how often; a Vietnamese text is about Vietnam unless only others are named."""
    found = Mentions.of(reading, reading.mentions)
    if reading.language == "vi":
        abroad = Mentions.of(reading, reading.tagged(ABROAD))
        if found.total == 0 and abroad.title:
            return "none", 0.6
        return "central", 0.8 if abroad.title == 0 else 0.6
    if not found.total:
        return "none", 0.9
    score = 1.6 * min(found.title, 2) + 0.6 * min(found.lead, 3) + 0.5 * math.log1p(found.total)
    score += 0.5 * min(found.density, 3.0)
    if score >= 2.4:
        return "central", min(0.95, 0.5 + 0.1 * (score - 2.4))
    return ("substantial", 0.5) if score >= 1.9 else ("passing", min(0.9, 0.5 + 0.2 * (1.9 - score)))


def topics(reading: Reading, among: Sequence[str]) -> list[float]:
    """The lexicons' confidence in each of the topics `among`, from 0 to 1."""
    sure = lexicon_confidence(topic_strengths(reading))
    return [sure.get(topic, 0.0) for topic in among]


def tone(reading: Reading, about: Relevance | None) -> tuple[Tone | None, float]:
    """Neutral unless the words near Vietnam say otherwise; None unless Vietnam is central or substantial."""
    if about not in ABOUT:
        return None, 0.0
    near = [one for one in praise(reading) if one.near]
    good = sum(one.weight for one in near if one.positive)
    bad = sum(one.weight for one in near if not one.positive)
    strong, weak = max(good, bad), min(good, bad)
    if strong < EVIDENCE:
        return "neutral", round(0.85 - 0.15 * strong, 4)
    if weak >= EVIDENCE and weak >= MIXED_SHARE * strong:
        return "mixed", 0.5
    return ("positive" if good > bad else "negative"), round(min(0.9, 0.45 + 0.08 * (strong - weak)), 4)
