"""Made-up labelled articles of four topics in two languages, and the small word lists that go with them."""

from collections.abc import Iterator
from pathlib import Path

from classify.learning.corpora import Example
from classify.types import Document

TOPICS = ("economy", "sport", "environment", "world")
LEXICONS = {
    "en": (
        "language: en\nvietnam: [vietnam*, hanoi]\nvietnam_war: [vietnam war]\n"
        "topics: {economy: [trade, gdp growth], sport: [football*], environment: [flood*], world: [kremlin]}\n"
        "tone: {positive: [praised, success], negative: [criticised, failure]}\n"
    ),
    "vi": (
        "language: vi\nvietnam: [việt nam, hà nội]\n"
        "topics: {economy: [xuất khẩu, thương mại], sport: [bóng đá], environment: [lũ lụt], world: [điện kremlin]}\n"
        "tone: {positive: [ca ngợi, thành công], negative: [chỉ trích, thất bại]}\n"
    ),
    "zh": "language: zh\nvietnam: [越南]\ntopics: {economy: [贸易, gdp]}\ntone: {positive: [成功], negative: [失败]}\n",
}
# By language and topic: a headline and a text, with room for a place.
ABOUT = {
    ("en", "economy"): ("Trade of {} grows", "Exports of rice from {} rose. Banks and the trade office agree."),
    ("en", "sport"): ("Football side of {} wins", "The football players of {} scored two goals in the second half."),
    ("en", "environment"): ("Flood reaches {}", "The flood covered roads in {} after rain. The river still rises."),
    ("en", "world"): ("Elections in {}", "Voters in {} chose a parliament. The kremlin was silent about the ballots."),
    ("vi", "economy"): ("Xuất khẩu của {} tăng", "Kim ngạch xuất khẩu gạo của {} tăng. Ngân hàng hạ lãi suất cho vay."),
    ("vi", "sport"): ("Đội bóng đá {} thắng trận", "Các cầu thủ bóng đá {} ghi hai bàn thắng trong hiệp hai."),
    ("vi", "environment"): ("Lũ lụt ở {}", "Nước lũ ngập nhiều tuyến đường ở {} sau mưa lớn. Sông còn dâng cao."),
    ("vi", "world"): ("Bầu cử ở {}", "Cử tri {} đi bỏ phiếu bầu quốc hội. Điện Kremlin chưa lên tiếng về kết quả."),
}
PLACES = {"en": ("Vietnam", "Hanoi", "Vietnam and Laos"), "vi": ("Việt Nam", "Hà Nội", "Việt Nam và Lào")}
ELSEWHERE = {"en": ("Norland", "Sudmark", "Ostia"), "vi": ("Bắc Quốc", "Nam Quốc", "Tây Quốc")}
# Tone: the sentence that carries it.
SAYS = {
    ("en", "positive"): "Vietnam was praised for a great success.",
    ("en", "neutral"): "Vietnam gave the figures on Monday.",
    ("en", "negative"): "Vietnam was criticised for a bitter failure.",
    ("en", "mixed"): "Vietnam was praised for a success and criticised for a failure.",
    ("vi", "positive"): "Việt Nam được ca ngợi vì thành công lớn.",
    ("vi", "neutral"): "Việt Nam công bố số liệu hôm thứ Hai.",
    ("vi", "negative"): "Việt Nam bị chỉ trích vì thất bại cay đắng.",
    ("vi", "mixed"): "Việt Nam được ca ngợi vì thành công và bị chỉ trích vì thất bại.",
}
VOICE = {"positive": "own", "negative": "quoted", "mixed": "both", "neutral": ""}
VALENCE = {"economy": "good", "sport": "good", "environment": "bad", "world": "neutral"}


def write_data(data: Path) -> Path:
    """A data folder with four topics and a lexicon each in English, Vietnamese and Chinese."""
    (data / "lexicons").mkdir(parents=True)
    topics = "\n".join(f"  - {{id: {name}, vi: {name}, en: {name}}}" for name in TOPICS)
    (data / "taxonomy.yaml").write_text(f"topics:\n{topics}\n", encoding="utf-8")
    for language, content in LEXICONS.items():
        (data / "lexicons" / f"{language}.yaml").write_text(content, encoding="utf-8")
    return data


def examples() -> list[Example]:
    """48 articles: four topics, two languages, three places, every kind of relevance, tone and voice."""
    return list(_made())


def _made() -> Iterator[Example]:
    tones = ("positive", "neutral", "negative", "mixed")
    for (language, topic), (headline, text) in ABOUT.items():
        for at, (place, other) in enumerate(zip(PLACES[language], ELSEWHERE[language], strict=True)):
            relevance = "substantial" if at == 2 else "central"
            for step in range(2):
                tone = tones[(at + step + 2 * TOPICS.index(topic)) % 4]
                where = place if topic != "world" else other
                if topic == "world":
                    relevance, tone = ("none", "passing")[step], ""
                says = SAYS[language, tone] if tone else ""
                ending = f" {PLACES[language][0]}." if relevance == "passing" else ""
                document = Document(headline.format(where), f"{text.format(where)} {says}{ending}".strip(), language)
                yield Example(
                    id=f"{language}-{topic}-{at}-{step}",
                    corpus="made",
                    source=f"paper-{at}.example",
                    group=f"{topic}-{at}",
                    document=document,
                    topics=(topic,),
                    relevance=relevance,
                    tone=tone,
                    valence=VALENCE[topic],
                    voice=VOICE.get(tone, ""),
                )
