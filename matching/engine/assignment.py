"""All seats at once: the best plain assignment, and the one-by-one filling to compare with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matching.engine.records import Floats

EMPTY = -1


@dataclass(frozen=True)
class Assignment:
    """Who sits where.

    primary, backup: per seat the row of a person, or -1; total: sum of the scores of the
    primary holders, without any bonus; objective: what was maximised.
    """

    primary: NDArray[np.int64]
    backup: NDArray[np.int64]
    total: float
    objective: float

    @property
    def filled(self) -> int:
        """Return how many seats have a primary holder."""
        return int((self.primary != EMPTY).sum())


def assign_plain(scores: Floats, eligible: NDArray[np.bool_] | None = None) -> Assignment:
    """Fill as many seats as possible, and among those fillings take the largest score sum.

    scores: (n_people, n_seats); eligible: bool of the same shape, all when left out.

    Raises: ValueError for wrong shapes or scores that are not finite.
    """
    value, allowed = checked(scores, eligible)
    if not value.size:
        return from_primary(value, np.full(value.shape[1], EMPTY))
    # One more seat filled must outweigh any difference of scores.
    penalty = 1.0 + 2.0 * min(value.shape) * float(np.abs(value).max())
    rows, seats = linear_sum_assignment(np.where(allowed, value, -penalty), maximize=True)
    primary = np.full(value.shape[1], EMPTY)
    usable = allowed[rows, seats]
    primary[seats[usable]] = rows[usable]
    return from_primary(value, primary)


def assign_greedily(scores: Floats, eligible: NDArray[np.bool_] | None = None) -> Assignment:
    """Fill seat by seat with the best person left: today's way, as the comparison."""
    value, allowed = checked(scores, eligible)
    free = np.ones(value.shape[0], np.bool_)
    primary = np.full(value.shape[1], EMPTY)
    for seat in range(value.shape[1]):
        open_to = np.flatnonzero(free & allowed[:, seat])
        if open_to.size:
            best = open_to[np.argmax(value[open_to, seat])]
            primary[seat] = best
            free[best] = False
    return from_primary(value, primary)


def from_primary(scores: Floats, primary: NDArray[np.int64]) -> Assignment:
    """Wrap primary holders as an assignment without backups."""
    seats = np.flatnonzero(primary != EMPTY)
    total = float(scores[primary[seats], seats].sum())
    return Assignment(primary, np.full(len(primary), EMPTY), total, total)


def checked(scores: Floats, eligible: NDArray[np.bool_] | None) -> tuple[Floats, NDArray[np.bool_]]:
    """Return scores and eligibility as arrays. Raises: ValueError."""
    value = np.asarray(scores, np.float64)
    if value.ndim != 2 or not np.isfinite(value).all():
        raise ValueError("scores must be finite and (n_people, n_seats)")
    allowed = np.ones(value.shape, np.bool_) if eligible is None else np.asarray(eligible)
    if allowed.shape != value.shape or allowed.dtype != np.bool_:
        raise ValueError("eligible must be bool of the shape of scores")
    return value, allowed
