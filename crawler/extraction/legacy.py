"""Vietnamese before Unicode: TCVN 5712 (the .VnTime fonts), VISCII, and VNI for Windows.

The tables are facts of the standards (TCVN 5712:1993, RFC 1456) and of the VNI fonts.
"""

import re

# The upper half; a few capitals stand among the control characters.
TCVN_HIGH = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ"
    "ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)
TCVN_LOW = {1: "Ú", 2: "Ụ", 4: "Ừ", 5: "Ử", 6: "Ữ", 17: "Ứ", 18: "Ự", 19: "Ỳ", 20: "Ỷ", 21: "Ỹ", 22: "Ý", 23: "Ỵ"}
VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ"
    "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "Õắằặấầẩậẽẹếềểễệố"
    "ồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ"
    "ĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉ"
    "đựòóôõỏọụùúũủýợỮ"
)
VISCII_LOW = {2: "Ẳ", 5: "Ẵ", 6: "Ẫ", 20: "Ỷ", 25: "Ỹ", 30: "Ỵ"}
# VNI puts marks into a character of its own after the letter; these are letters that need none.
VNI_ALONE = {
    "ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ",
    "Ô": "Ơ", "Ö": "Ư", "Ñ": "Đ", "Í": "Í", "Ì": "Ì", "Æ": "Ỉ", "Ó": "Ĩ", "Ò": "Ị", "Î": "Ỵ",
}  # fmt: skip
VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
# ruff: noqa: E501 - a table
VNI_MARKS = VNI_TONES | {
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0323\u0302",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0323\u0306",
}  # fmt: skip
_PAIR = re.compile(
    "[aeoyuôöAEOYUÔÖ][" + "".join(VNI_MARKS) + "".join(VNI_MARKS).upper() + "]|[" + "".join(VNI_ALONE) + "]"
)


def tcvn(text: str) -> str:
    """Text of TCVN 5712 that was read as Latin-1, in Unicode."""
    return text.translate(_TCVN)


def viscii(text: str) -> str:
    """Text of VISCII that was read as Latin-1, in Unicode."""
    return text.translate(_VISCII)


def vni(text: str) -> str:
    """Text of VNI for Windows that was read as Latin-1, in Unicode; its marks are still characters of their own."""
    return _PAIR.sub(_letter, text)


def _letter(match: re.Match[str]) -> str:
    found = match.group()
    letter = VNI_ALONE.get(found[0], found[0])
    return letter + (VNI_MARKS[found[1].lower()] if len(found) > 1 else "")


_TCVN = {0x80 + at: letter for at, letter in enumerate(TCVN_HIGH)} | TCVN_LOW
_VISCII = {0x80 + at: letter for at, letter in enumerate(VISCII_HIGH)} | VISCII_LOW
