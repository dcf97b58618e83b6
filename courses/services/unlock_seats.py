"""Which competency, taught to how many, unlocks the most vacant seats within money and hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from courses.models import Course
from courses.queries.need_overview import courses_in_force
from courses.unlocking import Mask, Offer, filled_seats, rank_offers
from matching.queries.pool import Pool, current_pool
from matching.queries.scenarios import Place, free_places
from matching.rules import Floats, Levels, believed_levels
from matching.scoring import score_people
from matching.services.gates import Gates, apply_gates
from matching.services.model import columns_of, role_query, role_text
from matching.services.scoring_rules import scoring_rules
from matching.services.scouting import scales
from skills.queries.standards import requirements_of
from skills.services.vectors import vector_width

STEPS = 6  # trainings that a plan of steps may hold


@dataclass(frozen=True)
class RoleDemand:
    """What a role asks (columns, levels, weights), whom its gates let pass, and its places."""

    columns: NDArray[np.int64]
    required: Levels
    weights: Floats
    passes: Mask
    places: tuple[int, ...]


@dataclass
class Situation:
    """Levels of everybody with the trust in them, and the demands of the vacant places."""

    ids: NDArray[np.int64]
    levels: Levels
    trust: Floats
    roles: Sequence[RoleDemand]
    places: Sequence[Place]
    columns: Mapping[int, int]
    least_fit: float

    def ready(
        self, levels: Levels, trust: Floats, base: Mask | None = None, taught: Sequence[int] = ()
    ) -> Mask:
        """Return who is ready for which place at some levels.

        Args:
            base: readiness before some competencies were taught, for the roles that ask none.
            taught: those competencies.
        """
        shape = (len(self.ids), len(self.places))
        found = np.zeros(shape, np.bool_) if base is None else base.copy()
        changed = [self.columns[item] for item in taught if item in self.columns]
        for role in self.roles:
            if base is not None and not np.isin(role.columns, changed).any():
                continue
            fit = score_people(
                levels[:, role.columns], role.required, role.weights, trust[:, role.columns]
            )
            found[:, role.places] = (role.passes & (fit >= self.least_fit))[:, None]
        return found

    def trained(self, reaches: Mapping[int, tuple[int, int]]) -> tuple[Levels, Floats]:
        """Return levels and trust after everybody was taught who holds the level needed before."""
        levels, trust = self.levels.copy(), self.trust.copy()
        for competency, (before, to) in reaches.items():
            column = self.columns.get(competency)
            if column is None:
                continue
            may = (self.levels[:, column] >= before) & (self.levels[:, column] <= to)
            levels[may, column], trust[may, column] = to, 1.0
        return levels, trust


@dataclass(frozen=True)
class Unlocking:
    """A training with whom it is worth teaching and the seats that this unlocks."""

    course: Course
    competency_ids: tuple[int, ...]
    trained: tuple[int, ...]  # employee ids
    gain: int
    after: int
    cost: int
    jp: int


@dataclass(frozen=True)
class UnlockReport:
    """The vacant places, how many can be filled now, and what training adds."""

    places: int
    before: int
    ranked: Sequence[Unlocking]
    steps: Sequence[Unlocking]
    seats_of: Mapping[int, str]  # place row to the code of its seat


def situation(session: DbSession, *, least_fit: float | None = None) -> Situation:
    """Read the pool and the vacant places; a person who holds a seat is not free."""
    places = free_places(session)
    pool = current_pool(session, width=vector_width(session))
    rules = scoring_rules(session)
    levels, trust = believed_levels(
        pool.verified, pool.claimed, claim_confidence=rules.claim_confidence
    )
    columns = columns_of(session)
    fit = rules.cuts[0] if least_fit is None else least_fit
    demands = _demands(session, places, pool, columns)
    return Situation(pool.ids, levels, trust, demands, places, columns, fit)


def _demands(
    session: DbSession, places: Sequence[Place], pool: Pool, columns: Mapping[int, int]
) -> list[RoleDemand]:
    free = np.array([not person.seats_held for person in pool.people], np.bool_)
    by_role: dict[int, list[int]] = {}
    for at, place in enumerate(places):
        by_role.setdefault(place.seat.role_id, []).append(at)
    order, day, width = scales(session), clock.today(), pool.verified.shape[1]
    found = []
    for rows in by_role.values():
        role = places[rows[0]].seat.role
        requirements = requirements_of(role.standard)
        if not requirements:
            continue
        query = role_query(requirements, columns, width, role_text(role))
        asked = np.flatnonzero(query.required)
        passes = apply_gates(pool.facts, Gates.from_role(role.gates), order, day).passes & free
        found.append(
            RoleDemand(asked, query.required[asked], query.weights[asked], passes, tuple(rows))
        )
    return found


def unlock_report(
    session: DbSession,
    *,
    budget: int,
    hours: int,
    single: bool = True,
    least_fit: float | None = None,
) -> UnlockReport:
    """Rank trainings by the seats they unlock, and put the best together step by step.

    Args:
        budget: rupiah for all participants.
        hours: JP of all participants together.
        single: each competency by itself (with the course that teaches it for least), or whole
            courses with all they teach.
        least_fit: the fit from which somebody can take a seat; the upper cut by default.
    """
    now, courses = situation(session, least_fit=least_fit), courses_in_force(session)
    if not now.places or not len(now.ids):
        return UnlockReport(len(now.places), 0, (), (), {})
    choices = single_choices(courses) if single else whole_choices(courses)
    before, ranked = _ranked(now, choices, budget, hours)
    steps = _steps(now, choices, ranked, budget, hours)
    codes = {at: place.seat.code for at, place in enumerate(now.places)}
    return UnlockReport(len(now.places), before, ranked, steps, codes)


def fits_to_choose(session: DbSession) -> tuple[float, float]:
    """Return the cuts of the list of candidates: from which fit somebody meets, or nearly."""
    return scoring_rules(session).cuts


Choice = tuple[Course, Mapping[int, tuple[int, int]]]


def whole_choices(courses: Sequence[Course]) -> list[Choice]:
    """Return each course with all it teaches."""
    return [
        (course, {row.competency_id: (row.from_level, row.to_level) for row in course.competencies})
        for course in courses
        if course.competencies
    ]


def single_choices(courses: Sequence[Course]) -> list[Choice]:
    """Return each competency and level with the course that reaches it for the least."""
    best: dict[tuple[int, int], tuple[tuple[int, int, str], Choice]] = {}
    for course in courses:
        for row in course.competencies:
            price = (course.cost, course.jp, course.code)
            known = best.get((row.competency_id, row.to_level))
            if known is None or price < known[0]:
                reaches = {row.competency_id: (row.from_level, row.to_level)}
                best[(row.competency_id, row.to_level)] = (price, (course, reaches))
    return [best[key][1] for key in sorted(best)]


def _ranked(
    now: Situation, choices: Sequence[Choice], budget: int, hours: int
) -> tuple[int, list[Unlocking]]:
    ready = now.ready(now.levels, now.trust)
    offers = [
        Offer(
            at,
            course.cost,
            course.jp,
            ready | now.ready(*now.trained(reaches), ready, tuple(reaches)),
        )
        for at, (course, reaches) in enumerate(choices)
    ]
    useful = [offer for offer in offers if (offer.ready_after & ~ready).any()]
    rows = rank_offers(ready, useful, budget=budget, hours=hours)
    found = []
    for row in rows:
        course, reaches = choices[row.offer.key]
        people = tuple(int(now.ids[at]) for at in row.unlocked.trained)
        if row.unlocked.gain:
            found.append(
                Unlocking(
                    course,
                    tuple(reaches),
                    people,
                    row.unlocked.gain,
                    row.unlocked.after,
                    row.cost,
                    row.jp,
                )
            )
    return filled_seats(ready), found


def _steps(
    now: Situation, choices: Sequence[Choice], ranked: list[Unlocking], budget: int, hours: int
) -> list[Unlocking]:
    """Take the best training, teach it, and look again with the money and hours left."""
    state = replace(now, levels=now.levels.copy(), trust=now.trust.copy())
    taken: list[Unlocking] = []
    while ranked and len(taken) < STEPS:
        best = ranked[0]
        taken.append(best)
        budget, hours = budget - best.cost, hours - best.jp
        reaches = next(
            reaches
            for course, reaches in choices
            if course is best.course and tuple(reaches) == best.competency_ids
        )
        levels, trust = state.trained(reaches)
        rows = np.flatnonzero(np.isin(state.ids, best.trained))
        state.levels[rows], state.trust[rows] = levels[rows], trust[rows]
        _, ranked = _ranked(state, choices, budget, hours)
    return taken
