import pytest

from classify.text.lexicons import Lexicons
from classify.text.reading import LEAD_CHARS, MAX_TEXT, Reading, read
from classify.types import Document

FILLER = "The river rose and fell again in the night. "


def reading(lexicons: Lexicons, title: str, text: str, language: str = "en") -> Reading:
    return read(Document(title, text, language), language, lexicons.get(language))


def test_headings_of_other_articles_are_no_mentions(lexicons: Lexicons) -> None:
    found = reading(lexicons, "Jakarta floods", "It rained in Jakarta.\nVietnam wins the cup\nNobody was hurt.")
    assert found.mentions == ()
    assert found.named
    kept = reading(lexicons, "Jakarta floods", "It rained in Jakarta.\nVietnam wins the cup.\nNobody was hurt.")
    assert [kept.written[place.hit.start : place.hit.end] for place in kept.mentions] == ["Vietnam"]


def test_the_lead_begins_where_the_prose_does(lexicons: Lexicons) -> None:
    menu = "Home\nNews\nSport\n"
    found = reading(lexicons, "", menu + FILLER * 40)
    assert found.lead_end == len(menu) + LEAD_CHARS
    assert reading(lexicons, "", "Short.").lead_end == len("Short.")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (FILLER * 400 + "Vietnam won.", True),
        (FILLER * 400, False),
        ("He fought in the Vietnam War.", True),
        ("", False),
    ],
)
def test_whether_vietnam_is_named_at_all(lexicons: Lexicons, text: str, named: bool) -> None:
    found = reading(lexicons, "Rain", text)
    assert found.named is named
    assert found.mentions == ()
    assert found.text_length <= MAX_TEXT
