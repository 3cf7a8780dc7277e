"""From probabilities to the topics shown: one primary, at most two more, or an abstention."""

from collections.abc import Sequence

from classify.types import Relevance

MOST = 3
WORLD = "world"


def choose(
    found: Sequence[float], names: Sequence[str], cuts: Sequence[float], least: float, relevance: Relevance | None
) -> tuple[str, ...]:
    """The topics to show, primary first; empty when none reaches `least`.

    A further topic must reach its own cut. A text about Vietnam is never `world`; one that is not, with no topic of its
    own, is; and beside another topic `world` says nothing.
    """
    about = relevance in ("central", "substantial")
    ranked = sorted(
        ((score, name, cut) for score, name, cut in zip(found, names, cuts, strict=True) if not about or name != WORLD),
        key=lambda row: (-row[0], row[1]),
    )
    if not ranked or ranked[0][0] < least:
        return (WORLD,) if relevance == "none" else ()
    primary = ranked[0][1]
    further = [name for score, name, cut in ranked[1:] if score >= cut and name != WORLD]
    return (primary,) if primary == WORLD else (primary, *further[: MOST - 1])
