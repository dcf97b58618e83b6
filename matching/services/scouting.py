"""Scouting: from a seat to a ranked list whose every number can be opened.

The list is grouped by fit (memenuhi, hampir, belum), ordered within a group by similarity, then by
fit, then by id; one criterion orders by fit alone. Nothing about sex, age, religion, marital state
or origin is read.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.core.i18n import N_
from matching.models import ModelVersion, Role, ScoutingRun, Seat
from matching.queries.pool import Person, Pool, canonical_person, current_pool
from matching.rules import (
    CLAIM_CONFIDENCE,
    MEETS,
    NEAR,
    Floats,
    Levels,
    believed_levels,
    group_counts,
    group_of,
    most_points,
    order_rows,
)
from matching.scoring import contributions, score_band
from matching.services.gates import Gates, GateStep, Scales, apply_gates, base_kind
from matching.services.model import columns_of, role_query, role_text, similarities
from skills.queries.standards import requirements_of
from skills.rules import Requirement
from skills.services.reference_load import reference_rows
from skills.services.vectors import vector_width

FIT_VERSION = "fit-1"
MIN_REQUIREMENTS = 3  # with fewer, a role has too little to rank on and is flagged


@dataclass(frozen=True)
class Criteria:
    """What a search asks: prefilled from the role, editable by the officer."""

    requirements: tuple[Requirement, ...]
    gates: Gates
    order: str = "group"  # group, fit
    cuts: tuple[float, float] = (MEETS, NEAR)
    claim_confidence: float = CLAIM_CONFIDENCE


@dataclass(frozen=True)
class RequirementScore:
    """One requirement of one person: what is held, what it adds and could add at most."""

    competency_id: int
    required: int
    verified: int | None
    claimed: int | None
    mandatory: bool
    points: float
    most: float

    @property
    def state(self) -> str:
        """met, short, claimed or unknown, as the rules of gaps name it."""
        held = self.verified or 0
        if held >= self.required:
            return "met"
        if self.verified is None and self.claimed is not None and self.claimed >= self.required:
            return "claimed"
        return "unknown" if self.verified is None and self.claimed is None else "short"


@dataclass(frozen=True)
class RankedPerson:
    """A person of the list with the numbers and what they consist of."""

    rank: int
    person: Person
    fit: float
    fit_high: float
    similarity: float
    group: str  # meets, near, below
    scores: Sequence[RequirementScore]

    @property
    def missing_mandatory(self) -> Sequence[RequirementScore]:
        """Mandatory requirements whose minimum level is not verified."""
        return [item for item in self.scores if item.mandatory and item.state != "met"]


@dataclass(frozen=True)
class Ranking:
    """A ranked list with everything that made it."""

    criteria: Criteria
    day: date
    pool_size: int
    steps: Sequence[GateStep]
    passed: int
    groups: Mapping[str, int]
    people: Sequence[RankedPerson]
    model: str  # checksum of the similarity model
    order_hash: str  # of the whole order, so that a form can tell whether the list has changed
    thin_role: bool
    emptied_by: GateStep | None  # the gate that left nobody
    frozen: "FrozenInputs" = field(repr=False)


@dataclass(frozen=True)
class FrozenInputs:
    """What the search read, as canonical bytes, and the order it gave."""

    inputs: bytes
    order: bytes


def criteria_of(seat: Seat) -> Criteria:
    """Return the criteria a seat starts with: the standard and the gates of its role."""
    return Criteria(
        requirements=requirements_of(seat.role.standard), gates=Gates.from_role(seat.role.gates)
    )


def scales(session: Session) -> Scales:
    """Return the orders of ranks and education of the reference data."""
    return Scales(
        golongan={
            (str(row["employment_kind"]), str(row["golongan"])): int(row["order"])
            for row in reference_rows(session, "golongan")
        },
        education={
            str(row["code"]): int(row["order"])
            for row in reference_rows(session, "education_levels")
        },
    )


def rank_for_role(session: Session, *, role: Role, criteria: Criteria, top: int = 50) -> Ranking:
    """Rank everybody in service for a role.

    Args:
        top: how many people to explain; all are ranked and counted.

    Raises:
        InvalidInput: no requirement with a positive weight.
    """
    if not criteria.requirements:
        raise InvalidInput(N_("Peran ini tidak menuntut kompetensi apa pun; isi standarnya."))
    day = clock.today()
    width = vector_width(session)
    pool = current_pool(session, width=width)
    columns = columns_of(session)
    query = role_query(criteria.requirements, columns, width, role_text(role))
    order_scales = scales(session)
    gates = apply_gates(pool.people, criteria.gates, order_scales, day)
    levels, trust = believed_levels(
        pool.verified, pool.claimed, claim_confidence=criteria.claim_confidence
    )
    low, high = score_band(levels, query.required, query.weights, trust)
    likeness, model = similarities(session, pool, query)
    rows = np.flatnonzero(gates.passes)
    rows = rows[
        order_rows(
            by_fit=criteria.order == "fit",
            cuts=criteria.cuts,
            fit=low[rows],
            likeness=likeness[rows],
            ids=pool.ids[rows],
        )
    ]
    table = _Scored(pool, columns, levels, trust, query.required, query.weights)
    people = [
        RankedPerson(
            rank=number,
            person=pool.people[at],
            fit=float(low[at]),
            fit_high=float(high[at]),
            similarity=float(likeness[at]),
            group=group_of(float(low[at]), criteria.cuts),
            scores=table.scores_of(int(at), criteria.requirements),
        )
        for number, at in enumerate(rows[:top], start=1)
    ]
    order = _order_bytes(pool.ids[rows], low[rows], likeness[rows])
    return Ranking(
        criteria=criteria,
        day=day,
        pool_size=len(pool.ids),
        steps=gates.steps,
        passed=len(rows),
        groups=group_counts(low[rows], criteria.cuts),
        people=people,
        model=model,
        order_hash=hashlib.sha256(order).hexdigest(),
        thin_role=len(criteria.requirements) < MIN_REQUIREMENTS,
        emptied_by=gates.emptied_by,
        frozen=FrozenInputs(_input_bytes(role, criteria, day, pool, model), order),
    )


@dataclass
class _Scored:
    """Levels and points of the pool, opened person by person."""

    pool: Pool
    columns: Mapping[int, int]
    levels: Levels
    trust: Floats
    required: Levels
    weights: Floats

    def scores_of(self, at: int, requirements: Sequence[Requirement]) -> list[RequirementScore]:
        one = slice(at, at + 1)
        points = contributions(self.levels[one], self.required, self.weights, self.trust[one])[0]
        most = most_points(self.required, self.weights)
        found = []
        for item in requirements:
            column = self.columns[item.competency_id]
            found.append(
                RequirementScore(
                    competency_id=item.competency_id,
                    required=item.level,
                    verified=int(self.pool.verified[at, column]) or None,
                    claimed=int(self.pool.claimed[at, column]) or None,
                    mandatory=item.mandatory,
                    points=float(points[column]),
                    most=float(most[column]),
                )
            )
        return found


def _order_bytes(ids: NDArray[np.int64], fit: Floats, likeness: Floats) -> bytes:
    rows = [
        [int(person), float(score).hex(), float(close).hex()]
        for person, score, close in zip(ids, fit, likeness, strict=True)
    ]
    return json.dumps(rows, separators=(",", ":")).encode()


def _input_bytes(role: Role, criteria: Criteria, day: date, pool: Pool, model: str) -> bytes:
    head = {
        "fit": FIT_VERSION,
        "model": model,
        "role": {"code": role.code, "version": role.version, "text": [role.text, role.text_en]},
        "criteria": criteria_json(criteria),
        "day": day.isoformat(),
    }
    lines = [json.dumps(head, sort_keys=True, ensure_ascii=False)]
    for at, person in enumerate(pool.people):
        levels = f"{pool.verified[at].tobytes().hex()} {pool.claimed[at].tobytes().hex()}"
        lines.append(f"{levels} {canonical_person(person)}")
    return "\n".join(lines).encode()


def criteria_json(criteria: Criteria) -> dict[str, Any]:
    """Return the criteria as JSON values, as a run keeps them."""
    return {
        "requirements": [
            [item.competency_id, item.level, item.weight, item.mandatory]
            for item in criteria.requirements
        ],
        "gates": {key: value for key, value in vars(criteria.gates).items() if value},
        "order": criteria.order,
        "cuts": list(criteria.cuts),
        "claim_confidence": criteria.claim_confidence,
    }


def keep_run(session: Session, *, actor: Actor, seat: Seat, ranking: Ranking) -> ScoutingRun:
    """Freeze a ranking with all inputs; the same inputs are kept once."""
    inputs, order = ranking.frozen.inputs, ranking.frozen.order
    key = hashlib.sha256(inputs).hexdigest()
    known = session.scalar(
        select(ScoutingRun).where(ScoutingRun.key == key, ScoutingRun.seat_id == seat.id)
    )
    if known is not None:
        return known
    run = ScoutingRun(
        seat_id=seat.id,
        role_id=seat.role_id,
        parameters={"fit": FIT_VERSION, "model": ranking.model, **criteria_json(ranking.criteria)},
        gate_counts=[
            {"name": step.name, "remaining": step.remaining, "unknown": step.unknown}
            for step in ranking.steps
        ],
        model_version_id=_version_id(session, ranking.model),
        people=ranking.pool_size,
        inputs=zlib.compress(inputs, 6),
        inputs_hash=key,
        ranking=zlib.compress(order, 6),
        ranking_hash=ranking.order_hash,
        created_at=clock.now(),
        created_by_id=actor.account_id,
        key=key,
    )
    session.add(run)
    session.flush()
    return run


def _version_id(session: Session, checksum: str) -> int | None:
    return session.scalar(select(ModelVersion.id).where(ModelVersion.checksum == checksum))


def explanation_of(found: RankedPerson) -> dict[str, Any]:
    """Return why a person stands where they stand, as a shortlist entry keeps it."""
    return {
        "group": found.group,
        "kind": base_kind(found.person.employment_kind),
        "requirements": [
            {
                "competency_id": item.competency_id,
                "required": item.required,
                "verified": item.verified,
                "claimed": item.claimed,
                "points": round(item.points, 4),
                "most": round(item.most, 4),
                "state": item.state,
            }
            for item in found.scores
        ],
    }
