"""Pure rules of tests: points of an answer, drawing and order, statistics. No database, no clock.

Order comes from digests of a seed that is kept with the attempt, never from a running generator:
the same seed and the same questions give the same test again, whenever it is replayed.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from courses.questions.content import Content, QuestionKind, fold

FEWEST_FOR_DISCRIMINATION = 8


def points_of(content: Content, answer: object) -> float:
    """Return the points of an answer: places of the chosen options, or a text.

    Several choices: each right one earns its share, each wrong one takes a share back, never below
    zero. An answer of another shape earns nothing.
    """
    if content.kind is QuestionKind.TEXT:
        accepted = {fold(text) for text in content.accepted}
        return float(content.points) if isinstance(answer, str) and fold(answer) in accepted else 0
    chosen = set(answer) if isinstance(answer, list | tuple | set) else set()
    right = {place for place, choice in enumerate(content.choices) if choice.right}
    if content.kind is QuestionKind.SINGLE:
        return float(content.points) if chosen == right else 0.0
    share = Fraction(max(0, len(chosen & right) - len(chosen - right)), max(1, len(right)))
    return float(content.points * share)


def percent(points: float, possible: float) -> float:
    """Return points in percent of what was possible, with one decimal."""
    return round(100 * points / possible, 1) if possible else 0.0


def in_order(items: Iterable[int], *, seed: int, key: str) -> list[int]:
    """Return the items shuffled by a seed: the same items always in the same order."""

    def digest(item: int) -> bytes:
        return hashlib.sha256(f"{seed}:{key}:{item}".encode()).digest()

    return sorted(items, key=digest)


def draw(
    pools: Mapping[str, Sequence[int]], wanted: Mapping[str, int], *, seed: int, shuffled: bool
) -> list[int]:
    """Return the ids of a test that takes so many questions of each topic.

    A topic with fewer questions gives all it has.

    Args:
        pools: topic to ids in the order of the bank.
        wanted: topic to number.
        shuffled: the questions of all topics mixed; otherwise topic by topic, in bank order.
    """
    chosen: list[int] = []
    for topic, count in sorted(wanted.items()):
        pool = list(pools.get(topic, ()))
        taken = set(in_order(pool, seed=seed, key="draw")[: max(0, count)])
        chosen += [item for item in pool if item in taken]
    return in_order(chosen, seed=seed, key="order") if shuffled else chosen


def option_order(count: int, *, seed: int, question: int, shuffled: bool) -> list[int]:
    """Return the places of the options in the order in which they are shown."""
    places = list(range(count))
    return in_order(places, seed=seed, key=f"options:{question}") if shuffled else places


@dataclass(frozen=True)
class ItemFigures:
    """How a question worked: share of points earned, and whether it tells strong from weak.

    Args:
        answered: in how many attempts it was asked.
        difficulty: mean share of its points, 0 (nobody) to 1 (everybody).
        discrimination: correlation with the rest of the test, -1 to 1; None where too few people
            answered or all earned the same.
    """

    answered: int
    difficulty: float
    discrimination: float | None


def item_figures(shares: Sequence[tuple[float, float]]) -> ItemFigures | None:
    """Return the figures of a question from (its share, share of the rest) per attempt."""
    if not shares:
        return None
    own = [pair[0] for pair in shares]
    enough = len(shares) >= FEWEST_FOR_DISCRIMINATION
    return ItemFigures(
        answered=len(shares),
        difficulty=sum(own) / len(own),
        discrimination=correlation(shares) if enough else None,
    )


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Pearson's correlation, or None where one side never varies."""
    count = len(pairs)
    if count < 2:
        return None
    first = sum(pair[0] for pair in pairs) / count
    second = sum(pair[1] for pair in pairs) / count
    left = sqrt(sum((pair[0] - first) ** 2 for pair in pairs))
    right = sqrt(sum((pair[1] - second) ** 2 for pair in pairs))
    if left < 1e-9 or right < 1e-9:
        return None
    both = sum((a - first) * (b - second) for a, b in pairs)
    return max(-1.0, min(1.0, both / (left * right)))


@dataclass(frozen=True)
class Gain:
    """What a training added, from people with both tests.

    `share` is the part of what was still to be learned that was learned; None where the pre-test
    left nothing to learn.
    """

    people: int
    before: float
    after: float
    share: float | None

    @property
    def points(self) -> float:
        """Difference of the means in points of a hundred."""
        return self.after - self.before


def gain(pairs: Sequence[tuple[float, float]]) -> Gain | None:
    """Return the gain from (pre-test, post-test) in percent per person."""
    if not pairs:
        return None
    before = sum(pair[0] for pair in pairs) / len(pairs)
    after = sum(pair[1] for pair in pairs) / len(pairs)
    share = (after - before) / (100 - before) if before < 99.95 else None
    return Gain(len(pairs), before, after, share)


def weighted_score(parts: Sequence[tuple[int, float | None]]) -> float | None:
    """Return the score from (weight, percent) of each part; None while a part is missing."""
    counted = [(weight, value) for weight, value in parts if weight > 0]
    if not counted or any(value is None for _weight, value in counted):
        return None
    total = sum(weight for weight, _value in counted)
    return round(sum(weight * (value or 0.0) for weight, value in counted) / total, 1)
