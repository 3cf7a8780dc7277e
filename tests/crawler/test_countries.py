from zoneinfo import ZoneInfo

import pytest

from crawler.countries import SEVERAL, zone_of


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("VN", "Asia/Ho_Chi_Minh"),
        ("vn", "Asia/Ho_Chi_Minh"),
        ("LA", "Asia/Vientiane"),
        ("DE", "Europe/Berlin"),
        ("RU", "Europe/Moscow"),
        ("US", "UTC"),
        ("XX", "UTC"),
        ("", "UTC"),
    ],
)
def test_the_zone_of_a_country(country: str, zone: str) -> None:
    assert zone_of(country) == zone


def test_every_zone_that_is_named_is_one() -> None:
    assert all(ZoneInfo(zone).key == zone for zone in SEVERAL.values())
