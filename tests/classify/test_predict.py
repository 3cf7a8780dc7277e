import json
import subprocess
import sys
import time
import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classify.learning.corpora import rows
from classify.predict import Classifier
from classify.registry import TASKS, put_in_service
from classify.text.lexicons import load_lexicons
from classify.text.reading import MAX_TEXT, MAX_TITLE
from classify.types import ABOUT, RELEVANCE, TONES, VALENCES, VOICES, Document, Prediction

TERMS = ["Việt Nam", "Hà Nội", "bóng đá", "ĐÀM PHÁN", "越南", "Vietnam", "trade", "“", "”", "’", ".\n", "ﬁ", "İ", "ß"]
# Any string at all: lone surrogates, NUL and unassigned characters among them.
ANY = st.characters()


def sound(classifier: Classifier, document: Document, prediction: Prediction) -> None:
    """What must be true of every prediction."""
    empty = not (document.title[:MAX_TITLE].strip() or document.text[:MAX_TEXT].strip())
    assert prediction.relevance in (*RELEVANCE, None)
    assert (prediction.relevance is None) == empty
    assert prediction.tone in (*TONES, None)
    assert (prediction.tone is None) == (prediction.relevance not in ABOUT)
    assert prediction.valence in (*VALENCES, None)
    assert prediction.voice in (*VOICES, None)
    assert prediction.voice is None or prediction.tone in ("positive", "negative", "mixed")
    assert len(set(prediction.topics)) == len(prediction.topics) <= 3
    assert set(prediction.topics) <= set(classifier.topics)
    assert "world" not in prediction.topics or prediction.relevance not in ABOUT
    assert all(0.0 <= value <= 1.0 for value in (*prediction.scores.values(), prediction.language_confidence))
    assert set(prediction.unmeasured) <= set(TASKS)
    assert prediction.model == classifier.version
    for span in prediction.evidence:
        whole = document.title if span.field == "title" else document.text
        assert 0 <= span.start < span.end <= len(whole)
        assert 0.0 <= span.weight <= 1.0
        assert whole[span.start : span.end].strip()
    json.dumps(prediction.as_dict())


def test_a_vietnamese_visit(classifier: Classifier) -> None:
    document = Document(
        "Thủ tướng hội đàm với Thủ tướng Trung Quốc",
        "Chiều 26/6, tại Bắc Kinh, hai bên nhất trí đưa quan hệ song phương Việt Nam - Trung Quốc lên tầm cao mới.",
    )
    prediction = classifier.predict(document)
    sound(classifier, document, prediction)
    assert (prediction.language, prediction.relevance, prediction.topics[0]) == ("vi", "central", "diplomacy")
    words = {document.text[s.start : s.end] for s in prediction.evidence if s.field == "text" and s.tag == "relevance"}
    assert "Việt Nam" in words


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_form_of_a_text_is_read_the_same(
    classifier: Classifier, form: Literal["NFC", "NFD", "NFKC", "NFKD"]
) -> None:
    title, text = "Việt Nam thắng Thái Lan", "Đội tuyển bóng đá Việt Nam “thắng” 2-0 trong trận đấu tối qua ở Huế’."
    document = Document(unicodedata.normalize(form, title), unicodedata.normalize(form, text))
    found, composed = classifier.predict(document), classifier.predict(Document(title, text))
    sound(classifier, document, found)
    assert found.topics == composed.topics == ("sport",)
    assert (found.relevance, found.tone, found.valence) == (composed.relevance, composed.tone, composed.valence)
    # Not equal: a decomposed text is longer, and how far into the text a name stands is counted in its characters.
    assert found.scores == pytest.approx(composed.scores, abs=0.02)
    named = [document.title[s.start : s.end] for s in found.evidence if s.tag == "relevance" and s.field == "title"]
    assert [unicodedata.normalize("NFC", word) for word in named] == ["Việt Nam"]


@pytest.mark.parametrize(
    ("newer", "older"), [("Hoà bình ở Thuỷ Nguyên", "Hòa bình ở Thủy Nguyên"), ("“Tin”, ‘vui’", "\"Tin\", 'vui'")]
)
def test_ways_of_writing_make_no_difference(classifier: Classifier, newer: str, older: str) -> None:
    one, two = (classifier.predict(Document(f"{words} của Việt Nam", words)) for words in (newer, older))
    assert (one.relevance, one.topics, one.tone, one.scores) == (two.relevance, two.topics, two.tone, two.scores)


