"""Authors as bibliographic data: names of persons as the page states them; no addresses, no outlets, no accounts."""

import re
from collections.abc import Iterable

MAX_NAMES = 10
MAX_NAME = 80  # characters; longer ones are sentences
BEFORE = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|tác giả|bài|ảnh|theo|author|text|фото|автор|記者|记者|기자)\s*[:：]?\s+", re.I
)
AFTER = re.compile(r"\s*(?:[|,–-]\s*)?(?:\d{1,2}:\d{2}.*|记者|記者|기자)$")
NOBODY = re.compile(
    r"https?://|www\.|@|\.(?:com|net|org|vn|de)\b|"
    r"^(?:admin\w*|administrator|quản trị(?: viên)?|ban biên tập|biên tập(?: viên)?|tòa soạn|toà soạn|web ?master|"
    r"editor(?:s|ial)?|editorial (?:team|staff)|redaktion|rédaction|redacción|redazione|redactie|redaksi|"
    r"staff(?: (?:writer|reporter))?|"
    r"news ?(?:room|desk)|online|user\d*|guest|anonymous|unknown|n/?a|null|none|undefined|pv|ctv|phóng viên|\W*|\d+)$",
    re.IGNORECASE,
)


def bylines(names: Iterable[str], site_names: Iterable[str] = ()) -> tuple[str, ...]:
    """The names among `names` that are neither an outlet's nor nobody's, each once, in order."""
    outlets = {_key(name) for name in site_names}
    found: dict[str, str] = {}
    for name in names:
        plain = AFTER.sub("", BEFORE.sub("", name.strip())).strip(" ,;|–-")
        if not plain or len(plain) > MAX_NAME or NOBODY.search(plain) or _key(plain) in outlets:
            continue
        found.setdefault(_key(plain), plain)
    return tuple(found.values())[:MAX_NAMES]


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
