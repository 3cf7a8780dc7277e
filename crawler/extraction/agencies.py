"""News agencies named in a byline or a dateline: the origin of many copies."""

import re
from collections.abc import Iterable

# Agency -> how it signs. Words as they stand in bylines and datelines; case counts where capitals make the name.
NAMES: dict[str, tuple[str, ...]] = {
    "TTXVN": ("TTXVN", "Thông tấn xã Việt Nam", "VNA", "Vietnam News Agency", "VNS", "越通社", "ВИА"),
    "Reuters": ("Reuters", "REUTERS", "路透社", "ロイター", "로이터", "Рейтер"),
    "AFP": ("AFP", "Agence France-Presse", "Agence France Presse", "法新社"),
    "AP": ("AP", "Associated Press", "美联社"),
    "Xinhua": ("Xinhua", "Tân Hoa xã", "Tân Hoa Xã", "THX", "新华社", "新華社", "Синьхуа"),
    "Kyodo": ("Kyodo", "Kyodo News", "共同通信", "共同社"),
    "Jiji": ("Jiji Press", "時事通信", "時事"),
    "Yonhap": ("Yonhap", "연합뉴스", "韩联社", "聯合ニュース"),
    "TASS": ("TASS", "ITAR-TASS", "ТАСС", "塔斯社"),
    "RIA": ("RIA Novosti", "РИА Новости"),
    "Interfax": ("Interfax", "Интерфакс"),
    "DPA": ("dpa", "DPA", "Deutsche Presse-Agentur"),
    "EFE": ("EFE", "Agencia EFE"),
    "ANSA": ("ANSA",),
    "Antara": ("ANTARA", "Antara"),
    "Bernama": ("Bernama", "BERNAMA"),
    "CNA": ("中央社",),
    "PTI": ("PTI",),
    "UPI": ("UPI",),
    "KPL": ("KPL", "ຂປລ"),
    "AKP": ("AKP",),
    "TNA": ("สำนักข่าวไทย",),
}
HEAD, TAIL = 160, 120  # characters at the beginning and the end of a text where an agency signs
_AGENCY_OF = {name: agency for agency, names in NAMES.items() for name in names}
_ANY = "|".join(re.escape(name) for name in sorted(_AGENCY_OF, key=len, reverse=True))
BYLINE = re.compile(rf"(?<!\w)(?:{_ANY})(?!\w)")
# "(TTXVN) -", "HANOI, Nov. 3 (Xinhua) --", "HÀ NỘI (AFP) –", "Theo TTXVN"; names in the sentence itself do not sign it.
SIGNED = re.compile(
    rf"[(（【\[]\s*(?:\w+\s*=\s*)?(?P<a>{_ANY})(?:[\s/,;+-]+\w[\w\s/]*)?\s*[)）】\]]"
    rf"|(?:^|\n)\s*(?:Theo|Nguồn:?|Source:?|Quelle:?|Источник:?|据|來源:?|来源:?)\s*(?P<b>{_ANY})(?!\w)"
    rf"|(?:^|\n)\s*(?P<c>{_ANY})\s*(?:[-–—]|电|電)"
)


def agency_of(text: str, bylines: Iterable[str] = ()) -> str | None:
    """The agency that an article comes from, by its bylines or by how its text begins or ends; None if it names none.

    A byline that names an agency and a person of the outlet counts: the text is the agency's, worked over.
    """
    for byline in bylines:
        match = BYLINE.search(byline)
        if match:
            return _AGENCY_OF[match.group()]
    for part in (text[:HEAD], text[-TAIL:]):
        signed = SIGNED.search(part)
        if signed:
            return _AGENCY_OF[next(name for name in signed.groups() if name)]
    return None