def test_the_language_given_is_taken_at_its_word(classifier: Classifier) -> None:
    given_ = classifier.predict(Document("Vietnam trade", "Vietnam sold more rice.", "zh-Hant"))
    assert (given_.language, given_.language_confidence) == ("zh-Hant", 1.0)
    assert given_.unmeasured == classifier.predict(Document("越南", "", "zh")).unmeasured
    for nothing in (None, "", "und", "\x00", "12"):
        found = classifier.predict(Document("The president said that it would not be", "so for the talks", nothing))
        assert found.language == "en"
        assert found.language_confidence < 1.0


def test_what_was_not_measured_is_said(classifier: Classifier) -> None:
    assert set(classifier.predict(Document("Ուկրաինա", "Ուկրաինա", "hy")).unmeasured) == set(TASKS)
    vietnamese = classifier.predict(Document("Việt Nam", "Hà Nội mưa to.", "vi")).unmeasured
    assert not {"relevance", "topics", "tone"} & set(vietnamese)
    for task, model in classifier.models.items():
        assert (task in vietnamese) == ("vi" not in model.measured)


def test_predictions_name_their_version(
    classifier: Classifier, trained: Path, shared_data: Path, tmp_path: Path
) -> None:
    assert classifier.predict(Document("Vietnam", "")).model == classifier.version != ""
    assert Classifier.load(trained, shared_data).version == "1"
    (tmp_path / "topics").symlink_to(trained / "topics")
    put_in_service(tmp_path, "topics", "1")
    assert Classifier.load(tmp_path, shared_data).version == "top-1"
    assert Classifier.load(tmp_path / "none", shared_data, {}).version == "lexicon"


def test_without_models_the_lexicon_speaks_alone(tmp_path: Path, data_dir: Path) -> None:
    plain = Classifier.load(tmp_path, data_dir)
    document = Document("Vietnam GDP growth at 8%", "Vietnam's exports and foreign direct investment rose.")
    found = plain.predict(document)
    sound(plain, document, found)
    assert (plain.version, found.topics, found.unmeasured) == ("lexicon", ("economy",), TASKS)


def test_order_is_kept_in_batches_and_none_changes_another(classifier: Classifier) -> None:
    documents = [
        Document("Vietnam", "Hanoi"),
        Document("", ""),
        Document("Xin chào Việt Nam", ""),
        Document("越南", ""),
    ]
    many = documents * 70  # more than one batch
    assert classifier.predict_batch(many) == [classifier.predict(document) for document in documents] * 70
    assert classifier.predict_batch([]) == []


def test_the_same_text_has_the_same_answer_from_a_second_load(
    classifier: Classifier, models_dir: Path, data_dir: Path
) -> None:
    again = Classifier.load(models_dir, data_dir)
    documents = [
        Document("Việt Nam ký hiệp định thương mại", "Kim ngạch tăng 4%."),
        Document("Vietnam jails blogger", "x"),
    ]
    assert again.predict_batch(documents) == classifier.predict_batch(documents)


BAD = {
    "empty": "",
    "whitespace": " \n\t\u3000\u00a0 ",
    "a lone surrogate": "Việt Nam \ud800 thắng \udfff",
    "only surrogates": "\ud83c" * 50,
    "mixed scripts": "Việt Nam 越南 Вьетнам เวียดนาม Vietnam فيتنام ベトナム 베트남",
    "NUL": "Vietnam\x00 trade\x00\x00",
    "right to left": "\u202eفيتنام توقع اتفاقية تجارية مع شركائها\u202c",
    "emoji": "🇻🇳🎉👩‍👩‍👧‍👦⚽️",
    "digits": "12 345,67 %",
    "Javanese": "ꦮꦺꦠ꧀ꦤꦩ꧀ ꦱꦶꦤꦻꦴ ꦥꦼꦫꦗꦚ꧀ꦗꦶꦪꦤ꧀",
    "Amharic": "ቬትናም ከጎረቤቶቿ ጋር የንግድ ስምምነት ተፈራረመች።",
    "control characters": "\x01\x02\x1b[31mVietnam\x7f\u0085\u2028",
    "combining marks": "Vi\u0323\u0302et\u0301 " + "a" + "\u0301" * 3_000,
    "private use": "\ue000\uf8ff\U0010ffff",
}


@pytest.mark.parametrize("where", ["title", "text", "both"])
@pytest.mark.parametrize("name", BAD)
def test_bad_input_has_an_answer_or_a_stated_abstention(classifier: Classifier, name: str, where: str) -> None:
    text = BAD[name]
    document = Document(text if where != "text" else "", text if where != "title" else "")
    prediction = classifier.predict(document)
    sound(classifier, document, prediction)
    if not text.strip():
        nothing = (prediction.relevance, prediction.topics, prediction.tone, prediction.scores, prediction.evidence)
        assert nothing == (None, (), None, {}, ())
        assert (prediction.language, prediction.language_confidence) == ("und", 0.0)


