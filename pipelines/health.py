"""What is wrong with which outlet, for a person's eyes."""

from collections.abc import Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from store.health import Trouble

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# In the order of what they may cost.
KINDS = {
    "failing": "cannot be read",
    "silent": "fell silent",
    "yield": "yields too little",
    "flood": "yields far too much",
    "moved": "moved for good",
    "changed": "changed their shape",
    "late": "were not checked in time",
    "blemish": "are read with trouble",
    "resting": "hosts asked for rest",
    "tls": "certificates are not verified",
}


def write_troubles(found: Sequence[Trouble]) -> str:
    """The troubles by kind, one line each, and a last line that counts them."""
    order = list(KINDS)
    lines = []
    for kind, group in groupby(sorted(found, key=lambda one: order.index(one.kind)), key=lambda one: one.kind):
        rows = list(group)
        lines.append(f"{KINDS[kind]}: {len(rows)}")
        lines += [line for row in rows for line in _lines(row)]
    serious = len({row.source for row in found if row.serious})
    lines.append(f"{serious} outlets need a look" if serious else "nothing that could cost news")
    return "\n".join(lines)


def _lines(row: Trouble) -> list[str]:
    since = f", since {row.since.astimezone(ZONE):%d/%m/%Y %H:%M}" if row.since else ""
    times = f", {row.failures} times" if row.failures > 1 else ""
    return [f"  {row.source:28} {row.reason}{times}{since}", *([f"  {'':28} {row.url}"] if row.url else [])]
