"""Being asked to end: SIGTERM and Ctrl+C as something that can be waited for.

A handler that sets a `threading.Event` can deadlock with the thread that waits for it; a byte in a socket cannot.
"""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

ASKING = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def deferred() -> Iterator[None]:
    """What must not be left half done: a SIGTERM or SIGINT that comes within the block takes effect at its end."""
    if threading.current_thread() is not threading.main_thread():  # signals interrupt the main thread only
        yield
        return
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.signal(number, note) for number in ASKING}
    try:
        yield
    finally:
        for asking, handler in before.items():
            signal.signal(asking, handler)
        for number in dict.fromkeys(came):
            signal.raise_signal(number)


class Ending:
    """While the block lasts, SIGTERM and SIGINT do nothing but end a `wait`."""

    def __enter__(self) -> "Ending":
        self.reader, self.writer = socket.socketpair()
        self.writer.setblocking(False)
        self.before: dict[int, Any] = {number: signal.signal(number, lambda *_: None) for number in ASKING}
        self.wakeup = signal.set_wakeup_fd(self.writer.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        signal.set_wakeup_fd(self.wakeup)
        for number, handler in self.before.items():
            signal.signal(number, handler)
        self.reader.close()
        self.writer.close()

    def wait(self, seconds: float | None = None) -> int | None:
        """Wait for a signal, or for so many seconds; returns its number, or None when none came."""
        self.reader.settimeout(seconds)
        try:
            return self.reader.recv(1)[0]
        except TimeoutError:
            return None
