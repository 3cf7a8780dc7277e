"""How far a share could be from what was seen."""

import math
from dataclasses import dataclass

Z95 = 1.959963984540054  # the 97.5% point of the normal distribution


@dataclass(frozen=True)
class Share:
    """`count` of `of`, and the 95% Wilson interval of that share; all three are None when there is nothing to share."""

    count: int
    of: int
    value: float | None
    low: float | None
    high: float | None


def share(count: int, of: int) -> Share:
    """A share with its 95% Wilson score interval (Wilson 1927); it holds for few articles too."""
    if of == 0:
        return Share(count, of, None, None, None)
    value = count / of
    spread = 1 + Z95**2 / of
    centre = (value + Z95**2 / (2 * of)) / spread
    half = Z95 * math.sqrt(value * (1 - value) / of + Z95**2 / (4 * of**2)) / spread
    # At 0 and at all of them the formula gives exactly 0 and 1, up to rounding.
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return Share(count, of, value, 0.0 if count == 0 else low, 1.0 if count == of else high)
