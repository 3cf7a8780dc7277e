"""Token counts -> a fitted linear model. Needs scikit-learn and scipy; used in training only."""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.linear import LinearModel

# Tokens seen in fewer documents are names and slips. The cap keeps the artifact small: Vietnamese comes close to it.
MIN_DOCUMENTS = 3
MAX_TOKENS = 45_000
# Inverse regularisation. On labelled news set aside from training 3 and 10 came out alike (within one row of 97).
STRENGTH = 3.0
IGNORED = -1


@dataclass
class Counts:
    """A growing documents x tokens matrix of counts, held as flat arrays to stay small."""

    vocabulary: dict[str, int] = field(default_factory=dict)
    pointers: "array[int]" = field(default_factory=lambda: array("q", [0]))
    indices: "array[int]" = field(default_factory=lambda: array("i"))
    values: "array[int]" = field(default_factory=lambda: array("i"))

    def add(self, counts: Mapping[str, int]) -> None:
        """Append one document."""
        for token, count in counts.items():
            self.indices.append(self.vocabulary.setdefault(token, len(self.vocabulary)))
            self.values.append(count)
        self.pointers.append(len(self.indices))

    def __len__(self) -> int:
        return len(self.pointers) - 1


def fit(
    language: str, counts: Counts, targets: NDArray[np.int8], weights: NDArray[np.float32], classes: Iterable[str]
) -> LinearModel:
    """Fit one logistic regression a class.

    `targets` is (documents, classes): 1, 0, or -1 where nothing is known and the row is passed over for that class;
    `weights` is (documents,). A class with no positive row gets a bias that never speaks.
    """
    import scipy.sparse as sparse

    shape = (len(counts), len(counts.vocabulary))
    raw = sparse.csr_matrix((np.frombuffer(counts.values, np.int32), np.frombuffer(counts.indices, np.int32),
                             np.frombuffer(counts.pointers, np.int64)), shape=shape)  # fmt: skip
    kept = _kept(raw)
    tokens = _names(counts.vocabulary, kept)
    features, idf = _tf_idf(raw[:, kept])
    columns = [_fit_class(features, targets[:, at], weights) for at in range(targets.shape[1])]
    matrix = np.stack([column for column, _ in columns], axis=1).astype(np.float32)
    bias = np.array([intercept for _, intercept in columns], dtype=np.float32)
    return LinearModel(language, tuple(classes), {token: at for at, token in enumerate(tokens)}, idf, matrix, bias)


def _kept(raw: Any) -> NDArray[np.intp]:
    frequency = np.bincount(raw.indices, minlength=raw.shape[1])
    common = np.flatnonzero(frequency >= MIN_DOCUMENTS)
    return np.sort(common[np.argsort(-frequency[common], kind="stable")[:MAX_TOKENS]])


def _names(vocabulary: dict[str, int], kept: NDArray[np.intp]) -> list[str]:
    names = list(vocabulary)
    return [names[at] for at in kept]


def _tf_idf(raw: Any) -> tuple[Any, NDArray[np.float32]]:
    import scipy.sparse as sparse

    frequency = np.bincount(raw.indices, minlength=raw.shape[1])
    idf = (np.log((1 + raw.shape[0]) / (1 + frequency)) + 1).astype(np.float32)
    features = raw.astype(np.float32)
    features.data = 1 + np.log(features.data)
    features = features @ sparse.diags(idf)
    norms = np.sqrt(np.asarray(features.multiply(features).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(norms == 0, 1, norms)) @ features), idf


def _fit_class(features: Any, target: NDArray[np.int8], weights: NDArray[np.float32]) -> tuple[NDArray[Any], float]:
    from sklearn.linear_model import LogisticRegression

    known = np.flatnonzero(target != IGNORED)
    if not (target[known] == 1).any():
        return np.zeros(features.shape[1]), -30.0
    model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=200, random_state=0)
    model.fit(features[known], target[known], sample_weight=weights[known])
    return model.coef_[0], float(model.intercept_[0])


def fit_multinomial(
    numbers: NDArray[np.float64], answers: NDArray[np.intp], classes: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights (classes, features) and bias (classes,) of a multinomial logistic regression on standardised `numbers`.

    The standardising is folded into the weights; a class never seen gets a bias that never wins.
    """
    from sklearn.linear_model import LogisticRegression

    mean, scale = numbers.mean(axis=0), numbers.std(axis=0)
    scale[scale == 0] = 1.0
    model = LogisticRegression(C=1.0, max_iter=2_000).fit((numbers - mean) / scale, answers)
    weights, bias = np.zeros((classes, numbers.shape[1])), np.full(classes, -30.0)
    weights[model.classes_] = model.coef_ / scale
    bias[model.classes_] = model.intercept_ - weights[model.classes_] @ mean
    return weights, bias
