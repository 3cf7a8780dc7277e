"""A pretrained transformer as a reader of texts: each becomes one vector. Needs the extra `transformer`.

Nothing is downloaded: the model is a folder, or a name that `hf download` has put into the local cache. Only
safetensors are read, and no code of the model's is run.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.errors import ModelError
from classify.text.folding import replace_surrogates

Floats = NDArray[np.float32]
# Word pieces read of a text: some 1,000 characters, the headline, the lead and what follows. Time grows with them.
MOST_PIECES = 256
BATCH = 16
# What a vector follows from: weights, shape and the way text is cut. Cards and the like may change.
PARTS = ("*.safetensors", "config.json", "tokenizer.json")


@dataclass(frozen=True)
class Piece:
    """A word piece of a text: characters `start` to `end`, and its share of the text's vector (width,)."""

    start: int
    end: int
    share: Floats


@dataclass(frozen=True)
class TransformerEncoder:
    """Texts -> vectors of `width` numbers: the mean of what the last layer says of each word piece.

    `name` is what people call the model, `digest` the SHA-256 of its files: heads learned on one fit no other.
    """

    name: str
    digest: str
    width: int
    _model: Any = field(repr=False)
    _tokenizer: Any = field(repr=False)

    def encode(self, texts: Sequence[str]) -> Floats:
        """One vector a text (n, width); what is beyond 256 word pieces is not read."""
        found = np.zeros((len(texts), self.width), dtype=np.float32)
        cut = self._tokenizer.encode_batch([replace_surrogates(text) for text in texts])
        # Texts of like length together: the short ones of a batch are filled up to its longest.
        order = sorted(range(len(cut)), key=lambda at: len(cut[at].ids))
        for first in range(0, len(order), BATCH):
            some = order[first : first + BATCH]
            found[some] = self._vectors([cut[at].ids for at in some])[1]
        return found

    def pieces(self, text: str) -> list[Piece]:
        """The word pieces of one text and what each adds to its vector: with the marks at both ends they sum to it."""
        (cut,) = self._tokenizer.encode_batch([replace_surrogates(text)])
        said = self._vectors([cut.ids])[0][0, : len(cut.ids)] / max(1, len(cut.ids))
        spans = zip(cut.offsets, said, cut.special_tokens_mask, strict=True)
        return [Piece(start, end, share) for (start, end), share, special in spans if not special]

    def _vectors(self, ids: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
        """What is said of each piece (n, longest, width), and the means (n, width)."""
        import torch

        longest = max(1, *map(len, ids))  # not every model marks the ends: an empty text may have no piece
        filled = torch.tensor([[*row, *[0] * (longest - len(row))] for row in ids])
        there = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in ids])
        with torch.inference_mode():
            said = self._model(input_ids=filled, attention_mask=there).last_hidden_state
            means = (said * there[:, :, None]).sum(1) / there.sum(1, keepdim=True).clamp(min=1)
        return said.numpy(), means.numpy()


@dataclass(frozen=True)
class Stored:
    """A model on disk, not loaded: what people call it, where it is, the SHA-256 of its files, their bytes."""

    name: str
    folder: Path
    digest: str
    size: int


def stored(name: str) -> Stored:
    """The model of a folder or of a name in the local cache.

    Raises ModelError when the extra is not installed or there is no model.
    """
    if missing := [library for library in ("torch", "transformers") if not _installed(library)]:
        raise ModelError(f"transformers need the extra ({missing[0]} is missing): pip install 'diembao[transformer]'")
    folder = _folder(name)
    files = sorted(path for part in PARTS for path in folder.glob(part))
    listed = "\n".join(f"{path.name} {_sha256(path)}" for path in files)
    # A path says nothing to others and is nobody's business: the folder's own name is kept.
    called = Path(name).resolve().name if Path(name).is_dir() else name
    size = sum(path.stat().st_size for path in files)
    return Stored(called, folder, hashlib.sha256(listed.encode()).hexdigest(), size)


@lru_cache(maxsize=1)
def load_encoder(name: str) -> TransformerEncoder:
    """The encoder of a folder or of a name in the local cache, loaded once a process.

    Raises ModelError when the extra is not installed or there is no usable model.
    """
    found = stored(name)
    import torch
    import transformers

    # One thread: workers are as many as cores already, and sums come out the same on a machine with more of them.
    torch.set_num_threads(1)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    try:
        local: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        tokenizer = transformers.AutoTokenizer.from_pretrained(found.folder, **local)
        model = transformers.AutoModel.from_pretrained(found.folder, use_safetensors=True, dtype=torch.float32, **local)
    except Exception as error:  # the library's own and those of a dozen formats
        raise ModelError(f"transformer {name!r}: no usable model: {str(error).partition(chr(10))[0]:.200}") from error
    cutter = _cutter(name, tokenizer, model.config)
    return TransformerEncoder(found.name, found.digest, int(model.config.hidden_size), model.eval(), cutter)


def _installed(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ValueError:
        return False


def _folder(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    folder = Path(name)
    if not folder.is_dir():
        try:
            folder = Path(snapshot_download(name, local_files_only=True))
        except (HFValidationError, LocalEntryNotFoundError) as error:
            raise ModelError(
                f"transformer {name!r}: neither a folder nor a model in the local cache; give a folder with "
                f"{', '.join(PARTS)}, or a name that was fetched once with `hf download NAME`"
            ) from error
    if missing := [part for part in PARTS if not any(folder.glob(part))]:
        raise ModelError(f"transformer {name!r}: {folder} has no {missing[0]}; needed are {', '.join(PARTS)}")
    return folder


def _cutter(name: str, tokenizer: Any, config: Any) -> Any:
    """What cuts texts into pieces, told once how many: its settings are not safe to change between threads."""
    if getattr(config, "is_encoder_decoder", False) or not tokenizer.is_fast:
        raise ModelError(
            f"transformer {name!r}: an encoder with a fast tokenizer is needed, such as BERT or XLM-RoBERTa"
        )
    cutter = tokenizer.backend_tokenizer
    # RoBERTa and its kin keep two positions for themselves.
    cutter.enable_truncation(min(MOST_PIECES, int(getattr(config, "max_position_embeddings", 0) or 514) - 2))
    cutter.no_padding()
    return cutter


def _sha256(path: Path) -> str:
    # Piece by piece: weights may be larger than what memory is left.
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
