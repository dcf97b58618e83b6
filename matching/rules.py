"""Pure rules of a ranked list: which level counts, what a requirement can add, groups, order."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Levels = NDArray[np.uint8]


def believed_levels(
    verified: Levels, claimed: Levels, *, claim_confidence: float
) -> tuple[Levels, Floats]:
    """Return the level that counts per cell and the confidence in it, (n_people, n_competencies).

    A verified level comes before a claimed one; a claim counts with `claim_confidence`, so that
    verifying at the claimed level never lowers a fit.
    """
    known = verified > 0
    levels = np.where(known, verified, claimed).astype(np.uint8)
    return levels, np.where(known, 1.0, claim_confidence)


def most_points(required: Levels, weights: Floats) -> Floats:
    """Return the points each requirement can add at most; they add up to 100."""
    share = np.where(required > 0, weights, 0.0)
    return np.asarray(100.0 * share / share.sum())


def group_of(fit: float, cuts: tuple[float, float]) -> str:
    """Return the group of a fit: meets, near or below."""
    return "meets" if fit >= cuts[0] else "near" if fit >= cuts[1] else "below"


def group_counts(fit: Floats, cuts: tuple[float, float]) -> dict[str, int]:
    """Return how many people are in each group."""
    meets, near = int((fit >= cuts[0]).sum()), int((fit >= cuts[1]).sum())
    return {"meets": meets, "near": near - meets, "below": len(fit) - near}


def order_rows(
    *,
    by_fit: bool,
    cuts: tuple[float, float],
    fit: Floats,
    likeness: Floats,
    ids: NDArray[np.int64],
) -> NDArray[np.intp]:
    """Return the rows in the stated order; ties end at the id, never at the place in storage.

    By group: group, then similarity, then fit, then id. By fit: fit, then similarity, then id.
    """
    if by_fit:
        return np.lexsort((ids, -likeness, -fit))
    group = (fit >= cuts[0]).astype(int) + (fit >= cuts[1])
    return np.lexsort((ids, -fit, -likeness, -group))


def place_of(
    *,
    by_fit: bool,
    cuts: tuple[float, float],
    fit: Floats,
    likeness: Floats,
    ids: NDArray[np.int64],
    own: tuple[float, float, int],
) -> int:
    """Return the place (1 = first) that somebody would take in a list, in the order of the list.

    Args:
        fit, likeness, ids: of everybody in the list, (n_people,); the own id is left out.
        own: fit, similarity and id of that person.
    """
    my_fit, my_likeness, me = own
    if by_fit:
        keys = [(fit, my_fit), (likeness, my_likeness)]
    else:
        group = (fit >= cuts[0]).astype(int) + (fit >= cuts[1])
        my_group = int(my_fit >= cuts[0]) + int(my_fit >= cuts[1])
        keys = [(group, my_group), (likeness, my_likeness), (fit, my_fit)]
    ahead, level = np.zeros(len(ids), bool), ids != me
    for values, mine in keys:
        ahead |= level & (values > mine)
        level &= values == mine
    return 1 + int((ahead | (level & (ids < me))).sum())


def assurance(share: float, years: float, *, loss: float, least: float) -> float:
    """Return how sure a level is, 0 to 1: the share of its source, less a loss for every year.

    Never below `least` of that share, so that an old proof stays above an old claim.
    """
    return share * max(least, 1.0 - loss * max(0.0, years))


def weighted_assurance(parts: Sequence[tuple[float, float]]) -> float | None:
    """Return the mean of how sure each part is, by its points; None without a point.

    Args:
        parts: points and how sure they are, one pair per requirement.
    """
    points = sum(earned for earned, _sure in parts)
    return sum(earned * sure for earned, sure in parts) / points if points > 0 else None


def interval_alpha(units: list[list[float]]) -> float | None:
    """Return Krippendorff's alpha for interval data over units with the values of their raters.

    Only units with two values or more count. None without such a unit; 1 where all values are
    equal. Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).
    """
    paired = [np.array(values) for values in units if len(values) > 1]
    if not paired:
        return None
    together = np.concatenate(paired)
    observed = sum(_squares(values) / (len(values) - 1) for values in paired) / len(together)
    expected = _squares(together) / (len(together) * (len(together) - 1))
    return 1.0 if expected == 0 else float(1 - observed / expected)


def _squares(values: Floats) -> float:
    """Return the sum of squared differences over all ordered pairs."""
    return float(((values[:, None] - values[None, :]) ** 2).sum())
