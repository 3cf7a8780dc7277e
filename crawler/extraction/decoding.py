"""A page's bytes -> its text in NFC Unicode: by what the bytes show, since servers and pages lie about charsets.

UTF-8 that is valid is UTF-8. What is not may be Vietnamese of before Unicode, which no charset detector knows: it is
told by reading it each way and looking which gives Vietnamese syllables. The same shows pages that are UTF-8 outside
but whose letters were typed with the fonts of those days.
"""

import html
import re
import unicodedata
from collections.abc import Callable

from trafilatura.utils import detect_encoding

from crawler.encodings import EncodingError, unpack
from crawler.extraction.legacy import tcvn, viscii, vni

MAX_UNPACKED = 20 * 1024 * 1024
SAMPLE = 20_000  # characters of text in which evidence is looked for
LOOKED_AT = 1_000_000  # characters of a page in which text is looked for
# Of the words with marks, how many must be Vietnamese syllables, and how many of all words must have marks. 23 real
# Vietnamese pages, written in each encoding, have 0.98-1.0 and 0.7-0.9 in the right reading and at most 0.94 in a wrong
# one, where the right one had 1.0.
SYLLABLES, MARKED, MIN_WORDS = 0.9, 0.3, 12
MOSTLY = 0.002  # share of the letters beyond ASCII that may be broken in a text that is UTF-8 all the same

READINGS: tuple[tuple[str, Callable[[str], str]], ...] = (("tcvn", tcvn), ("viscii", viscii), ("vni", vni))
CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>\s*")
UNICODE_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9\u0300\u0301\u0303\u0309\u0323]")
LATIN_1 = re.compile("[\x80-\x9f\u00a1-\u00ff]")
RUN = re.compile(r">([^<>{}=]{20,})<")  # text between tags; what has braces or equals signs is script
ENTITY = re.compile(r"&(?:#(?:1[6-9]\d|2[0-4]\d|25[0-5])|[A-Za-z]{2,7}[a-z]);")
WORD = re.compile(r"[^\W\d_]+")
SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
    r"[aăâeêioôơuưy]{1,3}(?:ch|nh|ng|[cmnpt])?"
)
TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
SMART = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
UNSMART = {ord(char): chr(code) for code, char in SMART.items()}


def decode(body: bytes) -> str:
    """The text of a page, in NFC. Never fails: what cannot be read becomes U+FFFD."""
    body = _unpacked(body)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode_other(body)
    else:
        text = _from_fonts(text)
    # A declaration of an encoding is no longer true of a text, and parsers refuse it there.
    text = DECLARATION.sub("", text, count=1)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _unpacked(body: bytes) -> bytes:
    """Undo a content coding that a server did not tell of: some archives keep such bodies."""
    for magic, name in ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd")):
        if body.startswith(magic):
            try:
                return unpack(body, (name,), MAX_UNPACKED)
            except EncodingError:
                return body
    return body


def _decode_other(body: bytes) -> str:
    """Bytes that are not UTF-8."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") <= MOSTLY * sum(not char.isascii() for char in text[:SAMPLE]):
        return text
    legacy = _legacy(body)
    return legacy if legacy is not None else _declared(body)


def _legacy(body: bytes) -> str | None:
    """The body in a Vietnamese encoding, when its text is Vietnamese in one."""
    latin = body.decode("latin-1")
    readings: list[tuple[str, Callable[[str], str]]] = [("windows-1258", _windows_1258), *READINGS]
    return _best(latin, readings)


def _from_fonts(text: str) -> str:
    """Unicode text whose Latin-1 letters stand for those of a Vietnamese font; as it is, if they do not."""
    if UNICODE_VIETNAMESE.search(text, 0, SAMPLE) or (text.isascii() and not ENTITY.search(text)):
        return text
    sample = _sample(text)
    if UNICODE_VIETNAMESE.search(sample) or not _dense(ENTITY.sub(_unescape, sample)):
        return text
    plain = ENTITY.sub(_unescape, text).translate(UNSMART)
    found = _best(plain, list(READINGS))
    return found if found is not None else text


def _sample(text: str) -> str:
    runs, length = [], 0
    for match in RUN.finditer(text, 0, LOOKED_AT):
        runs.append(match.group(1))
        length += len(runs[-1])
        if length > SAMPLE:
            break
    return " ".join(runs)


def _dense(sample: str) -> bool:
    """Whether enough words have letters beyond ASCII: looked at first, because it is cheap."""
    words = sample.split()
    marked = sum(LATIN_1.search(word) is not None for word in words if not word.isascii())
    return marked >= max(MIN_WORDS, MARKED * len(words))


def _unescape(match: re.Match[str]) -> str:
    char = html.unescape(match.group())
    return char if len(char) == 1 and "\u00a1" <= char <= "\u00ff" else match.group()


def _best(latin: str, readings: list[tuple[str, Callable[[str], str]]]) -> str | None:
    sample = _sample(latin)
    if not _dense(sample):
        return None
    scored = [(vietnamese(read(sample)), at) for at, (_, read) in enumerate(readings)]
    score, at = max(scored, key=lambda item: (item[0], -item[1]))
    # What no encoding of these uses is punctuation of Windows-1252.
    return readings[at][1](latin).translate(SMART) if score >= SYLLABLES else None


def vietnamese(text: str) -> float:
    """The share of the words with marks that are Vietnamese syllables; 0 when too few words have marks."""
    words = WORD.findall(unicodedata.normalize("NFC", text).lower())
    marked = [word for word in words if not word.isascii()]
    if len(marked) < MIN_WORDS or len(marked) < MARKED * len(words):
        return 0.0
    return sum(map(_is_syllable, marked)) / len(marked)


def _is_syllable(word: str) -> bool:
    apart = unicodedata.normalize("NFD", word)
    toneless = unicodedata.normalize("NFC", TONES.sub("", apart))
    return len(TONES.findall(apart)) <= 1 and SYLLABLE.fullmatch(toneless) is not None


def _windows_1258(latin: str) -> str:
    return latin.encode("latin-1", "replace").decode("cp1258", "replace")


def _declared(body: bytes) -> str:
    """As the page declares, else as a detector guesses."""
    declared = CHARSET.search(body[:4096])
    names = [declared.group(1).decode("ascii", "replace")] if declared else []
    for name in [*names, *detect_encoding(body)]:
        try:
            return body.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("utf-8", "replace")
