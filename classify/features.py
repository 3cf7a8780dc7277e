"""Numbers from a reading: how strongly its words speak for each topic, and the token counts of the linear model."""

import math
from collections import Counter, defaultdict

from classify.lexicons import TOPIC
from classify.reading import Place, Reading
from classify.tokenise import tokens

# A headline says what its writers hold the text to be about: one word of it is worth three of the body. Set by hand.
TITLE_WEIGHT = 3.0
LEAD_WEIGHT = 1.5
BODY_WEIGHT = 1.0
# Far into a text come background and related items.
TAIL_WEIGHT = 0.4
TAIL_STARTS = 2_000
# The headline's tokens count this often in the linear model.
TITLE_COUNT = 2


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


def topic_strengths(reading: Reading) -> dict[str, float]:
    """Topic id -> summed strength of the lexicon terms that speak for it; repeats of a term count by square root."""
    seen: dict[tuple[str, str], list[float]] = defaultdict(list)
    for place in reading.places:
        for tag in place.hit.tags:
            if tag.startswith(TOPIC):
                seen[tag.removeprefix(TOPIC), place.hit.term].append(place_weight(place, reading) * term_weight(place))
    strengths: dict[str, float] = defaultdict(float)
    for (topic, _), values in seen.items():
        # n occurrences of one term weigh like its best one times the root of n: no chanting one word into a topic.
        strengths[topic] += max(values) * math.sqrt(len(values))
    return dict(strengths)


def token_counts(title: str, text: str, language: str) -> Counter[str]:
    """Token -> how often it stands in the text, plus twice for the title."""
    counts = Counter(tokens(text, language))
    for token in tokens(title, language):
        counts[token] += TITLE_COUNT
    return counts
