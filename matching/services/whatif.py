"""The cheapest trainings that lift somebody over the threshold, with the new fit and place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from matching.engine.whatif import TrainingOption, cheapest_training
from matching.services.explain import Hypothesis, place_with, rescored
from matching.services.scouting import Scored


@dataclass(frozen=True)
class Offer:
    """A training of the catalogue: from and to which level per competency."""

    code: str
    effects: Mapping[int, tuple[int, int]]  # competency -> (level needed before, level reached)
    jp: int
    cost: int


@dataclass(frozen=True)
class Outcome:
    """A plan and what it brings; without codes the threshold is reached already."""

    codes: Sequence[str]
    jp: int
    cost: int
    fit: float
    similarity: float
    rank_before: int | None
    rank_after: int
    proven_cheapest: bool


def cheapest_plan(
    session: Session,
    scored: Scored,
    at: int,
    offers: Sequence[Offer],
    *,
    threshold: float | None = None,
    hours_first: bool = True,
) -> Outcome | None:
    """Return the cheapest set of trainings that lifts the fit over the threshold, or None.

    Only trainings count whose level needed before is held; a certificate proves its level.

    Args:
        at: row of the person in the pool.
        threshold: fit to reach, the upper cut of the list by default.
    """
    goal = scored.inputs.criteria.cuts[0] if threshold is None else threshold
    plan = cheapest_training(
        scored.levels[at],
        scored.required,
        scored.weights,
        [option for offer in offers if (option := _option(scored, at, offer)) is not None],
        goal,
        hours_first=hours_first,
        confidence=scored.trust[at],
    )
    if plan is None:
        return None
    raised = plan.levels > scored.levels[at]
    proven = np.where(raised, plan.levels, scored.verified[at]).astype(np.uint8)
    fits, likeness = rescored(session, scored, [Hypothesis(at, proven)])
    employee_id = int(scored.inputs.pool.ids[at])
    return Outcome(
        codes=plan.codes,
        jp=plan.jp,
        cost=plan.cost,
        fit=float(fits[0]),
        similarity=float(likeness[0]),
        rank_before=scored.rank_of(employee_id),
        rank_after=place_with(scored, at, float(fits[0]), float(likeness[0])),
        proven_cheapest=plan.proven_cheapest,
    )


def _option(scored: Scored, at: int, offer: Offer) -> TrainingOption | None:
    reaches = {}
    for column, item in enumerate(scored.inputs.criteria.requirements):
        before, to = offer.effects.get(item.competency_id, (0, 0))
        if to and scored.levels[at, column] >= before:
            reaches[column] = to
    return TrainingOption(offer.code, reaches, offer.jp, offer.cost) if reaches else None
