"""How stable a list is: places over 1,000 plausible weightings, and weights at which people swap.

The weightings are drawn with a published seed (`matching.engine.stability.SEED`), so that everybody
gets the same intervals.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.engine.stability import WEIGHTINGS, plausible_weights, swap_weight
from matching.rules import Floats
from matching.services.scouting import Scored


@dataclass(frozen=True)
class Interval:
    """Places among the people shown, in 95 % of the weightings, and the share of first places."""

    low: int
    high: int
    first: float
    weightings: int = WEIGHTINGS


@dataclass(frozen=True)
class Swap:
    """The weight of one requirement at which two people have the same fit."""

    competency_id: int
    weight: float  # as chosen
    level_at: float  # at which both are level; the other weights stay


def list_intervals(scored: Scored, *, top: int = 50) -> Mapping[int, Interval]:
    """Return per employee how far the place moves, among the first people of the list."""
    rows = scored.rows[:top]
    if not len(rows):
        return {}
    fits = 100.0 * _adequacy(scored)[rows] @ plausible_weights(scored.weights).T
    ranks = _ranks(scored, rows, np.round(fits, 9))
    low, high = np.percentile(ranks, [2.5, 97.5], axis=1, method="inverted_cdf")
    first = (ranks == 1).mean(axis=1)
    return {
        int(scored.inputs.pool.ids[at]): Interval(int(low[n]), int(high[n]), float(first[n]))
        for n, at in enumerate(rows)
    }


def swaps(scored: Scored, first: int, second: int) -> list[Swap]:
    """Return the weights at which two people of the pool have the same fit, the nearest first."""
    adequacy = _adequacy(scored)
    found: list[Swap] = []
    if len(scored.weights) < 2:
        return found
    for column, item in enumerate(scored.inputs.criteria.requirements):
        share = swap_weight(adequacy[first], adequacy[second], scored.weights, column)
        if share is None or share >= 1.0:
            continue
        others = float(scored.weights.sum() - scored.weights[column])
        found.append(Swap(item.competency_id, item.weight, share / (1 - share) * others))
    return sorted(found, key=lambda swap: (abs(swap.level_at - swap.weight), swap.competency_id))


def _adequacy(scored: Scored) -> Floats:
    met: Floats = np.minimum(scored.levels / scored.required, 1.0) * scored.trust
    return met


def _ranks(scored: Scored, rows: np.ndarray, fits: Floats) -> np.ndarray:
    """Rank people under every weighting by the rule of the list, (n_people, n_weightings)."""
    criteria = scored.inputs.criteria
    key = fits
    if criteria.order != "fit":
        # Similarity decides inside a group; as a fraction of a group it leaves groups apart.
        near = scored.likeness[rows]
        place = np.searchsorted(np.unique(near), near) / len(rows)
        group = (fits >= criteria.cuts[0]).astype(float) + (fits >= criteria.cuts[1])
        key = 1000.0 * (group + place[:, None]) + fits / 1000.0
    return 1 + (key[None, :, :] > key[:, None, :]).sum(axis=1)
