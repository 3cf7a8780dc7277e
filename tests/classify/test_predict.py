import json
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.corpora import rows
from classify.text.lexicons import load_lexicons
from classify.predict import Classifier
from classify.types import RELEVANCE, TONES, Document, Prediction

# The shipped classifier, for property tests may not take fixtures.
DATA = Path(__file__).resolve().parents[2] / "data"
MODELS = DATA.parent / "models"
SHIPPED = Classifier.load(MODELS, DATA)


TERMS = ["Việt Nam", "Hà Nội", "bóng đá", "ĐÀM PHÁN", "越南", "Vietnam", "trade", "“", "”", ".\n", "ﬁ", "İ", "ß"]


def sound(document: Document, prediction: Prediction) -> None:
    """What must be true of every prediction."""
    ids = {topic.id for topic in SHIPPED.taxonomy}
    assert prediction.relevance in (*RELEVANCE, None)
    assert prediction.tone in (*TONES, None)
    assert (prediction.tone is None) == (prediction.relevance not in ("central", "substantial"))
    assert len(prediction.topics) <= 3
    assert set(prediction.topics) <= ids
    assert len(set(prediction.topics)) == len(prediction.topics)
    assert all(0.0 <= value <= 1.0 for value in prediction.scores.values())
    assert len(prediction.evidence) <= 12
    for span in prediction.evidence:
        whole = document.title if span.field == "title" else document.text
        assert 0 <= span.start < span.end <= len(whole)
        assert 0.0 <= span.weight <= 1.0
        assert whole[span.start : span.end].strip()
    json.dumps(prediction.as_dict())


def test_a_vietnamese_visit() -> None:
    document = Document(
        "Thủ tướng hội đàm với Thủ tướng Trung Quốc",
        "Chiều 26/6, tại Bắc Kinh, hai bên nhất trí đưa quan hệ song phương Việt Nam - Trung Quốc lên tầm cao mới.",
    )
    prediction = SHIPPED.predict(document)
    sound(document, prediction)
    assert prediction.language == "vi"
    assert prediction.relevance == "central"
    assert prediction.topics[0] == "diplomacy"
    words = {document.text[s.start : s.end] for s in prediction.evidence if s.field == "text" and s.tag == "relevance"}
    assert "Việt Nam" in words


def test_the_work_of_external_information_has_its_topic() -> None:
    document = Document(
        "Tổng kết công tác thông tin đối ngoại", "Hội nghị đánh giá công tác thông tin đối ngoại năm 2026."
    )
    assert SHIPPED.predict(document).topics[0] == "external_info"


def test_decomposed_text_is_read_the_same() -> None:
    title, text = "Việt Nam thắng Thái Lan", "Đội tuyển bóng đá Việt Nam thắng 2-0 trong trận đấu tối qua."
    composed = SHIPPED.predict(Document(title, text))
    document = Document(unicodedata.normalize("NFD", title), unicodedata.normalize("NFD", text))
    decomposed = SHIPPED.predict(document)
    sound(document, decomposed)
    assert decomposed.topics == composed.topics == ("sport",)


def test_an_empty_document_is_nothing() -> None:
    prediction = SHIPPED.predict(Document("", "", None))
    assert (prediction.language, prediction.relevance, prediction.topics, prediction.tone) == ("und", None, (), None)


def test_predictions_name_their_version() -> None:
    assert SHIPPED.predict(Document("Vietnam", "")).model == SHIPPED.version
    assert SHIPPED.version.endswith("lexicon")


def test_without_models_the_lexicon_speaks_alone(tmp_path: Path) -> None:
    plain = Classifier.load(tmp_path, DATA)
    document = Document("Vietnam GDP growth at 8%", "Vietnam's exports and foreign direct investment rose.")
    assert plain.version == "lexicon"
    assert plain.predict(document).topics == ("economy",)


def test_order_is_kept_in_a_batch() -> None:
    documents = [Document("Vietnam", "Hanoi"), Document("", ""), Document("Xin chào Việt Nam", "")]
    assert SHIPPED.predict_batch(documents) == [SHIPPED.predict(document) for document in documents]


@settings(max_examples=150, deadline=None)
@given(
    title=st.text(st.characters(), max_size=80),
    text=st.text(st.characters(), max_size=300),
    language=st.sampled_from([None, "vi", "en", "zh", "th", "lo", "km", "xx", "zh-Hant", "", "\x00"]),
)
def test_any_text_has_a_sound_prediction(title: str, text: str, language: str | None) -> None:
    document = Document(title, text, language)
    sound(document, SHIPPED.predict(document))


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from(TERMS), max_size=40))
def test_any_mixture_of_terms_has_sound_evidence(words: list[str]) -> None:
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, " ".join(words))
        document = Document(text[:50], text)
        sound(document, SHIPPED.predict(document))


@pytest.mark.parametrize("text", ["a" * 2_000_000, "việt nam " * 200_000, "“" * 100_000, "越" * 500_000, "." * 300_000])
def test_huge_texts_take_no_huge_time(text: str) -> None:
    started = time.perf_counter()
    sound(Document("", text), SHIPPED.predict(Document("", text)))
    assert time.perf_counter() - started < 5.0


def test_importing_is_cheap() -> None:
    heavy = "{'sklearn', 'pandas', 'scipy', 'underthesea', 'py3langid', 'numpy'}"
    code = f"import sys, classify, classify.types; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=DATA.parent).returncode == 0


def test_predicting_needs_no_training_library() -> None:
    code = (
        "import sys; from pathlib import Path; from classify.predict import Classifier;"
        "from classify.types import Document;"
        "Classifier.load(Path('models'), Path('data')).predict(Document('Việt Nam', 'Hà Nội mưa to.'));"
        "sys.exit(bool({'sklearn', 'pandas', 'scipy', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=DATA.parent).returncode == 0


def test_every_lexicon_loads() -> None:
    lexicons = load_lexicons(DATA, frozenset(topic.id for topic in SHIPPED.taxonomy))
    assert {"vi", "en"} <= set(lexicons.by_language)


@pytest.mark.shared
def test_naughty_strings(shared: Path) -> None:
    for text in json.loads((shared / "corpora" / "naughty_strings" / "blns.json").read_text(encoding="utf-8")):
        document = Document(text, f"{text}\n{text}")
        sound(document, SHIPPED.predict(document))


@pytest.mark.shared
def test_every_language_of_sib200(shared: Path) -> None:
    seen: dict[str, int] = {}
    for row in rows(shared / "corpora" / "sib200" / "dev.jsonl.gz"):
        seen[row["lang"]] = seen.get(row["lang"], 0) + 1
        if seen[row["lang"]] <= 10:
            document = Document("", row["text"], row["lang"] if seen[row["lang"]] % 2 else None)
            sound(document, SHIPPED.predict(document))
    assert len(seen) == 33


def test_what_is_shipped_is_small_and_has_its_card() -> None:
    folder = MODELS / "topics" / json.loads((MODELS / "current.json").read_text(encoding="utf-8"))["topics"]
    assert sum(path.stat().st_size for path in folder.iterdir()) < 8_000_000
    assert "Never use it for" in (folder / "CARD.md").read_text(encoding="utf-8")
    assert json.loads((folder / "metrics.json").read_text(encoding="utf-8"))["scores"]
