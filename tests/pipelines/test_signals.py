"""What must not be left half done is finished first; then a signal does what it would have done."""

import signal
import threading
from collections.abc import Iterator

import pytest

from pipelines.signals import deferred


@pytest.fixture(autouse=True)
def _heeded() -> Iterator[None]:
    """A shell's background jobs, this one perhaps, ignore Ctrl+C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_takes_effect_when_the_block_ends() -> None:
    done = []

    def work() -> None:
        with deferred():
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            done.append("the block")
        done.append("what follows")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["the block"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_each_kind_reaches_its_own_handler_once() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    try:
        with deferred():
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGTERM)
            assert heard == []
        assert heard == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)


def test_an_error_within_is_not_hidden() -> None:
    with pytest.raises(ValueError, match="of the block"), deferred():
        raise ValueError("of the block")


def test_other_threads_are_left_alone() -> None:
    seen = []

    def work() -> None:
        with deferred():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
