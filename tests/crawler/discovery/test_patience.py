import signal
import threading
import time

import feedparser
import pytest

from crawler.discovery.listing import NotAListing
from crawler.discovery.patience import patience


def busy(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        try:
            sum(range(1000))
        except Exception:  # noqa: S112 - a parser that survives everything
            continue


def test_what_takes_too_long_is_given_up() -> None:
    begun = time.process_time()
    with pytest.raises(NotAListing, match=r"more than 0\.2 s"), patience(0.2):
        busy(5)
    assert time.process_time() - begun < 1


def test_waiting_is_free_and_so_is_what_comes_after() -> None:
    with patience(0.2):
        time.sleep(0.4)
        busy(0.05)
    busy(0.4)
    assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0


def test_another_thread_is_left_alone() -> None:
    ended = []

    def work() -> None:
        with patience(0.05):
            busy(0.2)
        ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [True]


def test_a_feed_whose_cost_grows_with_the_square_of_its_length() -> None:
    attributes = b" ".join(b'a%d="1"' % n for n in range(30_000))
    feed = b'<?xml version="1.0"?><rss version="2.0"><channel><item><description><b ' + attributes + b">"
    begun = time.process_time()
    with pytest.raises(NotAListing), patience(0.5):
        feedparser.parse(feed, resolve_relative_uris=False, sanitize_html=False)
    assert time.process_time() - begun < 2
