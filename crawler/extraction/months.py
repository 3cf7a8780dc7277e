"""The names of the months, from CLDR, in the languages whose date lines we read."""

import functools
import re

# The languages of the lexicons that write months as words (Chinese, Japanese, Korean and Vietnamese number them), and
# what else the press about Vietnam is written in. No two of them give one word to two months; if an update of Babel
# brought such a word, it would be left out.
LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "sv", "da", "nb", "fi", "hu", "ro", "tr", "id", "ms",
    "ru", "uk", "bg", "el", "th", "lo", "km",
)  # fmt: skip
# Written by newsrooms, not in CLDR.
ALSO = {"sept": 9, "agt": 8, "ags": 8, "juill": 7, "juil": 7, "sep": 9, "setembro": 9, "marts": 3, "mrt": 3}
# Numbered months of Vietnamese, also in words. Longer ones first: "mười một" begins with "mười".
VIETNAMESE = {
    "mười hai": 12, "mười một": 11, "chạp": 12, "mười": 10, "chín": 9, "tám": 8, "bảy": 7, "bẩy": 7, "sáu": 6,
    "năm": 5, "tư": 4, "bốn": 4, "ba": 3, "hai": 2, "một": 1, "giêng": 1,
}  # fmt: skip


@functools.cache
def month_names() -> dict[str, int]:
    """Month names and abbreviations in lower case, without a closing dot -> 1 to 12. Takes 0.3 s the first time."""
    from babel import Locale

    names: dict[str, set[int]] = {}
    for code in LANGUAGES:
        months = Locale(code).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[form][width].items():
                    names.setdefault(name.casefold().rstrip("."), set()).add(number)
    found = {name: numbers.pop() for name, numbers in names.items() if len(numbers) == 1 and not name.isdigit()}
    return ALSO | found


@functools.cache
def month_pattern() -> str:
    """A regular expression (without a group) for any of these names."""
    names = sorted(month_names(), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(name) for name in names) + r")\.?"
