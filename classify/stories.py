"""Whether two headlines tell of one event: a first, plain rule over their words."""

MIN_SHARED = 3  # words; two headlines of one outlet's column share that many without being one story
MIN_OVERLAP = 0.5  # of the shorter headline's words; a first guess, to be calibrated on read pairs


def headline_overlap(words: frozenset[str], others: frozenset[str]) -> float:
    """The share of the shorter headline's words that the other one has too, from 0 to 1; 0 below `MIN_SHARED` words."""
    shared = len(words & others)
    return shared / min(len(words), len(others)) if shared >= MIN_SHARED else 0.0


def best_match(words: frozenset[str], candidates: dict[int, frozenset[str]]) -> int | None:
    """The key of the candidate headline that is of the same story, the closest first; None when none is."""
    overlaps = {key: headline_overlap(words, others) for key, others in candidates.items()}
    best = max(overlaps, key=lambda key: overlaps[key], default=None)
    return best if best is not None and overlaps[best] >= MIN_OVERLAP else None
