"""Texts as one sparse weighted space: character n-grams, stems and shared concepts."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.engine.records import Floats, Text
from matching.text import Analysis

CHANNELS = ("gram", "word", "concept")
Analyse = Callable[[str, str], Analysis]


@dataclass(frozen=True)
class Counted:
    """Token counts per channel of one text: of its head, and of head and body together."""

    head: dict[str, Counter[str]]
    full: dict[str, Counter[str]]


def ngrams(word: str, shortest: int, longest: int) -> list[str]:
    """Return the character n-grams of one word with its borders marked by spaces."""
    padded = f" {word} "
    if len(padded) <= shortest:
        return [padded]
    return [
        padded[start : start + size]
        for size in range(shortest, longest + 1)
        for start in range(len(padded) - size + 1)
    ]


class Channel:
    """One kind of token with its vocabulary and inverse document frequency.

    `spell` splits a counted token into the features that are compared; a word is its own
    feature by default, and its character n-grams in the gram channel.
    """

    def __init__(
        self, spell: Callable[[str], list[str]], vocabulary: dict[str, int], idf: Floats
    ) -> None:
        self.spell = spell
        self.vocabulary = vocabulary
        self.idf = idf

    @classmethod
    def fit(cls, spell: Callable[[str], list[str]], documents: Sequence[Counter[str]]) -> "Channel":
        """Learn the vocabulary and the document frequencies of counted documents."""
        features = sorted({f for document in documents for token in document for f in spell(token)})
        channel = cls(spell, {name: at for at, name in enumerate(features)}, np.ones(len(features)))
        frequency = np.bincount(channel.counts(documents).indices, minlength=len(features))
        channel.idf = np.log((1 + len(documents)) / (1 + frequency)) + 1
        return channel

    @cached_property
    def _tokens(self) -> list[str]:
        return list(self.vocabulary)  # columns are numbered in this order

    def named(self, columns: NDArray[np.int32]) -> list[str]:
        """Return the tokens of some columns."""
        tokens = self._tokens
        return [tokens[at] for at in columns.tolist()]

    def counts(self, documents: Sequence[Counter[str]]) -> sparse.csr_matrix:
        """Count features per document, by way of the distinct tokens, spelled only once."""
        tokens: dict[str, int] = {}
        rows = _csr(
            ((tokens.setdefault(t, len(tokens)), n) for t, n in document.items())
            for document in documents
        )
        known = self.vocabulary
        spelled = _csr(
            Counter(known[f] for f in self.spell(token) if f in known).items() for token in tokens
        )
        rows.resize(len(documents), len(tokens))
        spelled.resize(len(tokens), len(known))
        return sparse.csr_matrix(rows @ spelled)

    def one(self, document: Counter[str]) -> tuple[list[int], Floats]:
        """Return columns and weights of a single document, as `transform` would."""
        counts: dict[int, int] = {}
        for token, count in document.items():
            for feature in self.spell(token):
                at = self.vocabulary.get(feature)
                if at is not None:
                    counts[at] = counts.get(at, 0) + count
        found = list(counts)
        if not found:
            return found, np.zeros(0)
        weights = (1 + np.log(np.array(list(counts.values())))) * self.idf[found]
        return found, weights / np.sqrt(weights @ weights)

    def transform(self, documents: Sequence[Counter[str]]) -> sparse.csr_matrix:
        """Weigh counted documents: (1 + log count) x IDF, rows of length one."""
        matrix = self.counts(documents)
        matrix.data = (1 + np.log(matrix.data)) * self.idf[matrix.indices]
        return unit_rows(matrix)


def _csr(rows: Iterable[Iterable[tuple[int, int]]]) -> sparse.csr_matrix:
    indices: list[int] = []
    values: list[float] = []
    starts = [0]
    for row in rows:
        for column, count in row:
            indices.append(column)
            values.append(count)
        starts.append(len(indices))
    width = max(indices, default=-1) + 1
    data = np.array(values, dtype=np.float64)
    columns = np.array(indices, dtype=np.int32)
    return sparse.csr_matrix((data, columns, starts), shape=(len(starts) - 1, width))


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Scale every row to length one; empty rows stay empty."""
    sizes = np.diff(matrix.indptr)
    row = np.repeat(np.arange(matrix.shape[0]), sizes)
    length = np.sqrt(np.bincount(row, weights=matrix.data**2, minlength=matrix.shape[0]))
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    matrix.data = matrix.data * scale[row]
    return matrix


