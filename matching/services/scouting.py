"""Scouting: from a seat to a ranked list whose every number can be opened.

The list is grouped by fit (memenuhi, hampir, belum), ordered within a group by similarity, then by
fit, then by id; one criterion orders by fit alone. Nothing about sex, age, religion, marital state
or origin is read.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import InvalidInput
from app.core.i18n import N_
from matching.engine.records import RoleQuery, Text
from matching.models import Role
from matching.queries.facts import base_kind
from matching.queries.pool import Person, Pool, current_pool
from matching.rules import (
    Floats,
    Levels,
    believed_levels,
    group_counts,
    group_of,
    most_points,
    order_rows,
)
from matching.scoring import contributions, score_band
from matching.services.criteria import Criteria, criteria_of
from matching.services.gates import GateResult, GateStep, Scales, apply_gates
from matching.services.model import columns_of, role_query, role_text, similarities
from matching.services.scoring_rules import scoring_rules
from skills.services.reference_load import reference_rows
from skills.services.vectors import vector_width

__all__ = ["Criteria", "Ranking", "criteria_of", "rank_for_role", "ranking_of", "scales"]

# One row of a ranking as it is hashed and kept: little-endian, so that every machine agrees.
RANKED = np.dtype([("id", "<i8"), ("fit", "<f8"), ("similarity", "<f8")])


@dataclass(frozen=True)
class SearchInputs:
    """Everything a ranking is computed from; a kept run holds exactly this and the model."""

    day: date
    criteria: Criteria
    role: Mapping[str, Any]  # code and version, for the reader
    text: Text
    columns: Mapping[int, int]  # competency -> column of the levels
    scales: Scales
    pool: Pool

    @property
    def query(self) -> RoleQuery:
        """The requirements and the text as the similarity model reads them."""
        width = self.pool.verified.shape[1]
        return role_query(self.criteria.requirements, self.columns, width, self.text)


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
class Scored:
    """The whole pool against one search, as arrays over what is asked, (n_people, n_asked).

    `rows` are the people who passed all gates, in the order of the list.
    """

    inputs: SearchInputs
    required: Levels
    weights: Floats
    verified: Levels
    claimed: Levels
    levels: Levels
    trust: Floats
    low: Floats
    high: Floats
    likeness: Floats
    gates: GateResult
    rows: NDArray[np.intp]

    def person(self, at: int, rank: int) -> RankedPerson:
        """Return one person of the pool by row, with everything the numbers consist of."""
        low = float(self.low[at])
        return RankedPerson(
            rank=rank,
            person=self.inputs.pool.people[at],
            fit=low,
            fit_high=float(self.high[at]),
            similarity=float(self.likeness[at]),
            group=group_of(low, self.inputs.criteria.cuts),
            scores=self._scores(at),
        )

    def _scores(self, at: int) -> list[RequirementScore]:
        one = slice(at, at + 1)
        points = contributions(self.levels[one], self.required, self.weights, self.trust[one])[0]
        most = most_points(self.required, self.weights)
        return [
            RequirementScore(
                competency_id=item.competency_id,
                required=item.level,
                verified=int(self.verified[at, column]) or None,
                claimed=int(self.claimed[at, column]) or None,
                mandatory=item.mandatory,
                points=float(points[column]),
                most=float(most[column]),
            )
            for column, item in enumerate(self.inputs.criteria.requirements)
        ]

    @cached_property
    def packed(self) -> bytes:
        """The order with fit and similarity, bit for bit."""
        table = np.zeros(len(self.rows), RANKED)
        table["id"] = self.inputs.pool.ids[self.rows]
        table["fit"], table["similarity"] = self.low[self.rows], self.likeness[self.rows]
        return table.tobytes()

    def places_of(self, rows: Iterable[int]) -> dict[int, int]:
        """Return the places of people of the pool by row; after the last for those outside."""
        places = np.full(len(self.inputs.pool.ids), len(self.rows) + 1)
        places[self.rows] = np.arange(1, len(self.rows) + 1)
        return {at: int(places[at]) for at in rows}

    def rank_of(self, employee_id: int) -> int | None:
        """Return the place of a person in the list, or None for those outside."""
        at = self.inputs.pool.position_of(employee_id)
        if at is None:
            return None
        found = np.flatnonzero(self.rows == at)
        return int(found[0]) + 1 if found.size else None


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
    scored: Scored = field(repr=False)


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
    inputs = gather(session, role=role, criteria=criteria)
    likeness, model = similarities(session, inputs.pool, inputs.query)
    least = scoring_rules(session).least_requirements
    scored = score_inputs(inputs, likeness)
    return ranking_of(scored, model=model, top=top, least_requirements=least)


def gather(session: Session, *, role: Role, criteria: Criteria) -> SearchInputs:
    """Read everything a ranking is computed from.

    Raises:
        InvalidInput: no requirement with a positive weight.
    """
    if not any(item.weight > 0 for item in criteria.requirements):
        raise InvalidInput(N_("Peran ini tidak menuntut kompetensi apa pun; isi standarnya."))
    columns = columns_of(session)
    return SearchInputs(
        day=clock.today(),
        criteria=criteria,
        role={"code": role.code, "version": role.version},
        text=role_text(role),
        columns={item.competency_id: columns[item.competency_id] for item in criteria.requirements},
        scales=scales(session),
        pool=current_pool(session, width=vector_width(session)),
    )


def score_inputs(inputs: SearchInputs, likeness: Floats) -> Scored:
    """Score and order the pool; the same inputs give the same bits.

    Args:
        likeness: the similarity of everybody in the pool, (n_people,).
    """
    criteria, pool = inputs.criteria, inputs.pool
    asked = _asked(inputs)
    verified, claimed = pool.verified[:, asked], pool.claimed[:, asked]
    required = np.array([item.level for item in criteria.requirements], np.uint8)
    weights = np.array([item.weight for item in criteria.requirements], np.float64)
    levels, trust = believed_levels(verified, claimed, claim_confidence=criteria.claim_confidence)
    low, high = score_band(levels, required, weights, trust)
    gates = apply_gates(pool.facts, criteria.gates, inputs.scales, inputs.day)
    rows = np.flatnonzero(gates.passes)
    order = order_rows(
        by_fit=criteria.order == "fit",
        cuts=criteria.cuts,
        fit=low[rows],
        likeness=likeness[rows],
        ids=pool.ids[rows],
    )
    return Scored(
        inputs=inputs,
        required=required,
        weights=weights,
        verified=verified,
        claimed=claimed,
        levels=levels,
        trust=trust,
        low=low,
        high=high,
        likeness=likeness,
        gates=gates,
        rows=rows[order],
    )


def _asked(inputs: SearchInputs) -> list[int]:
    return [inputs.columns[item.competency_id] for item in inputs.criteria.requirements]


def ranking_of(scored: Scored, *, model: str, top: int, least_requirements: int) -> Ranking:
    """Return the list with its first people explained."""
    criteria = scored.inputs.criteria
    return Ranking(
        criteria=criteria,
        day=scored.inputs.day,
        pool_size=len(scored.inputs.pool.ids),
        steps=scored.gates.steps,
        passed=len(scored.rows),
        groups=group_counts(scored.low[scored.rows], criteria.cuts),
        people=[
            scored.person(int(at), number) for number, at in enumerate(scored.rows[:top], start=1)
        ],
        model=model,
        order_hash=hashlib.sha256(scored.packed).hexdigest(),
        thin_role=len(criteria.requirements) < least_requirements,
        emptied_by=scored.gates.emptied_by,
        scored=scored,
    )


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
