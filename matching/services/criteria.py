"""Criteria of a search: what is asked, of whom, in which order; also as JSON values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import object_session

from matching.models import Seat
from matching.services.gates import Gates
from matching.services.scoring_rules import ScoringRules, scoring_rules
from skills.queries.standards import requirements_of
from skills.rules import Requirement


@dataclass(frozen=True)
class Criteria:
    """What a search asks: prefilled from the role, editable by the officer."""

    requirements: tuple[Requirement, ...]
    gates: Gates
    cuts: tuple[float, float]  # of the groups, in fit points
    claim_confidence: float  # what a claim counts beside a verified level
    order: str = "group"  # group, fit


def criteria_of(seat: Seat, rules: ScoringRules | None = None) -> Criteria:
    """Return the criteria a seat starts with: standard and gates of its role, rules in force."""
    if rules is None:
        session = object_session(seat)
        assert session is not None  # seats come from queries
        rules = scoring_rules(session)
    return Criteria(
        requirements=requirements_of(seat.role.standard),
        gates=Gates.from_role(seat.role.gates),
        cuts=rules.cuts,
        claim_confidence=rules.claim_confidence,
    )


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


def criteria_from_json(values: Mapping[str, Any]) -> Criteria:
    """Return the criteria that `criteria_json` wrote."""
    gates = dict(values["gates"])
    if "employment_kinds" in gates:
        gates["employment_kinds"] = tuple(gates["employment_kinds"])
    if "education_fields" in gates:
        gates["education_fields"] = tuple(gates["education_fields"])
    for name in ("golongan_min", "golongan_max"):
        if name in gates:
            gates[name] = tuple((kind, rank) for kind, rank in gates[name])
    return Criteria(
        requirements=tuple(Requirement(*item) for item in values["requirements"]),
        gates=Gates(**gates),
        order=values["order"],
        cuts=(values["cuts"][0], values["cuts"][1]),
        claim_confidence=values["claim_confidence"],
    )