class TextSpace:
    """People and roles in one text space.

    A document has two parts, head and body-with-head; every part has three channels. Rows are
    the weighted channels side by side, so one sparse product gives the weighted similarity.
    """

    def __init__(
        self,
        analyse: Analyse,
        weights: dict[str, float],
        head_share: float,
        grams: tuple[int, int],
    ) -> None:
        self.analyse = analyse
        self.weights = weights
        self.head_share = head_share
        self.grams = grams
        self.channels: dict[str, Channel] = {}

    def count(self, texts: Iterable[Text]) -> list[Counted]:
        """Analyse texts once; the result serves both fit and transform."""
        return [self._count(text) for text in texts]

    def _count(self, text: Text) -> Counted:
        head = self.analyse(text.head, text.body)
        body = self.analyse(text.body, text.head)
        first = _counters(head)
        both = {name: first[name] + counter for name, counter in _counters(body).items()}
        return Counted(first, both)

    def fit(self, counted: Sequence[Counted]) -> "TextSpace":
        """Learn vocabularies and IDF over people and role catalogue together."""
        self.channels = {
            name: Channel.fit(self._speller(name), [document.full[name] for document in counted])
            for name in CHANNELS
        }
        return self

    def restore(
        self, vocabulary: Mapping[str, Sequence[str]], idf: Mapping[str, Floats]
    ) -> "TextSpace":
        """Take over frozen vocabularies and IDF instead of learning them."""
        self.channels = {
            name: Channel(
                self._speller(name),
                {token: at for at, token in enumerate(vocabulary[name])},
                idf[name],
            )
            for name in CHANNELS
        }
        return self

    def _speller(self, name: str) -> Callable[[str], list[str]]:
        if name != "gram":
            return _itself
        return partial(ngrams, shortest=self.grams[0], longest=self.grams[1])

    def transform(self, counted: Sequence[Counted]) -> sparse.csr_matrix:
        """Return the rows of some texts, shape (n_texts, n_features), float32."""
        blocks = []
        for share, parts in (
            (1.0, [document.full for document in counted]),
            (self.head_share, [document.head for document in counted]),
        ):
            if share:
                blocks += [self._block(name, parts, share) for name in CHANNELS]
        return sparse.csr_matrix(sparse.hstack(blocks, format="csr"), dtype=np.float32)

    def _block(
        self, name: str, parts: list[dict[str, Counter[str]]], share: float
    ) -> sparse.csr_matrix:
        rows = self.channels[name].transform([part[name] for part in parts])
        return rows * np.sqrt(share * self.weights[name])

    def query(self, text: Text) -> tuple[NDArray[np.intp], Floats]:
        """Return columns and values of the row of one text, without building matrices."""
        document = self._count(text)
        columns: list[int] = []
        values: list[Floats] = []
        offset = 0
        for share, part in ((1.0, document.full), (self.head_share, document.head)):
            if not share:
                continue
            for name in CHANNELS:
                channel = self.channels[name]
                found, weights = channel.one(part[name])
                columns += [at + offset for at in found]
                values.append(weights * np.sqrt(share * self.weights[name]))
                offset += len(channel.vocabulary)
        return np.array(columns, np.intp), np.concatenate(values)

    def matched(self, left: Text, right: Text, top: int = 8) -> list[tuple[str, float]]:
        """Return the words and concepts that two texts share, with their part of the product."""
        shared: dict[str, float] = {}
        pair = self.count([left, right])
        for name in ("word", "concept"):
            channel = self.channels[name]
            rows = channel.transform([document.full[name] for document in pair])
            product = rows[[0]].multiply(rows[[1]]).tocoo()
            for token, value in zip(channel.named(product.col), product.data, strict=True):
                shared[token] = max(shared.get(token, 0.0), float(value) * self.weights[name])
        return sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:top]


def _counters(found: Analysis) -> dict[str, Counter[str]]:
    return {
        "gram": Counter(found.skeletons),
        "word": Counter(found.words),
        "concept": Counter(found.concepts),
    }


def _itself(token: str) -> list[str]:
    return [token]
