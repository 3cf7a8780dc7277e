"""Hosts that ask for rest, end to end: real crawls of real servers that write down when each request arrived."""

import pytest
from tests_support.asking import Script, ask, site_name
from tests_support.web import Answer, serving

PAGE: Answer = (200, {"Content-Type": "text/html"}, b"<html><title>Tin</title>")
SLACK = 0.02  # the timer that ends a rest may fire a few milliseconds early
LATE = 0.5  # seconds; a busy server may take as long to note a request that was on its way


def busy(seconds: str, status: int = 503) -> Answer:
    return status, {"Retry-After": seconds}, b""


def too_early(script: Script) -> list[str]:
    """The requests that arrived after an answer with Retry-After, when none was on its way, and before its time."""
    found = []
    for _, answered, _, (status, headers, _) in script.log:
        until = answered + float(headers.get("Retry-After", 0)) if status != 200 else 0.0
        found += [path for arrived, _, path, _ in script.log if answered + LATE < arrived < until - SLACK]
    return found


def test_what_waits_for_its_turn_does_not_go_out() -> None:
    with serving({}) as site:
        site.answers = script = Script({f"/tin/{n}": busy("60") for n in range(6)})
        urls = [f"http://{site.address}/tin/{n}" for n in range(6)]
        told = ask(*urls, opened=[site])
    assert script.paths[0] == "/robots.txt"
    assert len(script.paths) == 2
    assert sorted(how for _, how, *_ in told.ended) == ["503", *["HostResting"] * 5]
    assert {host for _, _, host, _ in told.ended} == {"127.0.0.1"}
    assert all(59 < seconds <= 60 for _, how, _, seconds in told.ended if how == "HostResting")
    [(host, seconds, reason)] = told.busy
    assert (host, reason) == ("127.0.0.1", "HTTP 503")
    assert seconds == pytest.approx(60, abs=1)


def test_what_is_on_its_way_comes_back_and_nothing_follows() -> None:
    with serving({}) as site:
        site.answers = script = Script({f"/tin/{n}": busy("60") for n in range(12)}, seconds=0.4)
        urls = [f"http://{site.address}/tin/{n}" for n in range(12)]
        told = ask(*urls, opened=[site], CONCURRENT_REQUESTS_PER_DOMAIN=3)
    assert len(script.paths) == 1 + 3
    assert [how for _, how, *_ in told.ended].count("HostResting") == 9
    assert too_early(script) == []


@pytest.mark.parametrize("in_flight", [1, 3])
def test_no_request_arrives_before_its_time_and_all_arrive_after(in_flight: int) -> None:
    answers = {f"/tin/{n}": [busy("1", status), PAGE] for n, status in enumerate((503, 429, 503, 500, 503))}
    with serving({}) as site:
        site.answers = script = Script(answers, seconds=0.1)
        urls = [f"http://{site.address}{path}" for path in answers]
        told = ask(*urls, *urls, opened=[site], patient=True, CONCURRENT_REQUESTS_PER_DOMAIN=in_flight)
    assert too_early(script) == []
    assert sum(how == "200" for _, how, *_ in told.ended) == 5
    assert sum(how in ("503", "429", "500") for _, how, *_ in told.ended) == 5
    assert max(script.gaps) >= 1 - SLACK


def test_a_429_without_a_time_and_a_503_without_one() -> None:
    with serving({}) as site:
        site.answers = Script({"/tin/1": (429, {}, b"")})
        told = ask(f"http://{site.address}/tin/1", opened=[site])
        assert [(host, round(seconds)) for host, seconds, _ in told.busy] == [("127.0.0.1", 30)]
        site.answers = Script({"/tin/1": (503, {}, b""), "/tin/2": (404, {"Retry-After": "60"}, b"")})
        told = ask(f"http://{site.address}/tin/1", f"http://{site.address}/tin/2", opened=[site])
        assert told.busy == []


def test_a_rest_of_an_earlier_run_holds_for_redirects_and_robots_too() -> None:
    with serving({}) as first, serving({}) as resting:
        there = site_name(resting, "b.localhost")
        resting.answers = quiet = Script({"/tin": PAGE})
        first.answers = Script({"/moved": (302, {"Location": f"{there}/tin"}, b""), "/tin": PAGE})
        here = site_name(first, "a.localhost")
        told = ask(f"{here}/moved", f"{here}/tin", f"{there}/tin", opened=[first, resting], busy={"b.localhost": 50.0})
    assert quiet.log == []
    assert told.how(f"{here}/tin") == ["200"]
    for url in (f"{here}/moved", f"{there}/tin"):
        [(how, host, seconds)] = [row[1:] for row in told.ended if row[0] == url]
        assert (how, host) == ("HostResting", "b.localhost")
        assert 40 < seconds <= 50


def test_a_robots_txt_that_asks_for_rest_gets_it() -> None:
    with serving({}) as site:
        site.answers = script = Script({"/robots.txt": busy("60", 429), "/tin": PAGE})
        told = ask(f"http://{site.address}/tin", opened=[site])
    assert script.paths == ["/robots.txt"]
    assert told.how(f"http://{site.address}/tin") == ["RobotsUnreachable"]
    assert [(host, round(seconds)) for host, seconds, _ in told.busy] == [("127.0.0.1", 60)]
    assert told.robots == [(f"http://{site.address}", 429, "")]


def test_a_redirect_waits_for_its_new_hosts_turn() -> None:
    """Scrapy takes a redirected request out of the slot of the host it came from: beside and without delay."""
    with serving({}) as first, serving({}) as second:
        there, here = site_name(second, "b.localhost"), site_name(first, "a.localhost")
        second.answers = script = Script({f"/tin/{n}": PAGE for n in range(4)}, seconds=0.2)
        first.answers = Script({f"/r/{n}": (301, {"Location": f"{there}/tin/{n}"}, b"") for n in range(2)})
        urls = [f"{here}/r/0", f"{here}/r/1", f"{there}/tin/2", f"{there}/tin/3"]
        told = ask(*urls, opened=[first, second], DOWNLOAD_DELAY=1.0)
    assert [how for _, how, *_ in told.ended] == ["200"] * 4
    assert len(script.gaps) == 4
    # On a busy machine a request is seen late, and the gap after it looks short by as much. Without any delay the gaps
    # would be those of the answers, 0.2 s and less.
    assert min(script.gaps) >= 0.5
