"""Which topics a text has: lexicon terms in every language, joined by the linear model where it was trained."""

import math
from collections.abc import Mapping

from classify.types import Relevance

MOST = 3
LEAST_SHOWN = 0.005
WORLD = "world"
# Lexicon strength at which a lone topic is believed half: about one specific term in the lead plus one in the body.
HALF_STRENGTH = 2.5
# Below this the machine abstains. Low on purpose: a wrong primary topic with its words shown costs a reviewer a
# keystroke, no topic at all hides the article from every topic page.
PRIMARY_THRESHOLD = 0.20
# A further topic needs this confidence and this share of the primary's.
FURTHER_THRESHOLD = 0.35
FURTHER_SHARE = 0.5


def lexicon_confidence(strengths: Mapping[str, float]) -> dict[str, float]:
    """Topic id -> the lexicon's confidence, from 0 to 1: its share of all strength, less where there is little."""
    total = sum(strengths.values())
    return {topic: strength / (total + HALF_STRENGTH) for topic, strength in strengths.items()}


def scores(strengths: Mapping[str, float], log_odds: Mapping[str, float]) -> dict[str, float]:
    """Topic id -> confidence from 0 to 1.

    `strengths` are lexicon strengths; `log_odds` the linear model's, empty for a language it was not trained on.
    """
    lexicon = lexicon_confidence(strengths)
    found = {}
    for topic in sorted({*lexicon, *log_odds}):
        linear = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds.get(topic, -30.0)))))
        # Either voice may convince (noisy or): each knows words that the other does not. On labelled news about
        # Vietnam held out from training this was no worse than the mean of the two, and beat each alone by 7 to 13
        # points.
        confidence = 1.0 - (1.0 - linear) * (1.0 - lexicon.get(topic, 0.0))
        if confidence >= LEAST_SHOWN:
            found[topic] = round(confidence, 4)
    return found


def choose(found: Mapping[str, float], relevance: Relevance | None) -> tuple[str, ...]:
    """The topics to show, primary first; empty when no topic is likely enough.

    A text about Vietnam is never `world`; one that is not, with no topic of its own, is.
    """
    about = relevance in ("central", "substantial")
    ranked = sorted(((score, topic) for topic, score in found.items() if not (about and topic == WORLD)), reverse=True)
    if not ranked or ranked[0][0] < PRIMARY_THRESHOLD:
        return (WORLD,) if relevance == "none" else ()
    best = ranked[0][0]
    least = max(FURTHER_THRESHOLD, FURTHER_SHARE * best)
    chosen = [ranked[0][1], *(topic for score, topic in ranked[1:MOST] if score >= least)]
    # `world` means "foreign, no other subject": beside another topic it says nothing.
    return tuple(topic for topic in chosen if topic != WORLD or len(chosen) == 1 or topic == chosen[0])
