"""How names are spelled, as numbers: in a Vietnamese text a foreign spelling tells of abroad, whoever is meant.

Lists know the countries; the people, clubs and firms of the day are in no list. In other languages written with Latin
letters it is the commonest Vietnamese family names that tell. They are counted, never kept.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from classify.text.reading import Reading
from classify.text.syllables import is_syllable

SPELLING_NAMES = (
    "foreign in title", "native in title", "foreign share in title", "foreign in lead", "foreign share in lead",
    "foreign in body", "foreign share in body", "families in title", "families in lead", "families in body",
    "foreign title, not named",
)  # fmt: skip
# Names further in say little that the first ones did not.
BODY_CHARS = 4_000
# Vietnamese firms that are spelled like no syllable.
_OURS = ("vin", "viet", "việt")
_CAPITAL = "[" + "".join(filter(str.isupper, map(chr, range(0x1EFA)))) + "]"
# Patterns begin with a letter, and look back from there: so the engine runs to the next such letter at once.
_CAPITALISED = re.compile(rf"{_CAPITAL}(?<!\w.)[\w’'-]+")
_PARTS = re.compile(r"[-'’]")
_FAMILIES = (
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Lương Đoàn Trương Mai Cao Tô Hà "
    "Tạ Lưu Thái Châu Quách Vương Tống Lâm"
)
# Without marks, only those that are hardly anything else.
_FAMILIES_ABROAD = (
    "Nguyen Tran Pham Hoang Huynh Phan Vu Vo Dang Bui Ngo Duong Dinh Trinh Luong Doan Truong Le Ly To Do Ho"
)
_NAMES = {
    native: "|".join(rf"{name[0]}(?<!\w.){name[1:]}" for name in listed.split())
    for native, listed in ((True, _FAMILIES), (False, _FAMILIES_ABROAD))
}
_PERSON = {native: re.compile(rf"(?:{names})(?: {_CAPITAL}\w+)+") for native, names in _NAMES.items()}


@dataclass(frozen=True)
class Spelled:
    """The capitalised words of a piece of text: `foreign` by their spelling, or `native`; `families` with a name."""

    foreign: int
    native: int
    families: int

    @classmethod
    def of(cls, text: str, vietnamese: bool) -> "Spelled":
        """Count those of `text`; only the families where it is not Vietnamese."""
        text = unicodedata.normalize("NFC", text)
        families = len(_PERSON[vietnamese].findall(text))
        if not vietnamese:
            return cls(0, 0, families)
        found = list(map(_is_foreign, _CAPITALISED.findall(text)))
        return cls(found.count(True), found.count(False), families)

    @property
    def share(self) -> float:
        """The share of foreign spellings; none where nothing is capitalised."""
        return self.foreign / max(1, self.foreign + self.native)


def spelling_numbers(reading: Reading) -> tuple[float, ...]:
    """The numbers named by SPELLING_NAMES, most of them between 0 and 4."""
    native = reading.language == "vi"
    title = Spelled.of(reading.headline, native)
    lead = Spelled.of(reading.written[: reading.lead_end], native)
    body = Spelled.of(reading.written[:BODY_CHARS], native)
    named = any(place.field == "title" for place in reading.mentions)
    return (
        math.log1p(title.foreign),
        math.log1p(title.native),
        title.share,
        math.log1p(lead.foreign),
        lead.share,
        math.log1p(body.foreign),
        body.share,
        float(title.families),
        math.log1p(lead.families),
        math.log1p(body.families),
        float(title.foreign > 0 and not named),
    )


@lru_cache(maxsize=30_000)
def _is_foreign(word: str) -> bool | None:
    """None where the spelling tells nothing: of letters alone (UBND, FIFA), of our own firms."""
    if word.isupper() or word.lower().startswith(_OURS):
        return None
    return not all(is_syllable(part) for part in _PARTS.split(word) if part)
