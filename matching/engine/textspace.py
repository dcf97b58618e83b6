"""Texts as one sparse weighted space: character n-grams, stems and shared concepts."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.engine.records import Floats, Text
from matching.text import Analysis

CHANNELS = ("gram", "word", "concept")
Analyse = Callable[[str], Analysis]


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
    """One kind of token with its vocabulary and inverse document frequency."""

    def __init__(self, vocabulary: dict[str, int], idf: Floats) -> None:
        self.vocabulary = vocabulary
        self.idf = idf

    @classmethod
    def fit(cls, documents: Sequence[Counter[str]]) -> "Channel":
        """Learn the vocabulary and the document frequencies of counted documents."""
        frequency: Counter[str] = Counter()
        for document in documents:
            frequency.update(document.keys())
        vocabulary = {token: at for at, token in enumerate(sorted(frequency))}
        counts = np.array([frequency[token] for token in vocabulary], dtype=np.float64)
        idf = np.log((1 + len(documents)) / (1 + counts)) + 1
        return cls(vocabulary, idf)

    def transform(self, documents: Sequence[Counter[str]]) -> sparse.csr_matrix:
        """Weigh counted documents: (1 + log count) x IDF, rows of length one."""
        indices: list[int] = []
        values: list[int] = []
        starts = [0]
        for document in documents:
            for token, count in document.items():
                at = self.vocabulary.get(token)
                if at is not None:
                    indices.append(at)
                    values.append(count)
            starts.append(len(indices))
        data = 1 + np.log(np.array(values, dtype=np.float64)) if values else np.zeros(0)
        columns = np.array(indices, dtype=np.int32)
        shape = (len(documents), len(self.vocabulary))
        matrix = sparse.csr_matrix((data * self.idf[columns], columns, starts), shape=shape)
        return unit_rows(matrix)


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Scale every row to length one; empty rows stay empty."""
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    return sparse.csr_matrix(sparse.diags(scale) @ matrix)


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
        self._gram_cache: dict[str, list[str]] = {}

    def fit(self, texts: Iterable[Text]) -> "TextSpace":
        """Learn vocabularies and IDF over people and role catalogue together."""
        counted = [self._count(f"{text.head}. {text.body}") for text in texts]
        self.channels = {
            name: Channel.fit([document[name] for document in counted]) for name in CHANNELS
        }
        return self

    def transform(self, texts: Sequence[Text]) -> sparse.csr_matrix:
        """Return the rows of some texts, shape (n_texts, n_features), float32."""
        blocks = []
        for share, parts in (
            (1.0, [f"{text.head}. {text.body}" for text in texts]),
            (self.head_share, [text.head for text in texts]),
        ):
            if share:
                counted = [self._count(part) for part in parts]
                blocks += [self._block(name, counted, share) for name in CHANNELS]
        return sparse.csr_matrix(sparse.hstack(blocks, format="csr"), dtype=np.float32)

    def _block(
        self, name: str, counted: list[dict[str, Counter[str]]], share: float
    ) -> sparse.csr_matrix:
        rows = self.channels[name].transform([document[name] for document in counted])
        return rows * np.sqrt(share * self.weights[name])

    def _count(self, text: str) -> dict[str, Counter[str]]:
        found = self.analyse(text)
        grams: Counter[str] = Counter()
        for word, count in Counter(found.skeletons).items():
            for gram in self._grams_of(word):
                grams[gram] += count
        return {"gram": grams, "word": Counter(found.words), "concept": Counter(found.concepts)}

    def _grams_of(self, word: str) -> list[str]:
        known = self._gram_cache.get(word)
        if known is None:
            if len(self._gram_cache) > 100_000:
                self._gram_cache.clear()
            known = self._gram_cache[word] = ngrams(word, *self.grams)
        return known

    def matched(self, left: Text, right: Text, top: int = 8) -> list[tuple[str, float]]:
        """Return the words and concepts that two texts share, with their part of the product."""
        shared: dict[str, float] = {}
        for name in ("word", "concept"):
            channel = self.channels[name]
            rows = channel.transform([self._count(f"{t.head}. {t.body}")[name] for t in (left, right)])
            product = rows[0].multiply(rows[1]).tocoo()
            names = _names(channel.vocabulary, product.col)
            for token, value in zip(names, product.data, strict=True):
                shared[token] = max(shared.get(token, 0.0), float(value) * self.weights[name])
        return sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:top]


def _names(vocabulary: dict[str, int], columns: NDArray[np.int32]) -> list[str]:
    wanted = set(columns.tolist())
    by_column = {at: token for token, at in vocabulary.items() if at in wanted}
    return [by_column[at] for at in columns.tolist()]
