"""Fit (kesesuaian): how well the requirements are met, 0 to 100, and its band. Pure.

Each requirement earns a credit between 0 and 1: the level over the required level, capped at 1
(more than required earns nothing), times the confidence in the level. The fit is the weighted mean
of the credits. It is monotone: nothing that a person adds ever lowers it. Unknown is not zero: the
low end of the band counts it as not shown, the high end as fully met.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Levels = NDArray[np.uint8]

HIGHEST_LEVEL = 5
# What a claim counts beside a verified level, until the inflation of claims has been measured.
CLAIM_CONFIDENCE = 0.5


@dataclass(frozen=True)
class Band:
    """Fit of each person in the worst and the best case of what is unknown: float64 (n_people,)."""

    low: Floats
    high: Floats


def score_people(
    levels: ArrayLike,
    required: ArrayLike,
    weights: ArrayLike,
    confidence: ArrayLike | None = None,
) -> Floats:
    """Return the fit of each person, 0 to 100, as the worst case of its band.

    Args:
        levels: uint8 (n_people, n_competencies), 0 = unknown.
        required: uint8 (n_competencies,), 0 = not required.
        weights: float (n_competencies,), not negative.
        confidence: float (n_people, n_competencies) from 0 to 1; 1 everywhere when left out.

    Raises:
        ValueError: levels above 5, weights negative or not finite, wrong shapes, confidence
            outside 0 to 1, or no requirement with a positive weight.
    """
    return score_band(levels, required, weights, confidence).low


def score_band(
    levels: ArrayLike,
    required: ArrayLike,
    weights: ArrayLike,
    confidence: ArrayLike | None = None,
) -> Band:
    """Return the fit with unknown levels counted as not shown and as met.

    Arguments and errors as in `score_people`.
    """
    asked, share, held = _asked(levels, required, weights)
    trust = _confidence(confidence, held.shape, asked, np.shape(levels))
    adequacy = np.minimum(held / np.asarray(required)[asked], 1.0)
    low = _percent(adequacy * trust, share)
    # In the best case a claim is confirmed as it stands, and the unknown is what is asked for.
    high = _percent(np.where(held == 0, 1.0, adequacy), share)
    return Band(low=low, high=np.maximum(low, high))


def contributions(
    levels: ArrayLike,
    required: ArrayLike,
    weights: ArrayLike,
    confidence: ArrayLike | None = None,
) -> Floats:
    """Return the points each requirement adds: float64 (n_people, n_competencies).

    The rows add up to the fit. Arguments and errors as in `score_people`.
    """
    asked, share, held = _asked(levels, required, weights)
    trust = _confidence(confidence, held.shape, asked, np.shape(levels))
    points = np.zeros(np.shape(levels), np.float64)
    adequacy = np.minimum(held / np.asarray(required)[asked], 1.0)
    points[:, asked] = 100.0 * adequacy * trust * share
    return points


def most_points(required: ArrayLike, weights: ArrayLike) -> Floats:
    """Return the points each requirement can add at most: float64 (n_competencies,)."""
    wanted = _row(required)
    asked, share, _held = _asked(np.zeros((0, len(wanted)), np.uint8), required, weights)
    points = np.zeros(len(wanted), np.float64)
    points[asked] = 100.0 * share
    return points


def believed_levels(
    verified: Levels, claimed: Levels, *, claim_confidence: float = CLAIM_CONFIDENCE
) -> tuple[Levels, Floats]:
    """Return the level that counts per cell and the confidence in it.

    A verified level comes before a claimed one; a claim counts with `claim_confidence`, so that
    verifying at the claimed level never lowers a fit.
    """
    known = verified > 0
    levels = np.where(known, verified, claimed).astype(np.uint8)
    return levels, np.where(known, 1.0, claim_confidence)


def _asked(
    levels: ArrayLike, required: ArrayLike, weights: ArrayLike
) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Return columns that count, their share of the weight, and the levels held in them."""
    table, wanted = np.asarray(levels), _row(required)
    factor = np.asarray(weights, np.float64)
    if table.ndim != 2 or factor.ndim != 1 or table.shape[1:] != wanted.shape != ():
        raise ValueError("levels must be (n_people, n_competencies), the others (n_competencies,)")
    if factor.shape != wanted.shape:
        raise ValueError("weights and required must have the same length")
    _check_levels(table)
    _check_levels(wanted)
    if not np.isfinite(factor).all() or (factor < 0).any():
        raise ValueError("weights must be finite and not negative")
    asked = np.flatnonzero((wanted > 0) & (factor > 0))
    if not len(asked):
        raise ValueError("there must be a requirement with a positive weight")
    share = factor[asked] / factor[asked].sum()
    return asked, share, table[:, asked].astype(np.float64)


def _row(values: ArrayLike) -> NDArray[np.generic]:
    row = np.asarray(values)
    if row.ndim != 1:
        raise ValueError("required must be one row (n_competencies,)")
    return row


def _check_levels(values: NDArray[np.generic]) -> None:
    if values.dtype.kind not in "ui":
        raise ValueError("levels must be whole numbers")
    if values.size and (int(values.max()) > HIGHEST_LEVEL or int(values.min()) < 0):
        raise ValueError("levels must be 0 (unknown) to 5")


def _confidence(
    confidence: ArrayLike | None,
    shape: tuple[int, ...],
    asked: NDArray[np.intp],
    whole: tuple[int, ...],
) -> Floats:
    if confidence is None:
        return np.ones(shape)
    trust = np.asarray(confidence, np.float64)
    if trust.shape != whole:
        raise ValueError("confidence must have the shape of levels")
    if trust.size and not ((trust >= 0) & (trust <= 1)).all():
        raise ValueError("confidence must be 0 to 1")
    return trust[:, asked]


def _percent(credit: Floats, share: Floats) -> Floats:
    # Summed column by column in a fixed order: a matrix product may round one person differently
    # in another batch, and a replay must be the same to the last bit.
    total = np.zeros(len(credit))
    for column, weight in enumerate(share):
        total += credit[:, column] * weight
    return np.clip(100.0 * total, 0.0, 100.0)
