"""Pure rules of assessment rounds: who rates whom, what ratings say together, and agreement.

Ratings of different kinds are never mixed. Of several ratings of one kind the lower median counts,
so that a doubtful half level is not given away. Agreement of two independent raters is Cohen's
kappa weighted by the distance of the levels.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from skills.enums import RaterKind

LEVELS = 5
HIDDEN_KINDS = frozenset({RaterKind.PEER, RaterKind.SUBORDINATE})
Pair = tuple[int, int]


@dataclass(frozen=True)
class Rater:
    """An assessor who can be given work; an employee too, where the account belongs to one."""

    account_id: int
    employee_id: int | None


@dataclass(frozen=True)
class Rated:
    """Somebody who is to be assessed."""

    target_id: int
    employee_id: int
    is_double: bool = False


@dataclass(frozen=True)
class Job:
    """One form for one assessor; the second place is the independent second rating."""

    target_id: int
    account_id: int
    place: int


@dataclass(frozen=True)
class Agreement:
    """How far two raters agree over some pairs of levels."""

    pairs: int
    kappa: float | None  # None: nothing to compare, or everybody gave one and the same level
    same: int
    near: int  # at most one level apart, the same ones included

    @property
    def same_share(self) -> float | None:
        """Share of equal levels, 0 to 1."""
        return self.same / self.pairs if self.pairs else None

    @property
    def near_share(self) -> float | None:
        """Share of levels at most one apart, 0 to 1."""
        return self.near / self.pairs if self.pairs else None


def weighted_kappa(pairs: Sequence[Pair], *, weights: str = "quadratic") -> float | None:
    """Return Cohen's weighted kappa of pairs of levels.

    Args:
        pairs: the two levels, 1 to 5, of each rating.
        weights: `linear` or `quadratic` distance.

    Returns:
        At most 1; 0 is what chance would give. None without pairs, or where chance alone agrees
        fully because only one level was ever given.
    """
    if weights not in ("linear", "quadratic"):
        raise ValueError(f"unknown weights {weights!r}")
    power = 1 if weights == "linear" else 2
    count = len(pairs)
    first, second = [0] * (LEVELS + 1), [0] * (LEVELS + 1)
    observed = 0
    for one, other in pairs:
        first[one] += 1
        second[other] += 1
        observed += abs(one - other) ** power
    expected = sum(
        first[one] * second[other] * abs(one - other) ** power
        for one in range(1, LEVELS + 1)
        for other in range(1, LEVELS + 1)
    )
    if not count or not expected:
        return None
    return 1 - observed * count / expected


def agreement(pairs: Sequence[Pair], *, weights: str = "quadratic") -> Agreement:
    """Return kappa and the plain shares of agreement of pairs of levels."""
    same = sum(1 for one, other in pairs if one == other)
    near = sum(1 for one, other in pairs if abs(one - other) <= 1)
    return Agreement(len(pairs), weighted_kappa(pairs, weights=weights), same, near)


def combined_level(levels: Iterable[int | None]) -> int | None:
    """Return the lower median of the levels that were given; None where nobody could say."""
    known = sorted(level for level in levels if level is not None)
    return known[(len(known) - 1) // 2] if known else None


def shown_level(
    kind: RaterKind, levels: Iterable[int | None], *, min_raters: int, raters: int
) -> int | None:
    """Return what a kind of raters says together, hidden where too few would be recognised."""
    if kind in HIDDEN_KINDS and raters < min_raters:
        return None
    return combined_level(levels)


def chosen_share(ids: Iterable[int], percent: int, seed: str) -> frozenset[int]:
    """Return a share of people, rounded up, that nobody can steer: by a hash of seed and id."""
    ordered = sorted(ids, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())
    wanted = -(-len(ordered) * percent // 100)
    return frozenset(ordered[:wanted])


def assign_assessors(rated: Sequence[Rated], raters: Sequence[Rater]) -> list[Job]:
    """Spread people over assessors evenly; nobody rates oneself, two places are two people.

    A place for which nobody is left stays open: it is missing from the answer.
    """
    load: dict[int, int] = {rater.account_id: 0 for rater in raters}
    jobs = []
    for person in rated:
        free = [rater for rater in raters if rater.employee_id != person.employee_id]
        free.sort(key=lambda rater: (load[rater.account_id], rater.account_id))
        for place, rater in enumerate(free[: 2 if person.is_double else 1], start=1):
            load[rater.account_id] += 1
            jobs.append(Job(person.target_id, rater.account_id, place))
    return jobs


def band_of(value: float | None, bands: Iterable[Mapping[str, object]]) -> Mapping[str, object]:
    """Return the band of a kappa; an empty mapping where there is none."""
    if value is None:
        return {}
    for band in bands:
        if float(str(band["lower"])) <= value < float(str(band["upper"])):
            return band
    return {}
