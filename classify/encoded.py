"""Models learned on an encoder's vectors: a linear head on what a pretrained model says of a text, and on the numbers.

A head is a `LinearModel` whose columns are the numbers of a document, then its vector; so it is learned, calibrated,
saved and asked as the models on words are. What it needs besides is the very encoder that it was learned on.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from classify.errors import ModelError
from classify.features.extract import Features
from classify.linear import LinearModel, load_linear
from classify.registry import Artifact
from classify.text.folding import fold_term
from classify.text.matching import UNSPACED

if TYPE_CHECKING:
    from classify.transformer import Stored

Floats = NDArray[np.float32]
WORD = re.compile(r"[^\W\d_]+")
# The lengths of a row's parts: the numbers as long as for models on words, the vector (`*`) as their words together.
NUMBER = "number"
LENGTHS = {NUMBER: 1.0, "*": 1.6}
KEY = "encoder"


class Piece(Protocol):
    """A word piece: characters `start` to `end` of a text, and its share of the text's vector (width,)."""

    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def share(self) -> Floats: ...  # noqa: D102


class Encoder(Protocol):
    """What reads texts: `transformer.TransformerEncoder`, or a smaller one in tests."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def digest(self) -> str:
        """The SHA-256 of its files."""

    @property
    def width(self) -> int:
        """How many numbers a vector has."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """One vector a text (n, width)."""

    def pieces(self, text: str) -> Sequence[Piece]:
        """The word pieces of a text, with what each adds to its vector."""


@dataclass(frozen=True)
class EncoderModel(LinearModel):
    """A head with its encoder. It reads texts that were not read before it is asked about them."""

    encoder: Encoder = field(kw_only=True)

    def log_odds(self, rows: Sequence[Features]) -> Floats:
        """The scores (rows, classes) before they become probabilities."""
        return super().log_odds(joined(encoded(self.encoder, rows)))

    def knows(self, features: Features) -> bool:
        """Whether there is a word to read: an encoder knows every word by its pieces."""
        return WORD.search(features.text) is not None

    def reasons(self, features: Features, name: str, most: int) -> list[tuple[str, float]]:
        """Up to `most` words that spoke for class `name`, each with what its pieces added to the score.

        A vector is the mean over pieces and the head is linear, so this is exact; but the encoder lets every piece
        speak of its surroundings, too: a word stands for itself in its sentence.
        """
        own = self.weights[:, self.classes.index(name)]
        weights = own - self.weights.mean(axis=1) if self.kind == "one" else own
        text = _readable(features)
        pieces = self.encoder.pieces(text)
        direction = (self.vectoriser.scale * weights)[-self.encoder.width :]
        usual = self.vectoriser.mean[-self.encoder.width :] / max(1, len(pieces))
        shares: defaultdict[str, float] = defaultdict(float)
        for piece, word in zip(pieces, _words(pieces, text, features.language), strict=True):
            if word:
                shares["w:" + word] += float((piece.share - usual) @ direction)
        ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(word, share) for word, share in ranked[:most] if share > 0]


def encoded(encoder: Encoder | None, rows: Sequence[Features]) -> list[Features]:
    """The rows, each with its vector; those that have one, and all without an encoder, as they are."""
    if encoder is None:
        return list(rows)
    missing = [at for at, row in enumerate(rows) if row.vector is None]
    filled, found = list(rows), encoder.encode([_readable(rows[at]) for at in missing])
    for at, vector in zip(missing, found, strict=True):
        filled[at] = replace(rows[at], vector=vector)
    return filled


def joined(rows: Iterable[Features]) -> list[Features]:
    """Rows with vectors as a head sees them: no words, the vector after the numbers."""
    return [replace(row, bag=Counter(), numbers=np.concatenate([row.numbers, _vector(row)])) for row in rows]


def stated(encoder: Encoder | None) -> dict[str, Any]:
    """What the manifest of a head says of its encoder; nothing for a model on words."""
    return {KEY: {"name": encoder.name, "sha256": encoder.digest, "width": encoder.width}} if encoder else {}


def encoder_for(artifacts: Iterable[Artifact], name: str) -> Encoder | None:
    """The encoder that the heads among the artifacts were learned on; None when all are models on words.

    `name` is the setting `transformer`. Raises ModelError as `find_encoder` does.
    """
    if find_encoder(artifacts, name) is None:
        return None
    from classify import transformer

    return transformer.load_encoder(name)


def find_encoder(artifacts: Iterable[Artifact], name: str) -> "Stored | None":
    """The same on disk, not loaded. Raises ModelError when `name` is empty or another encoder than the heads'."""
    heads = [artifact for artifact in artifacts if KEY in artifact.manifest]
    if not heads:
        return None
    wanted: Mapping[str, Any] = heads[0].manifest[KEY]
    if not name:
        raise ModelError(
            f"{heads[0].name} was learned on the transformer {wanted['name']!r}: set `transformer` to its folder or "
            "name, or go back with `diembao models rollback`"
        )
    from classify import transformer

    found = transformer.stored(name)
    for head in heads:
        _check(head, found)
    return found


def _check(head: Artifact, encoder: "Encoder | Stored") -> None:
    wanted = head.manifest[KEY]
    if wanted["sha256"] != encoder.digest:
        raise ModelError(
            f"{head.name} was learned on the transformer {wanted['name']!r} (SHA-256 {wanted['sha256']:.12}), not on "
            f"{encoder.name!r} ({encoder.digest:.12}): set `transformer` to the first, or retrain"
        )


def load_model(artifact: Artifact, names: Sequence[str], encoder: Encoder | None) -> LinearModel:
    """The model of a verified artifact, a head with its encoder. `names` are those of a document's numbers."""
    if KEY not in artifact.manifest:
        return load_linear(artifact, len(names), names)
    if encoder is None:
        raise ModelError(f"{artifact.name} needs the transformer {artifact.manifest[KEY]['name']!r}")
    _check(artifact, encoder)
    head = load_linear(artifact, len(names) + encoder.width)
    parts = {part.name: getattr(head, part.name) for part in fields(LinearModel) if part.init}
    return EncoderModel(**parts, encoder=encoder)


def _vector(row: Features) -> Floats:
    assert row.vector is not None  # noqa: S101 - `encoded` came before
    return row.vector


def _readable(row: Features) -> str:
    # Composed letters: pieces are learned on them, and a word's letters stay together.
    return unicodedata.normalize("NFC", row.text)


def _words(pieces: Sequence[Piece], text: str, language: str) -> Iterable[str]:
    """The folded word that each piece is of, "" for marks and figures; in unspaced languages the piece itself."""
    if language in UNSPACED:
        for piece in pieces:
            found = WORD.search(text, piece.start, piece.end)
            yield fold_term(found.group()) if found else ""
        return
    words = {at: word.group() for word in WORD.finditer(text) for at in range(word.start(), word.end())}
    for piece in pieces:
        # A piece may begin with the space before its word.
        yield fold_term(next((words[at] for at in range(piece.start, piece.end) if at in words), ""))
