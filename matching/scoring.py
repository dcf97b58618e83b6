"""Kesesuaian (fit): how well the requirements of a role are met, 0 to 100. Pure arrays.

Nothing that a person adds lowers a fit. Unknown is not zero: a fit is a band whose low end
counts the unknown as not shown and whose high end counts it as met.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

HIGHEST_LEVEL = 5
FULL = 100.0

Floats = NDArray[np.float64]


def score_people(
    levels: ArrayLike,
    required: ArrayLike,
    weights: ArrayLike,
    confidence: ArrayLike | None = None,
) -> Floats:
    """Return the fit of each person, 0 to 100, as the worst case of the band.

    levels: uint8 (n_people, n_competencies), 0 = unknown; required: uint8 (n_competencies,),
    0 = not required; weights: float (n_competencies,); confidence: 0 to 1 per cell, by how much
    a level counts (claimed below verified), 1 everywhere when left out.

    Raises: ValueError for wrong shapes, negative weights, levels above 5, confidence outside
    0 to 1, or when no requirement has a positive weight.
    """
    return contributions(levels, required, weights, confidence).sum(axis=1)


def fit_of_known(levels: NDArray[np.uint8], need: ArrayLike, weight: Floats) -> Floats:
    """Return the same fit, to the bit, for levels that were checked before and count in full.

    levels: uint8 (n_people, n_asked) over what is asked alone; need and weight: positive.
    """
    parts: Floats = np.minimum(levels / np.asarray(need), 1.0) * _scaled(weight)
    return parts.sum(axis=1)


def score_band(
    levels: ArrayLike,
    required: ArrayLike,
    weights: ArrayLike,
    confidence: ArrayLike | None = None,
) -> tuple[Floats, Floats]:
    """Return the lowest and the highest fit that the unknown and the unproven allow.

    Low: as `score_people`. High: unknown levels turn out as required, and known levels are
    fully confirmed. Whatever is filled in or verified later lies between the two.

    Raises: ValueError as `score_people`.
    """
    level, need, weight, _ = _checked(levels, required, weights, confidence)
    low = score_people(levels, required, weights, confidence)
    asked, share = _shares(need, weight)
    best = np.where(level[:, asked] > 0, _adequacy(level[:, asked], need[asked]), 1.0)
    high = (best * share).sum(axis=1)
    return low, np.maximum(low, high)


def contributions(
    levels: ArrayLike,
    required: ArrayLike,
    weights: ArrayLike,
    confidence: ArrayLike | None = None,
) -> Floats:
    """Return what each competency gives to the fit, (n_people, n_competencies).

    A row adds up to the fit; competencies that are not required give 0.

    Raises: ValueError as `score_people`.
    """
    level, need, weight, sure = _checked(levels, required, weights, confidence)
    asked, share = _shares(need, weight)
    parts = np.zeros(level.shape)
    # The cell is multiplied last, so that each part is monotone in level and in confidence.
    parts[:, asked] = _adequacy(level[:, asked], need[asked]) * sure[:, asked] * share
    return parts


def _adequacy(level: NDArray[np.int64], need: NDArray[np.int64]) -> Floats:
    # More than required earns nothing, less earns its share.
    return np.minimum(level / need, 1.0)


def _shares(need: NDArray[np.int64], weight: Floats) -> tuple[NDArray[np.intp], Floats]:
    asked = np.flatnonzero((need > 0) & (weight > 0))
    if not asked.size:
        raise ValueError("no requirement has a positive weight")
    return asked, _scaled(weight[asked])


def _scaled(weight: Floats) -> Floats:
    scaled = weight / weight.max()
    shares: Floats = FULL * scaled / scaled.sum()
    return shares


def _checked(
    levels: ArrayLike, required: ArrayLike, weights: ArrayLike, confidence: ArrayLike | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    level = _whole(levels, "levels", 2)
    need = _whole(required, "required", 1)
    weight = np.asarray(weights, dtype=np.float64)
    if need.shape != (level.shape[1],) or weight.shape != need.shape:
        raise ValueError("required and weights must have one entry per competency")
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise ValueError("weights must be finite and not negative")
    if confidence is None:
        return level, need, weight, np.ones(level.shape)
    sure = np.asarray(confidence, dtype=np.float64)
    if sure.shape != level.shape:
        raise ValueError("confidence must have the shape of levels")
    if not ((sure >= 0) & (sure <= 1)).all():
        raise ValueError("confidence must be between 0 and 1")
    return level, need, weight, sure


def _whole(values: ArrayLike, name: str, dimensions: int) -> NDArray[np.int64]:
    array = np.asarray(values)
    if array.ndim != dimensions:
        raise ValueError(f"{name} must have {dimensions} dimensions")
    if array.size and not np.issubdtype(array.dtype, np.integer):
        if not (np.isfinite(array).all() and (array == np.floor(array)).all()):
            raise ValueError(f"{name} must be whole numbers")
    whole = array.astype(np.int64)
    if whole.size and (whole.min() < 0 or whole.max() > HIGHEST_LEVEL):
        raise ValueError(f"{name} must be 0 to {HIGHEST_LEVEL}")
    return whole
