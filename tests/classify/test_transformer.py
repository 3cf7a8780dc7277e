"""The real encoder, with a tiny BERT of random weights made here. Skipped where the extra is not installed."""

import json
import re
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests_support.articles import examples

from classify.encoded import EncoderModel
from classify.errors import ModelError
from classify.learning.train import train
from classify.predict import Classifier
from classify.registry import TASKS, put_in_service
from classify.transformer import TransformerEncoder, load_encoder
from classify.types import Document

WIDTH, LONGEST = 32, 40
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
SPORT = Document("Football side of Vietnam wins", "The football players of Vietnam scored two goals.", "en")
FLOOD = Document("Flood reaches Hanoi", "The flood covered roads in Hanoi after heavy rain.", "en")


def write_bert(folder: Path, seed: int = 7, **config: object) -> Path:
    """A BERT of two layers whose pieces are the words of the made-up articles, and letters."""
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    folder.mkdir(parents=True)
    letters = "abcdefghijklmnopqrstuvwxyzđ"
    texts = " ".join(f"{one.document.title} {one.document.text}" for one in examples())
    bare = "".join(char for char in unicodedata.normalize("NFD", texts.lower()) if not unicodedata.combining(char))
    pieces = [*SPECIAL, *letters, *(f"##{letter}" for letter in letters), *"贸易越南.,"]
    pieces += sorted(set(re.findall(r"\w{2,}", bare)))
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    transformers.utils.logging.disable_progress_bar()
    torch.manual_seed(seed)
    shape = transformers.BertConfig(
        vocab_size=len(pieces), hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=LONGEST + 2, **config,
    )  # fmt: skip
    transformers.BertModel(shape).save_pretrained(folder)
    transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bert(tmp_path_factory.mktemp("encoders") / "tiny-bert")


@pytest.fixture
def encoder(folder: Path) -> TransformerEncoder:
    return load_encoder(str(folder))


@pytest.fixture(scope="session")
def heads(tmp_path_factory: pytest.TempPathFactory, shared_data: Path, folder: Path) -> Path:
    """A models folder with a head on the tiny BERT for every task; not to be written to."""
    models = tmp_path_factory.mktemp("heads")
    train(examples(), models, "1", shared_data, encoder=load_encoder(str(folder)))
    for task in TASKS:
        put_in_service(models, task, "1")
    return models


def test_texts_become_vectors(encoder: TransformerEncoder) -> None:
    found = encoder.encode(["football players", "flood", ""])
    assert found.dtype == np.float32
    assert found.shape == (3, WIDTH)
    assert np.isfinite(found).all()
    assert np.abs(found[0] - found[1]).max() > 0.01
    assert encoder.encode([]).shape == (0, WIDTH)


def test_the_same_text_has_the_same_vector_in_any_company(encoder: TransformerEncoder) -> None:
    texts = [f"{'players scored goals in the river ' * (at % 5)}flood {at}" for at in range(40)]
    together = encoder.encode(texts)
    np.testing.assert_array_equal(together, encoder.encode(texts))
    for at in (0, 1, 17, 39):
        np.testing.assert_allclose(encoder.encode([texts[at]])[0], together[at], atol=1e-5)


def test_what_is_beyond_the_longest_is_not_read(encoder: TransformerEncoder) -> None:
    start = "flood " * (LONGEST - 2)  # two places are for the marks at both ends
    long = encoder.encode([start + "players " * 100_000])
    np.testing.assert_array_equal(long, encoder.encode([start]))
    assert np.abs(long - encoder.encode(["players " + start])).max() > 1e-4


def test_pieces_have_places_and_sum_to_the_vector(encoder: TransformerEncoder) -> None:
    text = "Lũ lụt, football zyx 贸易"
    pieces = encoder.pieces(text)
    assert [text[piece.start : piece.end] for piece in pieces] == [
        "Lũ", "lụt", ",", "football", "z", "y", "x", "贸", "易"
    ]  # fmt: skip
    # The rest is what the marks at both ends say.
    rest = encoder.encode([text])[0] - sum(piece.share for piece in pieces)
    ids = encoder._tokenizer.encode_batch([text])[0].ids
    said, _ = encoder._vectors([ids])
    np.testing.assert_allclose(rest, (said[0, 0] + said[0, -1]) / len(ids), atol=1e-5)
    assert encoder.pieces("") == []


