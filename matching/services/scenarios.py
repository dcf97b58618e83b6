"""All vacant seats at once: the best filling under constraints, beside filling one by one."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput, Stale, check_version
from app.core.i18n import N_
from matching.engine.assignment import EMPTY, Assignment
from matching.engine.constrained import Constraints, InfeasibleAssignment, assign
from matching.models import AssignmentScenario, ScenarioPlace
from matching.queries.pool import current_pool
from matching.queries.scenarios import Place, free_places
from matching.rules import Floats, believed_levels
from matching.scoring import score_people
from matching.services.gates import Gates, apply_gates
from matching.services.model import columns_of, role_query, role_text
from matching.services.process_rules import process_rules
from matching.services.scoring_rules import scoring_rules
from matching.services.scouting import scales
from matching.talent_rules import fill_one_by_one, objective_of
from skills.queries.standards import requirements_of
from skills.services.vectors import vector_width

SECONDS = 10.0


@dataclass(frozen=True)
class ScenarioSettings:
    """The constraints as an officer sets them; points are points of fit."""

    least_fit: float | None = None  # below it nobody is proposed; None: as the rules in force say
    most_leavers: int | None = None  # from any one OPD; None: no limit
    own_opd_bonus: float = 0.0
    keep_holders: bool = False  # seats that are held take part as well
    keep_margin: float = 10.0
    backups: bool = False
    must_fill: bool = False
    locked: tuple[tuple[int, int], ...] = ()  # (employee id, seat id)


@dataclass(frozen=True)
class Problem:
    """Everything the engine reads: fits, who may, places and constraints."""

    places: Sequence[Place]
    ids: NDArray[np.int64]
    fit: Floats  # (n_people, n_places)
    allowed: NDArray[np.bool_]
    constraints: Constraints


def build_problem(session: Session, settings: ScenarioSettings) -> Problem:
    """Read pool, free places and constraints; a fit is computed once a role.

    Raises:
        InvalidInput: there is no place to fill, or a locked pair that cannot be.
    """
    places = free_places(session, with_held=settings.keep_holders)
    if not places:
        raise InvalidInput(N_("Tidak ada kursi yang perlu diisi."))
    pool = current_pool(session, width=vector_width(session))
    fit, allowed = _scores(session, places, pool, least_fit(session, settings))
    incumbent = np.full(len(places), EMPTY)
    for at, place in enumerate(places):
        row = None if place.holder_id is None else pool.position_of(place.holder_id)
        if row is not None:
            incumbent[at] = row
            allowed[row, at] = True  # a holder may stay whatever the gates say today
    busy = [at for at, person in enumerate(pool.people) if person.seats_held]
    free = np.ones(len(pool.ids), np.bool_)
    free[busy] = False
    free[incumbent[incumbent != EMPTY]] = True
    allowed &= free[:, None]
    home = np.array([person.opd_id for person in pool.people], np.int64)
    limit = settings.most_leavers
    return Problem(
        places=places,
        ids=pool.ids,
        fit=fit,
        allowed=allowed,
        constraints=Constraints(
            home=home,
            seat_opd=np.array([place.seat.opd_id for place in places], np.int64),
            most_leavers={} if limit is None else {int(o): limit for o in np.unique(home)},
            locked=_locked(settings, places, pool.ids),
            incumbent=incumbent if settings.keep_holders else None,
            keep_margin=settings.keep_margin if settings.keep_holders else 0.0,
            own_opd_bonus=settings.own_opd_bonus,
            backups=settings.backups,
            must_fill=settings.must_fill,
        ),
    )


def least_fit(session: Session, settings: ScenarioSettings) -> float:
    """Return the lowest fit that a scenario proposes."""
    if settings.least_fit is None:
        return process_rules(session).scenario_least_fit
    return settings.least_fit


def _scores(
    session: Session, places: Sequence[Place], pool: Any, least: float
) -> tuple[Floats, NDArray[np.bool_]]:
    columns, order, day = columns_of(session), scales(session), clock.today()
    share = scoring_rules(session).claim_confidence
    levels, trust = believed_levels(pool.verified, pool.claimed, claim_confidence=share)
    fit = np.zeros((len(pool.ids), len(places)))
    allowed = np.zeros(fit.shape, np.bool_)
    by_role: dict[int, list[int]] = {}
    for at, place in enumerate(places):
        by_role.setdefault(place.seat.role_id, []).append(at)
    for seats in by_role.values():
        role = places[seats[0]].seat.role
        requirements = requirements_of(role.standard)
        if not requirements:
            raise InvalidInput(N_("Peran ini tidak menuntut kompetensi apa pun; isi standarnya."))
        query = role_query(requirements, columns, levels.shape[1], role_text(role))
        score = score_people(levels, query.required, query.weights, trust)
        passes = apply_gates(pool.facts, Gates.from_role(role.gates), order, day).passes
        fit[:, seats] = score[:, None]
        allowed[:, seats] = (passes & (score >= least))[:, None]
    return fit, allowed


def _locked(
    settings: ScenarioSettings, places: Sequence[Place], ids: NDArray[np.int64]
) -> tuple[tuple[int, int], ...]:
    rows = {int(person): at for at, person in enumerate(ids)}
    pairs: list[tuple[int, int]] = []
    for person, seat_id in settings.locked:
        taken = {at for _, at in pairs}
        open_at = [
            at for at, place in enumerate(places) if place.seat.id == seat_id and at not in taken
        ]
        known = person in rows and rows[person] not in {row for row, _ in pairs}
        if not open_at or not known:
            raise InvalidInput(
                N_("Pasangan yang dikunci tidak dapat dipakai: kursi penuh atau orangnya ganda."),
                field="locked",
            )
        pairs.append((rows[person], open_at[0]))
    return tuple(pairs)


def solve_scenario(
    session: Session, *, actor: Actor, name: str, settings: ScenarioSettings
) -> AssignmentScenario:
    """Solve, compare with filling one by one, price every constraint, and keep the answer.

    Raises:
        InvalidInput: no name, nothing to fill, or a locked pair that cannot be.
    """
    if not name.strip():
        raise InvalidInput(N_("Isi nama skenario."), field="name")
    settings = replace(settings, least_fit=least_fit(session, settings))
    problem = build_problem(session, settings)
    scenario = AssignmentScenario(
        name=name.strip()[:200],
        settings=asdict(settings),
        state="solved",
        figures={},
        inputs_hash=_hash(problem, settings),
        solved_on=clock.today(),
        created_at=clock.now(),
        created_by_id=actor.account_id,
        created_by_label=actor.label,
    )
    try:
        answer = _assign(problem, problem.constraints)
    except InfeasibleAssignment as error:
        scenario.state = "infeasible"
        scenario.figures = {"places": len(problem.places), **_ways(problem, error)}
    else:
        greedy = fill_one_by_one(problem.fit, problem.allowed, problem.constraints)
        scenario.figures = _figures(problem, answer, greedy)
        scenario.rows = _rows(problem, answer, greedy)
    session.add(scenario)
    session.flush()
    record(
        session,
        "matching:scenario:solve",
        scenario,
        people=[row.employee_id for row in scenario.rows if row.employee_id],
        settings=scenario.settings,
        state=scenario.state,
    )
    return scenario


def _assign(problem: Problem, constraints: Constraints) -> Assignment:
    return assign(problem.fit, problem.allowed, constraints, SECONDS)


def _figures(problem: Problem, answer: Assignment, greedy: Assignment) -> dict[str, Any]:
    return {
        "places": len(problem.places),
        "people": len(problem.ids),
        "eligible": int(problem.allowed.any(axis=1).sum()),
        "filled": answer.filled,
        "total": answer.total,
        "objective": objective_of(problem.fit, answer, problem.constraints),
        "greedy_filled": greedy.filled,
        "greedy_total": greedy.total,
        "greedy_objective": objective_of(problem.fit, greedy, problem.constraints),
        "leavers": int(sum(_leaves(problem, answer))),
        "costs": _costs(problem, answer),
    }


def _leaves(problem: Problem, answer: Assignment) -> list[bool]:
    home, seat_opd = problem.constraints.home, problem.constraints.seat_opd
    return [
        bool(home[row] != seat_opd[at]) for at, row in enumerate(answer.primary) if row != EMPTY
    ]


def _costs(problem: Problem, answer: Assignment) -> list[dict[str, Any]]:
    """Solve again without each constraint in turn; what that gains is what the constraint costs."""
    found = []
    for name, changed in _without_each(problem.constraints):
        free = _assign(problem, replace(changed, must_fill=False))
        found.append(
            {
                "constraint": name,
                "filled": free.filled - answer.filled,
                "points": free.total - answer.total,
            }
        )
    return found


def _without_each(constraints: Constraints) -> list[tuple[str, Constraints]]:
    ways = []
    if constraints.most_leavers:
        ways.append(("most_leavers", replace(constraints, most_leavers={})))
    if constraints.own_opd_bonus:
        ways.append(("own_opd_bonus", replace(constraints, own_opd_bonus=0.0)))
    if constraints.incumbent is not None and constraints.keep_margin:
        ways.append(("keep_margin", replace(constraints, keep_margin=0.0)))
    if constraints.locked:
        ways.append(("locked", replace(constraints, locked=())))
    if constraints.backups:
        ways.append(("backups", replace(constraints, backups=False)))
    return ways


def _ways(problem: Problem, error: InfeasibleAssignment) -> dict[str, Any]:
    return {
        "relaxations": [
            {"constraint": way.constraint, "where": _named(problem, way.constraint, way.where)}
            for way in error.relaxations
        ]
    }


def _named(problem: Problem, constraint: str, where: Sequence[int]) -> list[int]:
    """Return ids of seats (eligibility, locked) or of OPD (most_leavers)."""
    if constraint == "eligibility":
        return [problem.places[at].seat.id for at in where]
    if constraint == "locked":
        return [problem.places[problem.constraints.locked[at][1]].seat.id for at in where]
    return [int(opd) for opd in where]


def _rows(problem: Problem, answer: Assignment, greedy: Assignment) -> list[ScenarioPlace]:
    def person(row: int) -> int | None:
        return None if row == EMPTY else int(problem.ids[row])

    def fit(row: int, at: int) -> float | None:
        return None if row == EMPTY else float(problem.fit[row, at])

    return [
        ScenarioPlace(
            number=at + 1,
            seat_id=place.seat.id,
            incumbent_id=place.holder_id,
            employee_id=person(answer.primary[at]),
            fit=fit(answer.primary[at], at),
            backup_id=person(answer.backup[at]),
            backup_fit=fit(answer.backup[at], at),
            greedy_id=person(greedy.primary[at]),
            greedy_fit=fit(greedy.primary[at], at),
        )
        for at, place in enumerate(problem.places)
    ]


def _hash(problem: Problem, settings: ScenarioSettings) -> str:
    head = json.dumps([asdict(settings), [place.seat.id for place in problem.places]])
    digest = hashlib.sha256(head.encode())
    for part in (problem.ids, problem.fit, problem.allowed):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()


def delete_scenario(
    session: Session, *, scenario: AssignmentScenario, expected_version: int | None = None
) -> None:
    """Delete a scenario that has not become proposals.

    Raises:
        Stale: proposals refer to it, or it was changed meanwhile.
    """
    if scenario.proposed_at is not None:
        raise Stale(N_("Skenario yang sudah menjadi usulan tidak dapat dihapus."))
    check_version(scenario, expected_version)
    record(session, "matching:scenario:delete", scenario, name=scenario.name)
    session.delete(scenario)
    session.flush()


def settings_of(values: Mapping[str, Any]) -> ScenarioSettings:
    """Return the settings as a scenario keeps them."""
    locked = tuple((int(person), int(seat)) for person, seat in values.get("locked") or ())
    return ScenarioSettings(**{**values, "locked": locked})
