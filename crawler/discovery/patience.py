"""A limit on what reading one listing may cost: it happens in the crawl's one thread, where everybody waits meanwhile.

feedparser takes 35 us an element, grows with the square of the attributes of a tag and of some address-like texts; a
feed of 600 KB took it 8 s, one of 2 MB more than 300 s. No look at the bytes tells that beforehand, so the clock does.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from crawler.discovery.listing import NotAListing

# Of processor time, so that a busy machine changes nothing. The feeds of our corpora need 0.3 s at most; at 35 us an
# element this is a feed of 80,000, where an honest one has a few thousand.
SECONDS = 3.0


class _OutOfTime(BaseException):
    """Not an Exception: a parser that survives anything must not survive this."""


_state = {"armed": False}


def _ring(number: int, frame: FrameType | None) -> None:
    if _state["armed"]:
        raise _OutOfTime


@contextmanager
def patience(seconds: float = SECONDS) -> Iterator[None]:
    """Let what is inside use this much processor time. Outside the main thread there is no limit.

    Raises
    ------
    NotAListing
        It took longer; what was read so far is lost.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGVTALRM, _ring)  # and left there: unhandled, a late alarm would end the process
    _state["armed"] = True
    try:
        # Again and again: a single alarm may ring inside a destructor, where exceptions are swallowed.
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.1)
        yield
    except _OutOfTime:
        raise NotAListing(f"reading it took more than {seconds:g} s") from None
    finally:
        _state["armed"] = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
