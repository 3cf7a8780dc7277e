import pytest
from tests_support.asking import Script, ask
from tests_support.web import serving


@pytest.mark.parametrize("connections", [1, 3])
def test_no_more_connections_than_allowed_without_a_delay(connections: int) -> None:
    with serving({}) as site:
        site.answers = script = Script({f"/tin/{n}": (200, {}, b"tin") for n in range(9)}, seconds=0.15)
        urls = [f"http://{site.address}/tin/{n}" for n in range(9)]
        told = ask(*urls, opened=[site], CONCURRENT_REQUESTS_PER_DOMAIN=connections)
    assert [how for _, how, *_ in told.ended] == ["200"] * 9
    open_at_arrival = [
        sum(arrived <= moment < answered for arrived, answered, *_ in script.log) for moment, *_ in script.log
    ]
    assert max(open_at_arrival) == connections
