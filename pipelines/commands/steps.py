"""Progress of long steps whose length is not known: a line a step, counted as it goes, on a terminal or in a log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def steps() -> Iterator[Callable[[str, int], None]]:
    """A function to call with a step's name and how far it is."""
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def say(step: str, count: int) -> None:
        if step not in bars:
            for bar in bars.values():
                bar.close()
            bars[step] = tqdm(desc=step, unit="", mininterval=1.0)
        bars[step].update(max(0, count - bars[step].n))

    try:
        yield say
    finally:
        for bar in bars.values():
            bar.close()
