"""Exact best-k by fit over a columnar uint8 store; one changed profile is one changed row."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching import scoring
from matching.engine.kernel import Kernel, quickest, spread
from matching.engine.records import HIGHEST_LEVEL, Floats, Levels

SPARE = 1.125
# Full scale of the coarse score; below 2^16 so that sums stay in two bytes.
COARSE_FULL = 60_000
# Up to so many people one product is quicker than blocks; scores are shares of 1 there.
SMALL = 32_768
NEARLY = 1e-4


class Hit(NamedTuple):
    """One person of a result with the exact fit."""

    person_id: str
    fit: float


class LevelIndex:
    """Levels of a pool, stored by competency, one byte per person and competency.

    Parameters: ids (unique, in any order), levels uint8 (n_people, n_competencies), 0 = unknown,
    and the inner loop for large pools, the quickest there is when left out. Results are exact and
    ordered by falling fit, then rising id; the order in which people are stored does not matter.
    """

    def __init__(self, ids: Sequence[str], levels: Levels, kernel: Kernel | None = None) -> None:
        self._kernel = kernel
        if levels.ndim != 2 or len(ids) != len(levels):
            raise ValueError("levels must be (n_people, n_competencies) with one id per row")
        if levels.dtype != np.uint8 or (levels.size and levels.max() > HIGHEST_LEVEL):
            raise ValueError("levels must be uint8 from 0 (unknown) to 5")
        self._rows = {person_id: row for row, person_id in enumerate(ids)}
        if len(self._rows) != len(ids):
            raise ValueError("ids must be unique")
        self._ids = list(ids)
        capacity = max(int(len(ids) * SPARE), len(ids))
        self._store = np.zeros((levels.shape[1], capacity), np.uint8)
        self._store[:, : len(ids)] = levels.T

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def stored_bytes(self) -> int:
        """Return the size of the store in bytes."""
        return int(self._store.nbytes)

    def levels_of(self, person_id: str) -> Levels:
        """Return the levels of one person. Raises: KeyError."""
        return self._store[:, self._rows[person_id]].copy()

    def update(self, person_id: str, levels: Levels) -> None:
        """Replace or add the levels of one person, uint8 (n_competencies,).

        Raises: ValueError for another length or a level above 5.
        """
        row = np.asarray(levels)
        if row.shape != (self._store.shape[0],) or row.size and row.max() > HIGHEST_LEVEL:
            raise ValueError("levels must have one entry 0 to 5 per competency")
        at = self._rows.get(person_id)
        if at is None:
            at = self._append(person_id)
        self._store[:, at] = row

    def _append(self, person_id: str) -> int:
        at = len(self._ids)
        if at == self._store.shape[1]:
            capacity = max(int((at + 1) * SPARE), at + 8)
            grown = np.zeros((self._store.shape[0], capacity), np.uint8)
            grown[:, :at] = self._store
            self._store = grown
        self._rows[person_id] = at
        self._ids.append(person_id)
        return at

    def remove(self, person_id: str) -> None:
        """Take one person out; the last row moves into the gap. Raises: KeyError."""
        at = self._rows.pop(person_id)
        last = self._ids.pop()
        if at < len(self._ids):
            self._store[:, at] = self._store[:, len(self._ids)]
            self._ids[at] = last
            self._rows[last] = at
        self._store[:, len(self._ids)] = 0

    def top(
        self,
        required: Levels,
        weights: Floats,
        k: int,
        allowed: NDArray[np.bool_] | None = None,
    ) -> list[Hit]:
        """Return the k best people by fit, ties by id.

        allowed: bool (n_people,) in storage order, who passed the gates; all when left out.

        Raises: ValueError as `matching.scoring.score_people`, or when k is not positive.
        """
        if k < 1:
            raise ValueError("k must be positive")
        need, weight = np.asarray(required), np.asarray(weights, np.float64)
        if need.shape != (self._store.shape[0],) or need.shape != weight.shape:
            raise ValueError("required and weights must have one entry per competency")
        if need.max(initial=0) > HIGHEST_LEVEL:
            raise ValueError("required must be 0 to 5")
        # The largest is finite only where all are (not a number wins every comparison of max).
        if not isfinite(weight.max(initial=0.0)) or weight.min(initial=0.0) < 0:
            raise ValueError("weights must be finite and not negative")
        columns = ((need > 0) & (weight > 0)).nonzero()[0]
        if not columns.size:
            raise ValueError("no requirement has a positive weight")
        rows = self._candidates(columns, need[columns], weight[columns], k, allowed)
        return self._best(rows, columns, need[columns], weight[columns], k)

    def _candidates(
        self,
        columns: NDArray[np.intp],
        need: Levels,
        weight: Floats,
        k: int,
        allowed: NDArray[np.bool_] | None,
    ) -> NDArray[np.intp]:
        if len(self._ids) <= SMALL:
            return self._few(columns, need, weight, k, allowed)
        # Steps are rounded down, so a coarse score misses the exact one by less than sum(need):
        # everybody within that distance of the k-th coarse score is kept and scored exactly.
        ideal = weight / need * (COARSE_FULL / weight.sum())
        steps = np.floor(ideal).astype(np.uint16)
        slack = int(need.sum()) + 1
        caps = need.astype(np.uint8)
        way = self._kernel or quickest()
        scores = np.empty(way.block, np.uint16)
        found = _Shortlist(k, slack)
        for start in range(0, len(self._ids), way.block):
            stop = min(start + way.block, len(self._ids))
            way.coarse(self._store, columns, caps, steps, start, stop, scores)
            part = scores[: stop - start]
            found.offer(part, start, None if allowed is None else allowed[start:stop])
        return found.rows()

    def _few(
        self,
        columns: NDArray[np.intp],
        need: Levels,
        weight: Floats,
        k: int,
        allowed: NDArray[np.bool_] | None,
    ) -> NDArray[np.intp]:
        # One product in single precision for a pool that fits the cache; rounding moves a score
        # of at most 1 by less than NEARLY, and everybody that near is scored exactly afterwards.
        capped = self._store[columns, : len(self._ids)]
        np.minimum(capped, spread(need, capped.shape[1]), out=capped)
        share = weight / weight.max()
        steps = (share / need / share.sum()).astype(np.float32)
        coarse = steps @ capped.astype(np.float32)
        if allowed is not None:
            coarse[~allowed] = -1.0
        near = (coarse >= _at_least(coarse, k) - NEARLY).nonzero()[0]
        return near if allowed is None else near[allowed[near]]

    def _best(
        self,
        rows: NDArray[np.intp],
        columns: NDArray[np.intp],
        need: Levels,
        weight: Floats,
        k: int,
    ) -> list[Hit]:
        if not rows.size:
            return []
        levels = np.ascontiguousarray(self._store[columns[:, None], rows].T)
        exact = scoring.fit_of_known(levels, need, weight)
        fits, ids = exact.tolist(), [self._ids[row] for row in rows.tolist()]
        order = sorted(range(len(ids)), key=lambda at: (-fits[at], ids[at]))
        return [Hit(ids[at], fits[at]) for at in order[:k]]


class _Shortlist:
    """Rows whose coarse score may still be among the k best, with a rising threshold."""

    def __init__(self, k: int, slack: int) -> None:
        self._k = k
        self._slack = slack
        self._threshold = 0
        self._rows: list[NDArray[np.intp]] = []
        self._scores: list[NDArray[np.uint16]] = []
        self._count = 0
        self._limit = max(4 * k, 512)

    def offer(
        self, scores: NDArray[np.uint16], start: int, allowed: NDArray[np.bool_] | None
    ) -> None:
        keep = scores >= self._threshold
        if allowed is not None:
            keep &= allowed
        hits = np.flatnonzero(keep)
        if not hits.size:
            return
        self._rows.append(hits + start)
        self._scores.append(scores[hits])
        self._count += hits.size
        if self._count > self._limit:
            self._prune()

    def _prune(self) -> None:
        rows, scores = np.concatenate(self._rows), np.concatenate(self._scores)
        if scores.size > self._k:
            kth = int(np.partition(scores, scores.size - self._k)[scores.size - self._k])
            self._threshold = max(self._threshold, kth - self._slack)
            keep = scores >= self._threshold
            rows, scores = rows[keep], scores[keep]
        self._rows, self._scores, self._count = [rows], [scores], rows.size
        # Many ties keep many rows: wait for as many again before looking once more.
        self._limit = max(self._limit, 2 * rows.size)

    def rows(self) -> NDArray[np.intp]:
        if not self._rows:
            return np.zeros(0, np.intp)
        if len(self._rows) > 1 or self._count > self._k:
            self._prune()
        return self._rows[0]


def _at_least(scores: NDArray[np.float32], k: int) -> float:
    """Return a value that at least k of the scores reach, near the k-th largest."""
    groups = 4 * k
    if len(scores) < 2 * groups:
        return float("-inf")
    # k groups whose best score reaches the value are k people who reach it.
    width = len(scores) // groups
    best = scores[: groups * width].reshape(width, groups).max(axis=0)
    best.partition(groups - k)
    return float(best[groups - k])
