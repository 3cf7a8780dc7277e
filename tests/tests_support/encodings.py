"""Vietnamese as it was written before UTF-8: pages in the old encodings, made from today's."""

import gzip
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

from crawler.extraction.legacy import TCVN_HIGH, TCVN_LOW, VISCII_HIGH, VISCII_LOW, VNI_ALONE, VNI_MARKS, VNI_TONES


def _single(table: Mapping[str, int]) -> dict[str, bytes]:
    return {letter: bytes([byte]) for letter, byte in table.items()}


def _vni() -> dict[str, bytes]:
    found = {letter: sign for sign, letter in VNI_ALONE.items()}
    for base in "aeoyuAEOYU":
        for mark, marks in VNI_MARKS.items():
            letter = unicodedata.normalize("NFC", base + marks)
            if len(letter) == 1:
                found[letter] = base + (mark.upper() if base.isupper() else mark)
    for sign, horned in (("ô", "ơ"), ("ö", "ư"), ("Ô", "Ơ"), ("Ö", "Ư")):
        for mark, marks in VNI_TONES.items():
            found[unicodedata.normalize("NFC", horned + marks)] = sign + (mark.upper() if sign.isupper() else mark)
    return {letter: signs.encode("cp1252") for letter, signs in found.items()}


TCVN = _single({letter: 0x80 + at for at, letter in enumerate(TCVN_HIGH)} | {c: b for b, c in TCVN_LOW.items()})
VISCII = _single({letter: 0x80 + at for at, letter in enumerate(VISCII_HIGH)} | {c: b for b, c in VISCII_LOW.items()})
VNI = _vni()


def _lettered(table: Mapping[str, bytes]) -> Callable[[str], bytes]:
    """What the encoding has no sign for becomes a character reference, as editors of the time wrote it."""

    def encode(text: str) -> bytes:
        return b"".join(
            table.get(char) or char.encode("ascii", "xmlcharrefreplace") for char in unicodedata.normalize("NFC", text)
        )

    return encode


def windows_1258(text: str) -> bytes:
    """Every letter with its shape, and the tone behind it."""
    return b"".join(map(_toned, unicodedata.normalize("NFC", text)))


@cache
def _toned(char: str) -> bytes:
    apart = unicodedata.normalize("NFD", char)
    tones = "".join(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
    base = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tones))
    try:
        return (base + tones).encode("cp1258")
    except UnicodeEncodeError:
        return char.encode("ascii", "xmlcharrefreplace")


LEGACY: dict[str, Callable[[str], bytes]] = {
    "tcvn": _lettered(TCVN),
    "viscii": _lettered(VISCII),
    "vni": _lettered(VNI),
    "1258": windows_1258,
    "nfd": lambda text: unicodedata.normalize("NFD", text).encode(),
}
ENCODERS: dict[str, Callable[[str], bytes]] = LEGACY | {
    "utf-8": lambda text: text.encode(),
    "bom": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "gzip": lambda text: gzip.compress(text.encode()),
}
