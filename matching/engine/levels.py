"""Similarity of level profiles: population statistics, the level part and the presence part."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.records import Floats, Levels, RoleQuery

# A claim is never worth less than this level: someone who claims knows more than nothing.
LEAST_CLAIM = 0.5


@dataclass(frozen=True)
class LevelStatistics:
    """What is frozen of a population; all arrays have one entry per competency.

    inflation: mean of claimed minus verified level where both are known.
    mean, spread: of the believed level among those who know the competency, shrunk towards the
    whole catalogue by `prior` imaginary people; trust: n / (n + prior).
    coverage: share of people who know it; rarity: log inverse of it.
    """

    inflation: float
    mean: Floats
    spread: Floats
    trust: Floats
    coverage: Floats
    rarity: Floats
    people: int


def measured_inflation(claimed: Levels, verified: Levels) -> float:
    """Return by how much a claim exceeds the verified level on average, never below zero."""
    both = (claimed > 0) & (verified > 0)
    if not both.any():
        return 0.0
    # Rounded so that one record among thousands does not move everybody else's score.
    excess = claimed[both].astype(np.float64) - verified[both]
    return max(0.0, round(float(excess.mean()), 2))


def believed(claimed: Levels, verified: Levels, inflation: float) -> Floats:
    """Return the level to believe: the verified one, else the claim less the inflation."""
    claim = np.where(claimed > 0, np.maximum(claimed - inflation, LEAST_CLAIM), 0.0)
    return np.where(verified > 0, verified, claim)


def shape_level(claimed: Levels, verified: Levels, inflation: float) -> Floats:
    """Return the level used where nothing is required.

    It is the lower of the verified level and the discounted claim, so that verifying a claim
    at its claimed level does not move the profile away from any role.
    """
    claim = np.where(claimed > 0, np.maximum(claimed - inflation, LEAST_CLAIM), 0.0)
    low = np.where(verified > 0, np.minimum(verified, np.where(claimed > 0, claim, 5.0)), claim)
    return low


def fit_statistics(claimed: Levels, verified: Levels, prior: float) -> LevelStatistics:
    """Measure a population; `prior` is the number of imaginary people behind each estimate."""
    n, width = claimed.shape
    inflation = measured_inflation(claimed, verified)
    level = believed(claimed, verified, inflation)
    known = level > 0
    count = known.sum(axis=0).astype(np.float64)
    total = count.sum()
    overall = float(level.sum() / total) if total else 0.0
    common = float(((level - overall) ** 2)[known].mean()) if total else 1.0
    mean = (level.sum(axis=0) + prior * overall) / (count + prior)
    squares = np.where(known, (level - mean) ** 2, 0.0).sum(axis=0)
    spread = np.sqrt(np.maximum((squares + prior * common) / (count + prior), 0.01))
    return LevelStatistics(
        inflation=inflation,
        mean=np.round(mean, 2),
        spread=np.round(spread, 2),
        trust=np.round(count / (count + prior), 3),
        coverage=np.round(count / max(n, 1), 3),
        rarity=np.round(np.log((n + 1) / (count + 0.5)), 2),
        people=n,
    )


@dataclass(frozen=True)
class ProfileSums:
    """Per person, what a score needs to know of the competencies that a role does not name."""

    total: Floats
    squares: Floats
    rarity: Floats
    known: NDArray[np.intp]


def profile_sums(claimed: Levels, verified: Levels, stats: LevelStatistics) -> ProfileSums:
    """Sum the standardised profile of each person once, so that a role reads only its columns."""
    z = standardised_shape(claimed, verified, stats, slice(None))
    known = (claimed > 0) | (verified > 0)
    return ProfileSums(
        total=z.sum(axis=1),
        squares=(z**2).sum(axis=1),
        rarity=known @ (stats.rarity**2),
        known=known.sum(axis=1),
    )


def standardised_shape(
    claimed: Levels, verified: Levels, stats: LevelStatistics, columns: slice | NDArray[np.intp]
) -> Floats:
    """Standardise the shape level over the population; unknown is 0, the typical level."""
    level = shape_level(claimed[:, columns], verified[:, columns], stats.inflation)
    z = (level - stats.mean[columns]) / stats.spread[columns] * stats.trust[columns]
    return np.where(level > 0, z, 0.0)


@dataclass(frozen=True)
class LevelRule:
    """Constants of the level part, each explained in the model card.

    unlisted: standardised level expected of a competency that the role does not name.
    centre: share of the own mean that is taken out of a profile.
    floor, slope: below -floor a lower level counts only with this slope, and unknown counts
    as the bottom, so that learning a required competency never lowers the similarity.
    least: smallest distinctiveness of a required competency.
    """

    unlisted: float = -0.5
    centre: float = 0.5
    floor: float = 0.3
    slope: float = 0.05
    least: float = 0.05


def level_part(
    claimed: Levels,
    verified: Levels,
    sums: ProfileSums,
    stats: LevelStatistics,
    role: RoleQuery,
    rule: LevelRule,
) -> Floats:
    """Compare levels: what sets the role apart, met or not, over the length of the profile.

    The length is taken over what the role does not ask, and a level above the required one
    counts as the required one. So raising a required level never lowers the result, unlike
    in a cosine, while a profile that is strong everywhere still yields to a pointed one.
    """
    asked = role.asked
    width = role.required.size
    others = width - asked.size
    scale = stats.trust[asked] / stats.spread[asked]
    target = (role.required[asked] - stats.mean[asked]) * scale
    shift = rule.centre * (target.sum() + rule.unlisted * others) / width
    importance = role.weights[asked] / role.weights[asked].mean()
    weight = np.maximum(target - shift, rule.least) * importance
    away = rule.unlisted - shift

    met = _met(claimed[:, asked], verified[:, asked], stats, asked, target, rule)
    shape = standardised_shape(claimed, verified, stats, asked)
    total = sums.total - shape.sum(axis=1)
    squares = sums.squares - (shape**2).sum(axis=1)
    numerator = met @ weight + away * total * (1 - rule.centre * others / width)
    pulled = rule.centre * total / width
    length = squares - 2 * pulled * total + pulled**2 * others + asked.size
    norm = np.sqrt((weight**2).sum() + away**2 * others)
    return numerator / (np.sqrt(np.maximum(length, asked.size)) * norm)


def _met(
    claimed: Levels,
    verified: Levels,
    stats: LevelStatistics,
    asked: NDArray[np.intp],
    target: Floats,
    rule: LevelRule,
) -> Floats:
    level = believed(claimed, verified, stats.inflation)
    # Unknown stands below the lowest claim: the bottom of the scale, not the typical level.
    z = (level - stats.mean[asked]) / stats.spread[asked] * stats.trust[asked]
    capped = np.minimum(z, target)
    bend = np.minimum(-rule.floor, target)
    return np.where(capped < bend, bend + rule.slope * (capped - bend), capped)


def presence_part(
    claimed: Levels, verified: Levels, sums: ProfileSums, stats: LevelStatistics, role: RoleQuery
) -> Floats:
    """Compare which competencies are known at all, rare ones counting more (cosine of rarity)."""
    asked = role.asked
    known = (claimed[:, asked] > 0) | (verified[:, asked] > 0)
    square = stats.rarity[asked] ** 2
    norm = np.sqrt(sums.rarity * square.sum())
    return np.divide(known @ square, norm, out=np.zeros(len(norm)), where=norm > 0)


def part_weights(stats: LevelStatistics, role: RoleQuery) -> tuple[float, float]:
    """Return the weights of the level and of the presence part for one role.

    Levels count as far as people have them (mean coverage of what is required); mere presence
    counts as far as the required is rare (mean rarity, as a share of the largest possible).
    """
    asked = role.asked
    if not asked.size or not stats.people:
        return 0.0, 0.0
    rarest = np.log(stats.people + 1) or 1.0
    presence = float(np.clip(stats.rarity[asked].mean() / rarest, 0.0, 1.0))
    return float(stats.coverage[asked].mean()), presence
