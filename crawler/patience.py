"""A limit on the processor time of a piece of work that nothing else interrupts.

Of processor time, so that a busy machine changes nothing. It rings in Python code: a single call into a C library that
never returns is not interrupted.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfPatience(Exception):  # noqa: N818 - a statement about the work
    """The work took longer than it may."""


class _OutOfTime(BaseException):
    """Not an Exception: a parser that survives anything must not survive this."""


_state = {"armed": False}


def _ring(_number: int, _frame: FrameType | None) -> None:
    if _state["armed"]:
        raise _OutOfTime


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Let what is inside use this much processor time. Outside the main thread there is no limit.

    Raises
    ------
    OutOfPatience
        It took longer; what was done so far is lost.
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
        raise OutOfPatience(f"it took more than {seconds:g} s") from None
    finally:
        _state["armed"] = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
