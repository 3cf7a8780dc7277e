"""Which language a text is in: its script, Vietnamese letters, function words, then py3langid among those we serve."""

import functools
import math
import re
import unicodedata
from typing import Any

from classify.function_words import by_words
from classify.text.folding import replace_surrogates

UNKNOWN = "und"
# Sentences of ~130 characters are already told right in 99.2% of 33 languages (sib200 test); 600 cost about 0.2 ms.
SAMPLE_CHARS = 600
# Below this py3langid is guessing between neighbours; saying `und` sends the article to a human instead.
MIN_CONFIDENCE = 0.4
# A language we do not serve is believed only with this much probability and this many letters: short headlines full of
# names draw rare languages (unrestricted, 86.7% of short titles came out right; restricted, 95.9%).
FOREIGN_CONFIDENCE = 0.9
FOREIGN_LETTERS = 60
# Of 6,800 Vietnamese news texts 99.5% have more than 8.5% of their letters among these (half of them 19%); of 2,000
# English ones, many naming Vietnamese people with all marks, none has more than 2.2%.
VIETNAMESE_SHARE = 0.06

LATIN = frozenset({
    "vi", "en", "fr", "de", "es", "pt", "it", "nl", "pl", "cs", "sk", "sv", "da", "no", "fi", "hu", "ro", "tr", "id",
    "ms", "tl", "hr",
})  # fmt: skip
# Scripts that more than one language writes: the candidates among which py3langid chooses.
SHARED_SCRIPTS: dict[str, frozenset[str]] = {
    "latin": LATIN,
    "cyrillic": frozenset(["ru", "uk", "bg", "sr", "be", "mk", "kk", "mn"]),
    "arabic": frozenset(["ar", "fa", "ur"]),
    "devanagari": frozenset(["hi", "ne", "mr"]),
}
# Scripts that name their language.
SCRIPT_LANGUAGE: dict[str, str] = {
    "thai": "th", "lao": "lo", "khmer": "km", "myanmar": "my", "hangul": "ko", "kana": "ja", "han": "zh", "greek": "el",
    "hebrew": "he", "bengali": "bn", "tamil": "ta", "georgian": "ka", "armenian": "hy",
}  # fmt: skip
SERVED = frozenset(SCRIPT_LANGUAGE.values()).union(*SHARED_SCRIPTS.values())

_RANGES: dict[str, str] = {
    "latin": "A-Za-zÀ-ɏḀ-ỿ",
    "cyrillic": "Ѐ-ԯ",
    "arabic": "\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "devanagari": "\u0900-\u097f",
    "thai": "\u0e01-\u0e5b",
    "lao": "\u0e81-\u0edf",
    "khmer": "\u1780-\u17ff",
    "myanmar": "\u1000-\u109f",
    "hangul": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "kana": "\u3041-\u30ff",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "hebrew": "\u05d0-\u05ea",
    "bengali": "\u0980-\u09ff",
    "tamil": "\u0b80-\u0bff",
    "georgian": "\u10a0-\u10ff",
    "armenian": "\u0530-\u058f",
}
_LETTER = re.compile("|".join(f"(?P<{name}>[{chars}])" for name, chars in _RANGES.items()))
# Of the languages in this script only Russian and Belarusian have ы and э, and only Russian none of the others.
_RUSSIAN = re.compile("[ыэ]", re.IGNORECASE)
_NOT_RUSSIAN = re.compile("[іїєґўђјљњћџѓќѕәғқңөұүһ]", re.IGNORECASE)
# Without ă, which Romanian has, too.
_VIETNAMESE = re.compile("[đơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def detect(text: str) -> tuple[str, float]:
    """The ISO 639-1 code of `text` and a confidence from 0 to 1.

    `("und", c)` when it is empty, no text at all, or in a language that is not served.
    """
    sample = unicodedata.normalize("NFC", replace_surrogates(text[:SAMPLE_CHARS]))
    counts = _script_counts(sample)
    letters = sum(counts.values())
    if letters < 2:
        return UNKNOWN, 0.0
    script, share = _dominant(counts)
    if script in SCRIPT_LANGUAGE:
        return SCRIPT_LANGUAGE[script], round(0.99 * share, 4)
    if script == "latin":
        marks = 0 if sample.isascii() else len(_VIETNAMESE.findall(sample))
        if marks >= 2 and marks / letters >= VIETNAMESE_SHARE:
            return "vi", 0.99
        told = by_words(sample)
        if told is not None:
            return told
    if script == "cyrillic" and _RUSSIAN.search(sample) and not _NOT_RUSSIAN.search(sample):
        return "ru", 0.95
    return _by_model(sample, SHARED_SCRIPTS[script], letters)


def base(language: str | None) -> str:
    """`language` reduced to its base code: `zh-Hant` -> `zh`, `vi_VN` -> `vi`; `und` for None or nonsense."""
    code = re.split(r"[-_]", (language or "").strip().lower(), maxsplit=1)[0]
    return code if re.fullmatch("[a-z]{2,3}", code) else UNKNOWN


class _ScriptOf(dict[int, str]):
    """Code point -> one letter that stands for its script, looked up once each; for `str.translate`."""

    def __missing__(self, code: int) -> str:
        match = _LETTER.match(chr(code))
        self[code] = _CODES[match.lastgroup] if match and match.lastgroup else "-"
        return self[code]


_CODES = {name: chr(ord("a") + at) for at, name in enumerate(_RANGES)}
_NAMES = {code: name for name, code in _CODES.items()}
_SCRIPT_OF = _ScriptOf()


def _script_counts(sample: str) -> dict[str, int]:
    codes = sample.translate(_SCRIPT_OF)
    return {_NAMES[code]: codes.count(code) for code in set(codes) if code != "-"}


def _dominant(counts: dict[str, int]) -> tuple[str, float]:
    """The leading script and its share of the letters. Kana make Japanese of Han, even when Han are more."""
    if len(counts) == 1:
        return next(iter(counts)), 1.0
    # A Han or kana character carries about as much as three Latin letters: brand names must not outvote it.
    weighed = {name: count * 3 if name in ("han", "kana", "hangul") else count for name, count in counts.items()}
    if weighed.get("kana", 0) >= 0.1 * weighed.get("han", 0) > 0:
        weighed["kana"] += weighed.pop("han")
    script = max(weighed, key=weighed.__getitem__)
    return script, weighed[script] / max(1, sum(weighed.values()))


def _by_model(sample: str, served: frozenset[str], letters: int) -> tuple[str, float]:
    identifier = _identifier()
    ranked = [(code, float(p)) for code, p in identifier.rank(sample) if math.isfinite(p)]
    if not ranked:
        return UNKNOWN, 0.0
    first, probability = ranked[0]
    if first not in served and probability >= FOREIGN_CONFIDENCE and letters >= FOREIGN_LETTERS:
        return UNKNOWN, round(1.0 - probability, 4)
    among = [(code, p) for code, p in ranked if code in served]
    total = sum(p for _, p in among)
    if total <= 0:
        return UNKNOWN, 0.0
    code, best = among[0]
    confidence = round(best / total, 4)
    return (code, confidence) if confidence >= MIN_CONFIDENCE else (UNKNOWN, confidence)


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
