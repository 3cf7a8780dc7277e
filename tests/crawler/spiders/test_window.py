import asyncio
import time

from hypothesis import given
from hypothesis import strategies as st

from crawler.frontier import FeedTask, PageTask
from crawler.spiders import window as module
from crawler.spiders.window import Window


def feed(number: int, host: str = "a.example") -> FeedTask:
    return FeedTask(number, "a", f"http://{host}/{number}", "rss")


def page(number: int, host: str = "a.example") -> PageTask:
    return PageTask(number, "a", f"http://{host}/{number}", host)


def test_a_feed_waits_for_its_host() -> None:
    window = Window(10, 1)
    window.queue([feed(1), feed(2), feed(3, "b.example")])
    assert [task.id for task in window.ready_feeds()] == [1, 3]
    assert list(window.ready_feeds()) == []
    window.remove(feed(1))
    assert [task.id for task in window.ready_feeds()] == [2]


def test_a_feed_is_not_taken_twice() -> None:
    window = Window(10, 5)
    window.queue([feed(1), feed(1)])
    assert [task.id for task in window.ready_feeds()] == [1]
    window.queue([feed(1)])
    assert list(window.ready_feeds()) == []
    window.remove(feed(1))
    window.queue([feed(1)])
    assert [task.id for task in window.ready_feeds()] == [1]


def test_pages_and_feeds_share_the_room() -> None:
    window = Window(3, 2)
    window.add(page(1))
    window.add(page(2))
    window.queue([feed(3), feed(4, "b.example"), feed(5, "b.example")])
    assert [task.id for task in window.ready_feeds()] == [4]
    assert window.room() == 0
    assert [task.id for task in window.pages] == [1, 2]
    for task in (page(1), page(2), feed(4, "b.example")):
        window.remove(task)
    assert window.room() == 3
    assert not window.empty(), "two feeds still wait"
    assert {task.id for task in window.ready_feeds()} == {3, 5}


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from("abc")), max_size=40))
def test_it_never_overflows_and_ends_empty(tasks: list[tuple[int, str]]) -> None:
    window = Window(4, 2)
    window.queue(feed(number * 3 + "abc".index(host), f"{host}.example") for number, host in tasks)
    seen = []
    while not window.empty():
        ready = list(window.ready_feeds())
        assert ready or window.feeds
        assert len(window.feeds) <= 4
        assert max(window.hosts.values()) <= 2
        seen += [task.id for task in ready]
        window.remove(next(iter(window.feeds.values())))
    assert sorted(seen) == sorted({number * 3 + "abc".index(host) for number, host in tasks})
    assert window.hosts == {}


def test_waiting_ends_when_a_request_does_or_after_a_while() -> None:
    async def body() -> tuple[float, float]:
        window = Window(1, 1)
        window.add(page(1))
        asyncio.get_running_loop().call_later(0.02, window.remove, page(1))
        begin = time.monotonic()
        await window.changed()
        ended = time.monotonic()
        await window.changed()
        return ended - begin, time.monotonic() - ended

    first, second = asyncio.run(body())
    assert first < module.LOOK_SECONDS * 0.8
    assert second >= module.LOOK_SECONDS * 0.9
