"""The names of the world's countries but Vietnam, in each language, from the Unicode locale data."""

# Names that mean something else once case is folded away ("anh" is also brother, "áo" a shirt), or that name Vietnam.
_NOT = frozenset({"vn"})
_ORDINARY = {
    "vi": frozenset({"anh", "đức", "ý", "áo", "bỉ", "mali", "man"}),
    "en": frozenset({"turkey", "chad", "jordan", "guinea", "jersey"}),
    "de": frozenset({"man"}),
    "nl": frozenset({"man"}),
}
# What papers call them besides.
_USUAL: dict[str, tuple[str, ...]] = {
    "vi": ("mỹ", "hoa kỳ", "nước anh", "nước đức", "nước ý", "italia", "nước áo", "nước bỉ", "triều tiên", "châu âu",
           "liên minh châu âu", "eu", "australia", "ấn độ", "washington", "bắc kinh", "moscow", "tokyo", "seoul",
           "bangkok", "london", "paris", "singapore", "malaysia", "indonesia", "philippines",
           "campuchia", "đài loan", "hong kong", "israel", "iran", "ukraine", "gaza"),
    "en": ("u.s.", "us", "usa", "america*", "britain", "british", "uk", "chinese", "russian", "japanese", "korea*",
           "thai", "indian", "french", "german*", "european", "eu", "australian", "philippine", "filipino",
           "indonesian", "malaysian", "cambodian", "lao", "taiwan*", "beijing", "washington", "moscow", "tokyo",
           "bangkok", "manila", "israeli", "iranian", "ukrainian"),
    "zh": ("美国", "美國", "美", "中国", "中國", "中方", "俄羅斯", "英國", "法國", "德國", "韓國", "泰國", "菲律賓",
           "香港", "台湾", "台灣", "北京", "华盛顿", "歐盟", "欧盟", "朝鲜", "朝鮮", "老挝", "柬埔寨", "寮國"),
    "th": ("สหรัฐ", "จีน", "ญี่ปุ่น", "ไทย", "ลาว", "กัมพูชา", "อังกฤษ", "เกาหลี", "ยุโรป", "อาเซียน"),
    "ru": ("сша", "росси*", "китай", "китая", "китае", "китайск*", "американск*", "великобритан*", "украин*", "европ*"),
    "nl": ("vs", "nederland*", "duits*", "china", "chinese", "amerik*", "engels*", "frans*"),
    "ja": ("米国", "アメリカ", "中国", "日本", "韓国", "台湾", "欧州"),
    "ko": ("미국*", "중국*", "일본*", "한국*", "유럽*"),
    "es": ("eeuu", "ee.uu.", "méxic*", "chin*", "estadounidense*", "europe*"),
    "de": ("usa", "deutsch*", "chines*", "amerikan*", "europ*"),
    "id": ("amerika", "cina", "china", "tiongkok", "jepang", "korea", "eropa"),
    "fr": ("chinois*", "américain*", "français*", "europé*", "usa"),
}  # fmt: skip
# Russian declines its names: the stem finds all cases.
_DECLINED = frozenset({"ru"})
_SHORTEST_STEM = 4


def abroad_terms(language: str) -> list[str]:
    """Terms, as a lexicon lists them, for every country but Vietnam; empty for a language without locale data."""
    from babel import Locale, UnknownLocaleError

    try:
        territories = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return []
    names = {name for code, name in territories.items() if len(code) == 2 and code.lower() not in _NOT}
    ordinary = _ORDINARY.get(language, frozenset())
    kept = {_term(name, language) for name in names if name.lower() not in ordinary}
    return sorted(kept.union(_USUAL.get(language, ())))


def _term(name: str, language: str) -> str:
    if language in _DECLINED and " " not in name and len(name) > _SHORTEST_STEM:
        return name[:-1] + "*"
    return name
