import pytest

from reports.interval import share


def test_known_values() -> None:
    # Newcombe 1998, table I: 81 of 263 and 15 of 148 and 0 of 20.
    for count, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        found = share(count, of)
        assert found.low == pytest.approx(low, abs=1e-4)
        assert found.high == pytest.approx(high, abs=1e-4)


def test_nothing_of_nothing_is_no_share() -> None:
    assert share(0, 0).value is share(0, 0).low is share(0, 0).high is None


@pytest.mark.parametrize("of", [1, 2, 30, 10_000])
def test_an_interval_holds_its_share_and_stays_within_bounds(of: int) -> None:
    for count in {0, 1, of // 2, of}:
        found = share(count, of)
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert 0 <= found.low <= found.value <= found.high <= 1
