import pytest
from tests_support.encodings import ENCODERS

from crawler.extraction.decoding import decode

TEXT = (
    "Chiều nay, hai bên đã trao đổi về hợp tác giáo dục và văn hoá trong những năm tới ở khu vực. Theo thông cáo, cuộc "
    "gặp diễn ra trong không khí cởi mở, thẳng thắn và kéo dài hơn hai giờ đồng hồ ở thủ đô. Các trường đại học đã sẵn "
    "sàng đón những sinh viên đầu tiên ngay từ mùa thu; nhiều em chưa từng đi xa, song ai cũng háo hức, kể cả bố mẹ."
)
PAGE = "<html><head>{}<title>Tin</title></head><body><h1>Hai nước bàn về giáo dục</h1><p>{}</p></body></html>"


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
