"""How stable a ranking is: rank intervals over plausible weightings, and exact swap weights."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.records import Floats

WEIGHTINGS = 1_000
# Sum of the Dirichlet parameters: at 50 a weight of 0.2 moves by about 0.056 (one sigma).
CONCENTRATION = 50.0
SEED = 20240801


@dataclass(frozen=True)
class RankIntervals:
    """Per person over many weightings: lowest, median and highest rank (1 = first), and the
    share of weightings in which the person is first; low and high are the 2.5 and 97.5 %."""

    low: NDArray[np.int64]
    median: NDArray[np.int64]
    high: NDArray[np.int64]
    first: Floats


def plausible_weights(
    weights: Floats,
    count: int = WEIGHTINGS,
    concentration: float = CONCENTRATION,
    seed: int = SEED,
) -> Floats:
    """Draw weightings round the chosen one, (count, n_requirements), each summing to 1.

    A weight of zero stays zero. Raises: ValueError without a positive weight.
    """
    chosen = np.asarray(weights, np.float64)
    if (chosen < 0).any() or not np.isfinite(chosen).all() or chosen.sum() <= 0:
        raise ValueError("weights must not be negative and one must be positive")
    share = chosen / chosen.sum()
    drawn = np.zeros((count, len(chosen)))
    positive = share > 0
    rng = np.random.default_rng(seed)
    drawn[:, positive] = rng.dirichlet(share[positive] * concentration, size=count)
    return drawn


def rank_intervals(adequacy: Floats, weightings: Floats) -> RankIntervals:
    """Rank people under every weighting; equal scores share the better rank.

    adequacy: (n_people, n_requirements), 0 to 1, how far each requirement is met;
    weightings: (n_weightings, n_requirements).
    """
    people = len(adequacy)
    if not people:
        empty = np.zeros(0, np.int64)
        return RankIntervals(empty, empty, empty, np.zeros(0))
    # Rounded, so that people with the same profile stay equal whatever the summation order.
    scores = np.round(adequacy @ weightings.T, 12)
    ranks = _competition_ranks(scores)
    low, median, high = np.percentile(ranks, [2.5, 50, 97.5], axis=1, method="inverted_cdf").astype(
        np.int64
    )
    return RankIntervals(low, median, high, (ranks == 1).mean(axis=1))


def _competition_ranks(scores: Floats) -> NDArray[np.int32]:
    order = np.argsort(-scores, axis=0, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=0)
    position = np.arange(len(scores), dtype=np.int32)[:, None]
    fresh = np.ones(scores.shape, np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    start = np.maximum.accumulate(np.where(fresh, position, 0), axis=0)
    ranks = np.empty(scores.shape, np.int32)
    np.put_along_axis(ranks, order, (start + 1).astype(np.int32), axis=0)
    return ranks


def swap_weight(first: Floats, second: Floats, weights: Floats, requirement: int) -> float | None:
    """Return the share of one requirement at which two people are exactly level.

    first, second: adequacy rows; the other weights keep their proportions. None when no share
    between 0 and 1 makes them level, or every share does.

    Raises: ValueError when the weights do not allow other requirements to share the rest.
    """
    chosen = np.asarray(weights, np.float64)
    others = chosen.copy()
    others[requirement] = 0.0
    if (chosen < 0).any() or others.sum() <= 0:
        raise ValueError("another requirement must have a positive weight")
    others /= others.sum()
    gap = np.asarray(first, np.float64) - np.asarray(second, np.float64)
    here, elsewhere = float(gap[requirement]), float(others @ gap)
    # score gap = share * here + (1 - share) * elsewhere = 0
    if here == elsewhere:
        return None
    # Rounded, so that a swap exactly at 0 or 1 is not lost to the last bit.
    share = round(elsewhere / (elsewhere - here), 12) + 0.0
    return share if 0.0 <= share <= 1.0 else None
