"""The time zone of a country's outlets, from the table that comes with the time zone data."""

from collections import defaultdict
from functools import cache
from importlib.resources import files

# Where a country has several zones, the one that its national outlets write in. The United States, Canada and Australia
# are left out: their outlets write in the zone of their own city.
SEVERAL = {
    "AR": "America/Argentina/Buenos_Aires",
    "BR": "America/Sao_Paulo",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}


def zone_of(country: str) -> str:
    """The IANA time zone for times that an outlet of this country states without one; `UTC` when it is not clear."""
    code = country.upper()
    zones = _table().get(code, [])
    return SEVERAL.get(code) or (zones[0] if len(zones) == 1 else "UTC")


@cache
def _table() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[country].append(zone)
    return dict(found)
