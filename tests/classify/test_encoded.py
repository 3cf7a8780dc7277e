"""Heads on an encoder's vectors, with a small encoder that needs no library; the real one: test_transformer.py."""

import shutil
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests_support.articles import TOPICS, examples
from tests_support.encoders import WIDTH, WordEncoder

from classify import transformer
from classify.encoded import EncoderModel, encoded, encoder_for, find_encoder, joined, load_model, stated
from classify.errors import ModelError
from classify.features.extract import Features, extract
from classify.features.numbers import names
from classify.learning.train import train
from classify.linear import LinearModel
from classify.predict import Classifier
from classify.registry import TASKS, open_artifact, put_in_service
from classify.text.lexicons import Lexicons
from classify.types import Document

SPORT = Document("Football side of Vietnam wins", "The football players of Vietnam scored two goals.", "en")
FLOOD = Document("Flood reaches Hanoi", "The flood covered roads in Hanoi after heavy rain.", "en")
NUMBERS = len(names(TOPICS))


@pytest.fixture(scope="session")
def heads(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """A models folder with a head for every task in service; not to be written to."""
    models = tmp_path_factory.mktemp("heads")
    train(examples(), models, "1", shared_data, encoder=WordEncoder())
    for task in TASKS:
        put_in_service(models, task, "1")
    return models


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> WordEncoder:
    """What any setting `transformer` finds and loads."""
    found = WordEncoder()
    serve(monkeypatch, found)
    return found


def serve(monkeypatch: pytest.MonkeyPatch, found: WordEncoder) -> None:
    monkeypatch.setattr(transformer, "stored", lambda name: found)
    monkeypatch.setattr(transformer, "load_encoder", lambda name: found)


@pytest.fixture
def topics(heads: Path) -> EncoderModel:
    model = load_model(open_artifact(heads, "topics", "1"), names(TOPICS), WordEncoder())
    assert isinstance(model, EncoderModel)
    return model


def features(document: Document, lexicons: Lexicons) -> Features:
    return extract(document, str(document.language), lexicons.get(str(document.language)), TOPICS)[1]


def test_a_row_is_the_numbers_then_the_vector() -> None:
    row = Features("en", Counter(["w:rice"]), np.array([1.0, 2.0], dtype=np.float32), "Rice")
    (found,) = joined(encoded(WordEncoder(), [row]))
    assert found.bag == Counter()
    np.testing.assert_array_equal(found.numbers[:2], [1.0, 2.0])
    np.testing.assert_array_equal(found.numbers[2:], WordEncoder().encode(["Rice"])[0])


def test_what_has_a_vector_is_not_read_again() -> None:
    row = Features("en", Counter(), np.zeros(1, dtype=np.float32), "Rice")
    encoder = WordEncoder()
    once = encoded(encoder, [row, replace(row, text="Goal")])
    again = encoded(encoder, [*once, replace(row, text="Flood")])
    assert encoder.read == ["Rice", "Goal", "Flood"]
    np.testing.assert_array_equal(again[1].vector, once[1].vector)
    assert encoded(None, [row]) == [row]


def test_decomposed_letters_are_read_composed() -> None:
    row = Features("vi", Counter(), np.zeros(1, dtype=np.float32), unicodedata.normalize("NFD", "Bóng đá"))
    encoder = WordEncoder()
    encoded(encoder, [row])
    assert encoder.read == ["Bóng đá"]


def test_a_head_answers_as_it_was_taught(topics: EncoderModel, lexicons: Lexicons) -> None:
    found = topics.probabilities([features(SPORT, lexicons), features(FLOOD, lexicons)])
    assert [topics.classes[at] for at in found.argmax(axis=1)] == ["sport", "environment"]
    assert found.max(axis=1).min() > 0.5
    assert topics.probabilities([]).shape == (0, len(TOPICS))


def test_the_vector_speaks_for_words_that_no_list_has(topics: EncoderModel) -> None:
    blank = Features("en", Counter(), topics.vectoriser.mean[:NUMBERS])
    found = topics.probabilities([replace(blank, text="players scored goals"), replace(blank, text="river roads rain")])
    assert [topics.classes[at] for at in found.argmax(axis=1)] == ["sport", "environment"]


@pytest.mark.parametrize("task", ["topics", "valence"])
def test_reasons_sum_to_what_the_vector_added(heads: Path, lexicons: Lexicons, task: str) -> None:
    """Every word is named when many are asked for; those that spoke against are what is left of the sum."""
    model = load_model(open_artifact(heads, task, "1"), names(TOPICS), WordEncoder())
    assert isinstance(model, EncoderModel)
    row = features(SPORT, lexicons)
    given = dict(model.reasons(row, model.classes[1], 1_000))
    assert given
    assert all(share > 0 and word.startswith("w:") for word, share in given.items())
    odds = model.log_odds([row])[0]
    # Without the word its share is missing: nothing else changes when one piece is replaced by the usual one.
    word, share = next(iter(given.items()))
    usual = model.vectoriser.mean[-WIDTH:]
    pieces = WordEncoder().pieces(row.text)
    own = [piece for piece in pieces if row.text[piece.start : piece.end].lower() == word.removeprefix("w:")]
    vector = WordEncoder().encode([row.text])[0] - sum(piece.share - usual / len(pieces) for piece in own)
    without = model.log_odds([replace(row, vector=vector)])[0]
    lost = odds - without
    expected = lost[1] - lost.mean() if model.kind == "one" else lost[1]
    assert share == pytest.approx(float(expected), rel=1e-3)


def test_reasons_are_strongest_first_and_no_more_than_asked(topics: EncoderModel, lexicons: Lexicons) -> None:
    found = topics.reasons(features(SPORT, lexicons), "sport", 3)
    assert len(found) == 3
    assert [share for _, share in found] == sorted((share for _, share in found), reverse=True)
    assert {word for word, _ in found} & {"w:football", "w:players", "w:scored", "w:goals", "w:two"}
    assert topics.reasons(Features("en", Counter(), np.zeros(NUMBERS, dtype=np.float32), ""), "sport", 3) == []


def test_in_an_unspaced_language_each_piece_is_a_word(topics: EncoderModel) -> None:
    row = Features("zh", Counter(), np.zeros(NUMBERS, dtype=np.float32), "越南 贸易 2026")
    assert {word for name in TOPICS for word, _ in topics.reasons(row, name, 9)} == {"w:越南", "w:贸易"}


def test_a_text_without_letters_is_not_known(topics: EncoderModel) -> None:
    row = Features("en", Counter(), np.zeros(NUMBERS, dtype=np.float32))
    assert topics.knows(replace(row, text="Zyxwq\n"))
    assert not topics.knows(replace(row, text="12 : 30 !\n"))


def test_the_classifier_answers_with_reasons(heads: Path, shared_data: Path, encoder: WordEncoder) -> None:
    classifier = Classifier.load(heads, shared_data, transformer="any")
    sport, flood = classifier.predict_batch([SPORT, FLOOD])
    assert (sport.topics[0], flood.topics[0]) == ("sport", "environment")
    # Five tasks, one reading.
    assert len(encoder.read) == 2
    tagged = {SPORT.text[span.start : span.end] for span in sport.evidence
              if span.tag == "topic:sport" and span.field == "text"}  # fmt: skip
    tagged |= {SPORT.title[span.start : span.end] for span in sport.evidence
               if span.tag == "topic:sport" and span.field == "title"}  # fmt: skip
    assert len(tagged) >= 2
    assert any(span.tag == "sentence:topic:sport" for span in sport.evidence)
    assert classifier.predict(SPORT) == sport


@pytest.mark.parametrize("text", ["", " \n", "\ud800 Vietnam \udfff", "貿易 Việt Nam النفط 12", "x " * 200_000])
def test_any_text_gets_an_answer(heads: Path, shared_data: Path, encoder: WordEncoder, text: str) -> None:
    prediction = Classifier.load(heads, shared_data, transformer="any").predict(Document("", text))
    assert (prediction.relevance is None) == (not text.strip())
    assert all(0 <= score <= 1 for score in prediction.scores.values())


def test_words_and_heads_serve_together(
    tmp_path: Path, trained: Path, heads: Path, shared_data: Path, encoder: WordEncoder
) -> None:
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    shutil.copytree(heads / "tone" / "1", tmp_path / "tone" / "2")
    assert Classifier.load(tmp_path, shared_data, {"tone": "1"}, "any").encoder is None
    mixed = Classifier.load(tmp_path, shared_data, {"tone": "2"}, "any")
    assert type(mixed.models["tone"]) is EncoderModel
    assert type(mixed.models["topics"]) is LinearModel
    assert mixed.predict(SPORT).topics[0] == "sport"


def test_without_heads_no_encoder_is_loaded(trained: Path, shared_data: Path) -> None:
    assert Classifier.load(trained, shared_data, transformer="nowhere").encoder is None


def test_a_head_without_its_encoder_is_refused(heads: Path, shared_data: Path) -> None:
    with pytest.raises(ModelError, match=r"relevance-1 was learned on the transformer 'words': set `transformer`"):
        Classifier.load(heads, shared_data)
    with pytest.raises(ModelError, match="topics-1 needs the transformer 'words'"):
        load_model(open_artifact(heads, "topics", "1"), names(TOPICS), None)


def test_a_head_with_another_encoder_is_refused(
    heads: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(monkeypatch, WordEncoder(salt="other"))
    with pytest.raises(ModelError, match=r"learned on the transformer 'words' \(SHA-256 \w{12}\), not on 'wordsother'"):
        Classifier.load(heads, shared_data, transformer="any")
    with pytest.raises(ModelError, match="not on 'wordsother'"):
        load_model(open_artifact(heads, "topics", "1"), names(TOPICS), WordEncoder(salt="other"))


def test_the_manifest_names_the_encoder(heads: Path) -> None:
    said = open_artifact(heads, "tone", "1").manifest["encoder"]
    assert said == {"name": "words", "sha256": WordEncoder().digest, "width": WIDTH}
    assert stated(None) == {}
    assert encoder_for([], "") is None
    assert find_encoder([], "nowhere") is None


def test_learning_twice_gives_the_same_bytes(tmp_path: Path, heads: Path, shared_data: Path) -> None:
    train(examples(), tmp_path, "1", shared_data, ("topics",), encoder=WordEncoder())
    for name in ("weights.npz", "words.json", "manifest.json"):
        assert (tmp_path / "topics" / "1" / name).read_bytes() == (heads / "topics" / "1" / name).read_bytes()
