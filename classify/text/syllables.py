"""Whether a word could be Vietnamese by its spelling: what tells Nguyễn and Hoàng from Messi and Harvard."""

import re
import unicodedata
from functools import lru_cache

_ONSET = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx]"
_NUCLEUS = (
    "iê|yê|ie|ye|ươ|uô|uơ|uo|uyê|uya|uye|oai|oay|oao|oeo|uay|uây|uyu|iêu|yêu|ieu|uôi|uoi|ươi|ươu|"
    "ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oa|oă|oe|oi|ôi|ơi|ua|uâ|uê|ui|uy|ưa|ưi|ưu|[aăâeêioôơuưy]"
)
# k as in Đắk Lắk.
_CODA = "ch|ng|nh|[ckmnpt]"
_SYLLABLE = re.compile(f"(?:{_ONSET})?(?:{_NUCLEUS})(?:{_CODA})?")
# Grave, acute, tilde, hook above, dot below.
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))


@lru_cache(maxsize=30_000)
def is_syllable(word: str) -> bool:
    """Whether `word` is spelled as one Vietnamese syllable, with its marks or without them (nam, Nguyễn, Hoang)."""
    if word.isascii():
        return bool(_SYLLABLE.fullmatch(word.lower()))
    bare = unicodedata.normalize("NFD", word.lower()).translate(_TONES)
    return bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)))
