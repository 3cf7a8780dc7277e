import asyncio
import time
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.frontier import FeedTask, PageTask
from crawler.spiders import window as module
from crawler.spiders.window import Task, Window


def feed(number: int, host: str = "a.example") -> FeedTask:
    return FeedTask(number, "a", f"http://{host}/{number}", "rss")


def page(number: int, host: str = "a.example") -> PageTask:
    return PageTask(number, "a", f"http://{host}/{number}", host)


def ids(tasks: Iterable[Task]) -> list[int]:
    return [task.id for task in tasks]


def test_a_feed_waits_for_its_host() -> None:
    window = Window(10, 1)
    window.hold_feeds([feed(1), feed(2), feed(3, "b.example")])
    assert ids(window.ready()) == [1, 3]
    assert ids(window.ready()) == []
    window.remove(feed(1))
    assert ids(window.ready()) == [2]


def test_a_feed_is_not_taken_twice() -> None:
    window = Window(10, 5)
    window.hold_feeds([feed(1), feed(1)])
    assert ids(window.ready()) == [1]
    window.hold_feeds([feed(1)])
    assert ids(window.ready()) == []
    window.remove(feed(1))
    window.hold_feeds([feed(1)])
    assert ids(window.ready()) == [1]


def test_pages_and_feeds_of_a_host_share_its_places() -> None:
    window = Window(9, 2)
    window.hold_pages([page(1), page(2)])
    window.hold_feeds([feed(3), feed(4, "b.example"), feed(5, "b.example"), feed(6, "b.example")])
    assert ids(window.ready()) == [1, 3, 4, 5], "a page and a feed in turn"
    window.remove(page(1))
    assert ids(window.ready()) == [2]
    window.remove(feed(4, "b.example"))
    assert ids(window.ready()) == [6]


def test_hosts_take_turns() -> None:
    window = Window(100, 2, ahead=8)
    window.hold_pages(
        page(number, f"{host}.example") for host, start in (("a", 0), ("b", 10)) for number in range(start, start + 4)
    )
    assert ids(window.ready()) == [0, 10, 1, 11]
    for task in (page(10, "b.example"), page(0)):
        window.remove(task)
    assert ids(window.ready()) == [12, 2]


def test_the_room_is_shared_by_all() -> None:
    window = Window(3, 2)
    assert window.room() == 3
    window.hold_pages([page(1), page(2)])
    assert window.room() == 1, "held is taken"
    window.hold_feeds([feed(3, "b.example"), feed(4, "c.example")])
    assert ids(window.ready()) == [1, 3, 2]
    window.hold_pages([page(5)])
    assert window.room() == 0
    assert not window.pages_wanted()
    window.remove(feed(3, "b.example"))
    assert ids(window.ready()) == [4]
    window.remove(page(1))
    assert ids(window.ready()) == [5]
    for task in (page(2), feed(4, "c.example"), page(5)):
        assert not window.empty()
        window.remove(task)
    assert (window.empty(), window.room(), window.pages, window.feeds) == (True, 3, {}, set())


def test_at_least_as_many_pages_are_held_as_may_go_at_once() -> None:
    assert (Window(10, 1, 8).ahead, Window(10, 4).ahead) == (8, 4)


def test_a_host_that_asks_for_rest_is_dropped() -> None:
    window = Window(10, 1, ahead=8)
    window.hold_pages([page(1), page(2), page(3, "b.example")])
    window.hold_feeds([feed(4)])
    assert ids(window.ready()) == [1, 3]
    window.drop("a.example")
    assert (list(window.pages), window.feeds) == ([1, 3], set()), "what is under way goes on"
    window.drop("a.example")
    window.drop("nobody.example")
    window.remove(page(1))
    assert ids(window.ready()) == []
    window.hold_pages([page(2)])
    window.hold_feeds([feed(4)])
    assert ids(window.ready()) == [2], "it may be taken again"
    window.remove(page(2))
    assert ids(window.ready()) == [4]


def test_a_drop_while_tasks_are_handed_out() -> None:
    window = Window(10, 2, ahead=8)
    window.hold_pages([page(1), page(2), page(3), page(4, "b.example")])
    seen = []
    for task in window.ready():
        seen.append(task.id)
        if task.id == 1:
            window.drop("a.example")
    assert seen == [1, 4]
    assert list(window.pages) == [1, 4]


def test_the_frontier_is_asked_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    window = Window(10, 1, ahead=8)
    assert window.feeds_wanted()
    assert window.pages_wanted()
    window.hold_pages(page(number, f"{number}.example") for number in range(4))
    taken = list(window.ready())
    asked = []
    for seconds in (0.0, 0.06, 0.06, 2.0):
        clock[0] += seconds
        asked.append((window.feeds_wanted(), window.pages_wanted()))
    assert asked == [(True, False), (False, False), (False, True), (True, True)]
    window.remove(taken[0])
    assert not window.pages_wanted()
    window.remove(taken[1])
    assert window.pages_wanted(), "half of them are done"


MOVES = st.lists(st.tuples(st.sampled_from("fpprrd"), st.integers(0, 8), st.sampled_from("abc")), max_size=60)


@given(MOVES, st.integers(1, 5), st.integers(1, 3))
def test_it_never_overflows_and_ends_empty(moves: list[tuple[str, int, str]], size: int, per_host: int) -> None:
    window = Window(size, per_host, ahead=4)
    flying: list[Task] = []
    expected: set[tuple[bool, int]] = set()
    seen: list[tuple[bool, int]] = []

    def go() -> None:
        for task in window.ready():
            flying.append(task)
            seen.append((isinstance(task, FeedTask), task.id))
        hosts = Counter(task.url.split("/")[2] for task in flying)
        assert len(flying) <= size
        assert max(hosts.values(), default=0) <= per_host
        assert window.flying == hosts
        full = len(flying) == size
        assert full or all(hosts[host] == per_host for lane in window.held.values() for host in lane), (
            "nothing that may go waits"
        )

    for number, (what, name, letter) in enumerate(moves):
        host = f"{letter}.example"
        if what == "f":
            key = name * 3 + "abc".index(letter)
            if key not in window.feeds:
                expected.add((True, key))
            window.hold_feeds([feed(key, host)])
        elif what == "p":
            window.hold_pages([page(number, host)])
            expected.add((False, number))
        elif what == "r" and flying:
            window.remove(flying.pop(name % len(flying)))
        elif what == "d":
            for task in [task for lane in window.held.values() for task in lane.get(host, ())]:
                expected.discard((isinstance(task, FeedTask), task.id))
            window.drop(host)
        go()
    while flying:
        window.remove(flying.pop(0))
        go()
    assert window.empty()
    assert set(seen) >= expected
    assert len([one for one in seen if not one[0]]) == len({one for one in seen if not one[0]}), "no page twice"
    assert (any(window.held.values()), window.pages, window.feeds, dict(window.flying)) == (False, {}, set(), {})
    assert window.room() == size


def test_waiting_ends_when_a_request_does_or_after_a_while() -> None:
    async def body() -> tuple[float, float]:
        window = Window(1, 1)
        window.hold_pages([page(1)])
        assert ids(window.ready()) == [1]
        asyncio.get_running_loop().call_later(0.02, window.remove, page(1))
        begin = time.monotonic()
        await window.changed()
        ended = time.monotonic()
        await window.changed()
        return ended - begin, time.monotonic() - ended

    first, second = asyncio.run(body())
    assert first < module.LOOK_SECONDS * 0.8
    assert second >= module.LOOK_SECONDS * 0.9
