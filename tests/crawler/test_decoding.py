import gzip
import unicodedata

import pytest

from crawler.decoding import decode
from crawler.legacy import TCVN_HIGH, TCVN_LOW, VISCII_HIGH, VISCII_LOW, VNI_ALONE, VNI_MARKS, VNI_TONES

TEXT = (
    "Chiều nay, hai bên đã trao đổi về hợp tác giáo dục và văn hoá trong những năm tới ở khu vực. Theo thông cáo, cuộc "
    "gặp diễn ra trong không khí cởi mở, thẳng thắn và kéo dài hơn hai giờ đồng hồ ở thủ đô. Các trường đại học đã sẵn "
    "sàng đón những sinh viên đầu tiên ngay từ mùa thu; nhiều em chưa từng đi xa, song ai cũng háo hức, kể cả bố mẹ."
)
PAGE = "<html><head>{}<title>Tin</title></head><body><h1>Hai nước bàn về giáo dục</h1><p>{}</p></body></html>"


def single(table: dict[str, int]) -> dict[int, str]:
    return {ord(letter): chr(byte) for letter, byte in table.items()}


TCVN = single({letter: 0x80 + at for at, letter in enumerate(TCVN_HIGH)} | {c: b for b, c in TCVN_LOW.items()})
VISCII = single({letter: 0x80 + at for at, letter in enumerate(VISCII_HIGH)} | {c: b for b, c in VISCII_LOW.items()})
VNI = {ord(letter): sign for sign, letter in VNI_ALONE.items()}
for base in "aeoyuAEOYU":
    for mark, marks in VNI_MARKS.items():
        letter = unicodedata.normalize("NFC", base + marks)
        if len(letter) == 1:
            VNI[ord(letter)] = base + (mark.upper() if base.isupper() else mark)
for sign, horned in (("ô", "ơ"), ("ö", "ư"), ("Ô", "Ơ"), ("Ö", "Ư")):
    for mark, marks in VNI_TONES.items():
        VNI[ord(unicodedata.normalize("NFC", horned + marks))] = sign + (mark.upper() if sign.isupper() else mark)


def windows_1258(text: str) -> bytes:
    out = b""
    for char in text:
        apart = unicodedata.normalize("NFD", char)
        tones = "".join(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tones))
        out += (base + tones).encode("cp1258")
    return out


ENCODERS = {
    "tcvn": lambda text: text.translate(TCVN).encode("latin-1"),
    "viscii": lambda text: text.translate(VISCII).encode("latin-1"),
    "vni": lambda text: text.translate(VNI).encode("cp1252"),
    "1258": windows_1258,
    "utf-8": lambda text: text.encode(),
    "nfd": lambda text: unicodedata.normalize("NFD", text).encode(),
    "bom": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "gzip": lambda text: gzip.compress(text.encode()),
}


@pytest.mark.parametrize("declared", ["", '<meta charset="utf-8">', '<meta charset="iso-8859-1">'])
@pytest.mark.parametrize("name", sorted(ENCODERS))
def test_vietnamese_of_all_ages_is_read(name: str, declared: str) -> None:
    page = PAGE.format(declared, TEXT)
    body = ENCODERS[name](page)
    assert name == "utf-8" or body != page.encode()
    assert decode(body) == page


@pytest.mark.parametrize("name", ["tcvn", "viscii", "vni"])
def test_letters_typed_with_an_old_font_in_unicode(name: str) -> None:
    page = PAGE.format('<meta charset="utf-8">', TEXT)
    typed = ENCODERS[name](page).decode("cp1252" if name == "vni" else "latin-1").encode()
    assert decode(typed) == page


@pytest.mark.parametrize(
    "text",
    [
        "Größere Städte führen für Fußgänger künftig über die Brücken. " * 5,
        "L'été dernier, l'équipe a été reçue à l'hôtel près de la forêt où elle avait joué. " * 5,
        "Mañana el niño irá a la montaña con su compañía. ¿Qué pasará después? ¡Ojalá vuelva! " * 5,
        "Þetta er íslenskur texti með mörgum stöfum: það, þú, æði, ölið, ýmsir. " * 5,
        "Прибыл с визитом. " * 5,
        "plain ASCII only",
    ],
)
def test_other_languages_stay_as_they_are(text: str) -> None:
    page = f'<html><head><meta charset="utf-8"></head><body><p>{text}</p></body></html>'
    assert decode(page.encode()) == page
    if all(ord(char) < 256 for char in text):
        latin = page.replace("utf-8", "iso-8859-1")
        assert decode(latin.encode("latin-1")) == latin


def test_a_broken_letter_does_not_change_the_rest() -> None:
    page = PAGE.format("", TEXT * 8)
    broken = page.encode().replace("ệ".encode(), "ệ".encode()[:-1], 1)
    assert decode(broken).count("\ufffd") <= 1
    assert TEXT in decode(broken + b"\xe1")


def test_no_bytes_are_too_bad() -> None:
    for body in (b"", b"\x1f\x8b\x08broken", b"\xff\xfe\x00", bytes(range(256)) * 4, b"\x28\xb5\x2f\xfdx"):
        assert isinstance(decode(body), str)
