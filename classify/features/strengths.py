"""How strongly the terms of the lexicons speak for each topic."""

import math
from collections import defaultdict
from collections.abc import Mapping

from classify.text.lexicons import TOPIC
from classify.text.reading import Place, Reading

# A headline says what its writers hold the text to be about: one word of it is worth three of the body. Set by hand.
TITLE_WEIGHT = 3.0
LEAD_WEIGHT = 1.5
BODY_WEIGHT = 1.0
# Far into a text come background and related items.
TAIL_WEIGHT = 0.4
TAIL_STARTS = 2_000
# Lexicon strength at which a lone topic is believed half: about one specific term in the lead plus one in the body.
HALF_STRENGTH = 2.5


def place_weight(place: Place, reading: Reading) -> float:
    """What a hit counts for by where it stands."""
    if place.field == "title":
        return TITLE_WEIGHT
    if place.hit.start < reading.lead_end:
        return LEAD_WEIGHT
    return BODY_WEIGHT if place.hit.start < TAIL_STARTS else TAIL_WEIGHT


def term_weight(place: Place) -> float:
    """What a term counts for by itself: longer ones are more specific, ones that several topics list are shared out."""
    topics = sum(tag.startswith(TOPIC) for tag in place.hit.tags)
    return (1.0 + 0.35 * place.hit.term.count(" ")) / max(1, topics)


def strengths_by_field(reading: Reading) -> tuple[dict[str, float], dict[str, float]]:
    """Topic id -> summed strength of the terms that speak for it, in the whole document and in the title alone.

    Repeats of a term count by square root.
    """
    seen: dict[tuple[str, str], list[float]] = defaultdict(list)
    title: dict[str, float] = defaultdict(float)
    for place in reading.places:
        for tag in place.hit.tags:
            if tag.startswith(TOPIC):
                weight = place_weight(place, reading) * term_weight(place)
                seen[tag.removeprefix(TOPIC), place.hit.term].append(weight)
                if place.field == "title":
                    title[tag.removeprefix(TOPIC)] += weight
    strengths: dict[str, float] = defaultdict(float)
    for (topic, _), values in seen.items():
        # n occurrences of one term weigh like its best one times the root of n: no chanting one word into a topic.
        strengths[topic] += max(values) * math.sqrt(len(values))
    return dict(strengths), dict(title)


def topic_strengths(reading: Reading) -> dict[str, float]:
    """Topic id -> summed strength of the lexicon terms that speak for it."""
    return strengths_by_field(reading)[0]


def lexicon_confidence(strengths: Mapping[str, float]) -> dict[str, float]:
    """Topic id -> the lexicon's confidence, from 0 to 1: its share of all strength, less where there is little."""
    total = sum(strengths.values())
    return {topic: strength / (total + HALF_STRENGTH) for topic, strength in strengths.items()}
