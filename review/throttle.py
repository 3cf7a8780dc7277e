"""Guessing passwords takes time: after five failures in a row a name has to wait."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from threading import Lock
from time import monotonic

FREE_FAILURES = 5
WAIT_SECONDS = 60.0  # after five, a guess a minute: 1,440 a day; an analyst who mistyped waits no longer
FORGET_SECONDS = 900.0
MOST_NAMES = 10_000  # somebody who tries endless names fills no memory


@dataclass
class Throttle:
    """Failures by name, in the memory of this process: a restart forgives."""

    clock: Callable[[], float] = monotonic
    _failures: dict[str, tuple[int, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, name: str) -> int:
        """Seconds until this name may be tried again; 0 = now."""
        with self._lock:
            count, last = self._failures.get(name.casefold(), (0, 0.0))
        if count < FREE_FAILURES:
            return 0
        return max(0, ceil(last + WAIT_SECONDS - self.clock()))

    def failed(self, name: str) -> None:
        """Count a failure."""
        now = self.clock()
        with self._lock:
            count, last = self._failures.get(name.casefold(), (0, now))
            if now - last > FORGET_SECONDS:
                count = 0
            self._failures.pop(name.casefold(), None)
            self._failures[name.casefold()] = (count + 1, now)
            while len(self._failures) > MOST_NAMES:
                self._failures.pop(next(iter(self._failures)))

    def succeeded(self, name: str) -> None:
        """Forget the failures."""
        with self._lock:
            self._failures.pop(name.casefold(), None)
