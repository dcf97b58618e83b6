"""What would change a fit: the cheapest set of trainings that lifts it over a threshold."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from matching import scoring
from matching.engine.records import HIGHEST_LEVEL, Floats, Levels

# Up to so many useful options every subset is looked at; beyond, branch and bound.
EXACT_OPTIONS = 16
NODES = 200_000


@dataclass(frozen=True)
class TrainingOption:
    """A training on offer: level reached per competency column, hours (jp) and cost (rupiah)."""

    code: str
    reaches: dict[int, int]
    jp: int
    cost: int


@dataclass(frozen=True)
class TrainingPlan:
    """A set of trainings with its price and the fit and levels after it.

    proven_cheapest is False only when a very large catalogue stopped the search early.
    """

    codes: tuple[str, ...]
    jp: int
    cost: int
    fit: float
    levels: Levels
    proven_cheapest: bool = True


def after_training(levels: Levels, options: Sequence[TrainingOption]) -> Levels:
    """Return the levels after some trainings; no training lowers a level."""
    result = levels.copy()
    for option in options:
        for column, level in option.reaches.items():
            if not 0 <= level <= HIGHEST_LEVEL:
                raise ValueError(f"training {option.code} reaches no valid level")
            result[column] = max(int(result[column]), level)
    return result


def cheapest_training(
    levels: Levels,
    required: Levels,
    weights: Floats,
    options: Sequence[TrainingOption],
    threshold: float,
    *,
    hours_first: bool = True,
    confidence: Floats | None = None,
    trained_confidence: float = 1.0,
) -> TrainingPlan | None:
    """Return the cheapest set of options that lifts the fit to the threshold, or None.

    levels, required, weights: one row each; hours_first compares jp, then cost (else cost, then
    jp), then number of trainings, then codes. The fit is that of `matching.scoring`; cells
    raised by a training get `trained_confidence`.

    Raises: ValueError as the scorer.
    """
    problem = _Problem(
        levels, required, weights, threshold, hours_first, confidence, trained_confidence
    )
    if problem.fit(levels) >= threshold:
        return TrainingPlan((), 0, 0, problem.fit(levels), levels.copy())
    useful = problem.useful(options)
    if problem.fit(after_training(levels, useful)) < threshold:
        return None
    if len(useful) <= EXACT_OPTIONS:
        chosen, proven = problem.try_all(useful), True
    else:
        chosen, proven = problem.search(useful)
    reached = after_training(levels, chosen)
    jp, cost = sum(o.jp for o in chosen), sum(o.cost for o in chosen)
    codes = tuple(sorted(o.code for o in chosen))
    return TrainingPlan(codes, jp, cost, problem.fit(reached), reached, proven)


Price = tuple[int, int, int, tuple[str, ...]]


@dataclass(frozen=True)
class _Problem:
    levels: Levels
    required: Levels
    weights: Floats
    threshold: float
    hours_first: bool
    confidence: Floats | None
    trained_confidence: float

    def fit(self, levels: Levels) -> float:
        sure = None
        if self.confidence is not None:
            raised = levels > self.levels
            better = np.maximum(self.confidence, self.trained_confidence)
            sure = np.where(raised, better, self.confidence)[None, :]
        return float(scoring.score_people(levels[None, :], self.required, self.weights, sure)[0])

    def price(self, options: Sequence[TrainingOption]) -> Price:
        jp, cost = sum(o.jp for o in options), sum(o.cost for o in options)
        first, second = (jp, cost) if self.hours_first else (cost, jp)
        return first, second, len(options), tuple(sorted(o.code for o in options))

    def useful(self, options: Sequence[TrainingOption]) -> list[TrainingOption]:
        now = self.fit(self.levels)
        kept = [o for o in options if self.fit(after_training(self.levels, [o])) > now]
        return sorted(kept, key=lambda option: self.price([option]))

    def try_all(self, options: Sequence[TrainingOption]) -> list[TrainingOption]:
        best: tuple[Price, list[TrainingOption]] | None = None
        for size in range(1, len(options) + 1):
            for subset in combinations(options, size):
                price = self.price(subset)
                if best is not None and price >= best[0]:
                    continue
                if self.fit(after_training(self.levels, subset)) >= self.threshold:
                    best = price, list(subset)
        if best is None:
            raise AssertionError("all options together reach the threshold")
        return best[1]

    def search(self, options: Sequence[TrainingOption]) -> tuple[list[TrainingOption], bool]:
        """Depth-first branch and bound: drop what costs more or cannot reach the threshold."""
        best: list[TrainingOption] = list(options)
        best_price = self.price(best)
        stack: list[tuple[int, tuple[TrainingOption, ...]]] = [(0, ())]
        nodes = 0
        while stack and nodes < NODES:
            nodes += 1
            at, chosen = stack.pop()
            price = self.price(chosen)
            if price[:2] > best_price[:2]:
                continue
            reached = after_training(self.levels, chosen)
            if self.fit(reached) >= self.threshold:
                if price < best_price:
                    best, best_price = list(chosen), price
                continue
            rest = options[at:]
            if not rest or self.fit(after_training(reached, rest)) < self.threshold:
                continue
            stack.append((at + 1, chosen))
            stack.append((at + 1, (*chosen, options[at])))
        return best, not stack
