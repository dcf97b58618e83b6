"""Which training unlocks the most seats: exact counts by assignment. Pure arrays.

A seat is filled by somebody who passes its gates and whose fit reaches the mark. A training lets
more people reach it. The most seats that at most n trained people allow is a matching of least
cost, where a holder who needs the training costs one: as each further seat costs at least as much
as the one before, the size can be found by halving.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matching.engine.assignment import EMPTY, assign_plain

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Unlocked:
    """Seats filled without and with a training, and the rows of people to train for that."""

    before: int
    after: int
    trained: tuple[int, ...]

    @property
    def gain(self) -> int:
        """Seats that are filled only because of the training."""
        return self.after - self.before


def unlock(ready: Mask, ready_after: Mask, most: int) -> Unlocked:
    """Return the most seats filled when at most so many people are trained, with the fewest.

    Args:
        ready, ready_after: bool (n_people, n_seats), without and with the training; a training
            makes nobody less ready.
        most: how many people can be trained.

    Raises:
        ValueError: shapes differ, or the training takes readiness away.
    """
    if ready.shape != ready_after.shape or (ready & ~ready_after).any():
        raise ValueError("a training adds readiness for the same people and seats")
    useful = _enough(ready, ready_after)
    free, all_edges = ready[useful], ready_after[useful]
    before = assign_plain(free.astype(np.float64), free).filled
    top = assign_plain(all_edges.astype(np.float64), all_edges).filled
    low, high = before, top if most > 0 else before
    best: list[int] = []  # what can be filled without the training needs nobody trained
    while low < high:
        middle = (low + high + 1) // 2
        found = _fewest_trained(free, all_edges, middle)
        if len(found) <= most:
            low, best = middle, found
        else:
            high = middle - 1
    return Unlocked(before, low, tuple(int(useful[row]) for row in best))


def _enough(ready: Mask, ready_after: Mask) -> NDArray[np.int64]:
    """Return the rows that matter: of people alike, as many as there are seats for them."""
    rows = np.flatnonzero(ready_after.any(axis=1))
    both = np.packbits(np.hstack([ready[rows], ready_after[rows]]), axis=1)
    kept: list[int] = []
    seen: dict[bytes, int] = {}
    for row, kind in zip(rows, both, strict=True):
        key = kind.tobytes()
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= int(ready_after[row].sum()):
            kept.append(int(row))
    return np.array(kept, np.int64)


def _fewest_trained(free: Mask, edges: Mask, size: int) -> list[int]:
    """Return the rows to train so that `size` seats are filled, as few as possible."""
    people, seats = edges.shape
    if not people or not size:
        return []
    # Whoever sits on the seats left empty: fits anywhere and costs nothing.
    spare = seats - size
    forbidden = float(2 * seats + 2)
    cost = np.where(free, 0.0, np.where(edges, 1.0, forbidden))
    cost = np.vstack([cost, np.zeros((spare, seats))])
    rows, columns = linear_sum_assignment(cost)
    return [
        int(row)
        for row, column in zip(rows, columns, strict=True)
        if row < people and edges[row, column] and not free[row, column]
    ]


def filled_seats(ready: Mask) -> int:
    """Return how many seats can be filled at once."""
    primary = assign_plain(ready.astype(np.float64), ready).primary
    return int((primary != EMPTY).sum())


@dataclass(frozen=True)
class Offer:
    """A training on offer: price of one person in rupiah and JP, and readiness after it."""

    key: int
    cost: int
    jp: int
    ready_after: Mask


@dataclass(frozen=True)
class RankedOffer:
    """An offer with what it unlocks within the limits."""

    offer: Offer
    unlocked: Unlocked

    @property
    def cost(self) -> int:
        """Rupiah for all who are trained."""
        return self.offer.cost * len(self.unlocked.trained)

    @property
    def jp(self) -> int:
        """Hours of all who are trained."""
        return self.offer.jp * len(self.unlocked.trained)


def places_within(cost: int, jp: int, *, budget: int, hours: int, people: int) -> int:
    """Return how many people can be trained within rupiah and hours of participants."""
    most = people
    if cost > 0:
        most = min(most, budget // cost)
    if jp > 0:
        most = min(most, hours // jp)
    return max(0, most)


def rank_offers(
    ready: Mask, offers: Sequence[Offer], *, budget: int, hours: int
) -> list[RankedOffer]:
    """Rank trainings by seats unlocked, then by fewer rupiah, fewer hours and key."""
    ranked = []
    for offer in offers:
        most = places_within(
            offer.cost, offer.jp, budget=budget, hours=hours, people=ready.shape[0]
        )
        ranked.append(RankedOffer(offer, unlock(ready, offer.ready_after, most)))
    return sorted(ranked, key=lambda row: (-row.unlocked.gain, row.cost, row.jp, row.offer.key))