@pytest.mark.parametrize("text", ["\ud800 flood \udfff", "\x00\x01", "🙂" * 500, " ", "e\u0301" * 300])
def test_any_string_can_be_read(encoder: TransformerEncoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()
    assert all(0 <= piece.start < piece.end <= len(text) for piece in encoder.pieces(text))


def test_a_text_without_pieces_is_nothing(encoder: TransformerEncoder) -> None:
    """As read by a model that does not mark the ends of a text."""
    tokenizers = pytest.importorskip("tokenizers")
    cutter = tokenizers.Tokenizer.from_str(encoder._tokenizer.to_str())
    cutter.post_processor = tokenizers.processors.Sequence([])
    unmarked = replace(encoder, _tokenizer=cutter)
    (piece,) = unmarked.pieces("flood")
    np.testing.assert_allclose(unmarked.encode(["flood"])[0], piece.share, atol=1e-6)
    assert not unmarked.encode(["", "flood"])[0].any()
    assert not unmarked.encode([""]).any()
    assert unmarked.pieces("") == []


def test_it_is_named_by_its_folder_and_known_by_its_files(
    encoder: TransformerEncoder, folder: Path, tmp_path: Path
) -> None:
    assert encoder.name == "tiny-bert"
    assert (len(encoder.digest), encoder.width) == (64, WIDTH)
    assert load_encoder(str(folder)) is encoder
    same, other = write_bert(tmp_path / "same"), write_bert(tmp_path / "other", seed=8)
    assert load_encoder(str(same)).digest == encoder.digest
    assert load_encoder(str(other)).digest != encoder.digest


def test_a_name_is_found_in_the_local_cache(
    encoder: TransformerEncoder, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `hf download` leaves it there. A connection would fail the test."""
    cached = tmp_path / "models--fictional--tiny"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs" / "main").write_text("0" * 40, encoding="utf-8")
    (cached / "snapshots" / ("0" * 40)).mkdir(parents=True)
    for path in folder.iterdir():
        (cached / "snapshots" / ("0" * 40) / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    found = load_encoder("fictional/tiny")
    assert (found.name, found.digest) == ("fictional/tiny", encoder.digest)
    np.testing.assert_array_equal(found.encode(["flood"]), encoder.encode(["flood"]))


def test_a_folder_without_a_model_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=rf"{tmp_path} has no \*\.safetensors"):
        load_encoder(str(tmp_path))
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="no usable model"):
        load_encoder(str(tmp_path))


def test_weights_as_pickle_are_not_read(folder: Path, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"has no \*\.safetensors"):
        load_encoder(str(tmp_path))


@pytest.mark.parametrize("name", ["no-such/model", "./not here", "a/b/c", ""])
def test_a_name_that_is_nowhere_is_not_asked_for_elsewhere(name: str) -> None:
    pytest.importorskip("torch")
    with pytest.raises(ModelError, match=r"neither a folder nor a model in the local cache|has no \*\.safetensors"):
        load_encoder(name)


def test_what_is_no_encoder_is_refused(tmp_path: Path) -> None:
    folder = write_bert(tmp_path / "two-halves")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "is_encoder_decoder": True}), encoding="utf-8")
    with pytest.raises(ModelError, match="an encoder with a fast tokenizer is needed"):
        load_encoder(str(folder))


def test_without_the_extra_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelError, match=r"pip install 'diembao\[transformer\]'"):
        load_encoder("anything at all")


def test_heads_on_it_answer_with_reasons(heads: Path, shared_data: Path, folder: Path) -> None:
    classifier = Classifier.load(heads, shared_data, transformer=str(folder))
    assert all(type(model) is EncoderModel for model in classifier.models.values())
    sport, flood = classifier.predict_batch([SPORT, FLOOD])
    assert (sport.topics[0], flood.topics[0]) == ("sport", "environment")
    assert sport.relevance in ("central", "substantial")
    words = {span.tag for span in sport.evidence}
    assert {"topic:sport", "sentence:topic:sport", "relevance"} <= words
    assert all(span.end <= len(SPORT.title if span.field == "title" else SPORT.text) for span in sport.evidence)
    assert Classifier.load(heads, shared_data, transformer=str(folder)).predict_batch([SPORT, FLOOD]) == [sport, flood]


def test_learning_twice_gives_the_same_bytes(tmp_path: Path, heads: Path, shared_data: Path, folder: Path) -> None:
    train(examples(), tmp_path, "1", shared_data, ("topics", "tone"), encoder=load_encoder(str(folder)))
    for name in ("topics/1/weights.npz", "tone/1/weights.npz", "tone/1/manifest.json"):
        assert (tmp_path / name).read_bytes() == (heads / name).read_bytes()


def test_one_altered_weight_and_the_heads_are_refused(
    heads: Path, shared_data: Path, folder: Path, tmp_path: Path
) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = bytearray((tmp_path / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(weights)
    with pytest.raises(ModelError, match="was learned on the transformer 'tiny-bert'"):
        Classifier.load(heads, shared_data, transformer=str(tmp_path))