@pytest.mark.parametrize("name", ["emoji", "Javanese", "private use", "only surrogates"])
def test_a_text_of_which_nothing_is_known_has_no_topic_and_says_it_is_unmeasured(
    classifier: Classifier, name: str
) -> None:
    found = classifier.predict(Document(BAD[name], BAD[name]))
    assert (found.language, found.topics) == ("und", ("world",))
    assert set(found.unmeasured) == set(TASKS)


def test_of_a_language_never_seen_the_name_of_vietnam_is_known_and_little_more(classifier: Classifier) -> None:
    found = classifier.predict(Document(BAD["Amharic"], BAD["Amharic"]))
    assert found.relevance != "none"
    assert {span.tag for span in found.evidence} <= {"relevance", "sentence:relevance"}
    assert set(found.unmeasured) == set(TASKS)


HUGE = {
    "one word": "a" * 10_000_000,
    "Vietnamese": "Việt Nam thắng trận. " * 500_000,
    "mentions": "vietnam " * 1_250_000,
    "quotation marks": "“" * 10_000_000,
    "characters": "越" * 10_000_000,
    "full stops": "." * 10_000_000,
    "marks": ".”" * 5_000_000,
    "lines": "\n" * 9_999_999 + "a",
    "surrogates": "\ud800" * 10_000_000,
    "combining": "\u0301" * 10_000_000,
    "negated praise": "not praised “success ” " * 450_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_texts_take_no_huge_time(classifier: Classifier, name: str) -> None:
    classifier.predict(Document("Hà Nội", "Warm."))  # the segmenter loads once
    document = Document(HUGE[name][:1_000_000], HUGE[name])
    started = time.process_time()
    prediction = classifier.predict(document)
    # Loose: what is read is capped (12,000 characters), so 10 MB cost no more than a long article, some 0.1 s here.
    assert time.process_time() - started < 2.0
    sound(classifier, document, prediction)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    title=st.text(ANY, max_size=80),
    text=st.text(ANY, max_size=300),
    language=st.sampled_from([None, "vi", "en", "zh", "th", "lo", "km", "xx", "zh-Hant", "", "\x00"])
    | st.text(max_size=5),
)
def test_any_text_has_a_sound_prediction(classifier: Classifier, title: str, text: str, language: str | None) -> None:
    document = Document(title, text, language)
    sound(classifier, document, classifier.predict(document))


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from(TERMS) | st.text(ANY, max_size=3), max_size=40))
def test_any_mixture_of_terms_has_sound_evidence(classifier: Classifier, words: list[str]) -> None:
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, " ".join(words))
        document = Document(text[:50], text)
        sound(classifier, document, classifier.predict(document))


HEAVY = {"sklearn", "pandas", "scipy", "underthesea", "py3langid", "numpy", "babel", "yaml"}


def modules_after(code: str, root: Path) -> set[str]:
    program = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=True, cwd=root, capture_output=True, text=True)
    return set(done.stdout.split())


def test_importing_is_cheap(root: Path) -> None:
    assert not modules_after("import classify, classify.types, classify.errors", root) & HEAVY


def test_predicting_needs_no_training_library(root: Path) -> None:
    code = (
        "from pathlib import Path; from classify.predict import Classifier; from classify.types import Document\n"
        "Classifier.load(Path('models'), Path('data')).predict(Document('Tin', 'Hà Nội mưa to.', 'vi'))"
    )
    loaded = modules_after(code, root)
    assert not loaded & {"sklearn", "pandas", "torch", "classify.learning", "classify.evaluation"}


def test_every_lexicon_loads(classifier: Classifier, data_dir: Path) -> None:
    lexicons = load_lexicons(data_dir, frozenset(classifier.topics))
    assert {"vi", "en"} <= set(lexicons.by_language)


@pytest.mark.shared
def test_naughty_strings(classifier: Classifier, shared: Path) -> None:
    texts = json.loads((shared / "corpora" / "naughty_strings" / "blns.json").read_text(encoding="utf-8"))
    documents = [Document(text, f"{text}\n{text}") for text in texts]
    for document, prediction in zip(documents, classifier.predict_batch(documents), strict=True):
        sound(classifier, document, prediction)


@pytest.mark.shared
def test_every_language_of_sib200(classifier: Classifier, shared: Path) -> None:
    seen: dict[str, int] = {}
    documents = []
    for row in rows(shared / "corpora" / "sib200" / "dev.jsonl.gz"):
        seen[row["lang"]] = seen.get(row["lang"], 0) + 1
        if seen[row["lang"]] <= 6:
            documents.append(Document("", row["text"], row["lang"] if seen[row["lang"]] % 2 else None))
    for document, prediction in zip(documents, classifier.predict_batch(documents), strict=True):
        sound(classifier, document, prediction)
    assert len(seen) == 33
