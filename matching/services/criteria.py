"""Criteria of a search: what is asked, of whom, in which order; also as JSON values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matching.models import Seat
from matching.rules import CLAIM_CONFIDENCE, MEETS, NEAR
from matching.services.gates import Gates
from skills.queries.standards import requirements_of
from skills.rules import Requirement


@dataclass(frozen=True)
class Criteria:
    """What a search asks: prefilled from the role, editable by the officer."""

    requirements: tuple[Requirement, ...]
    gates: Gates
    order: str = "group"  # group, fit
    cuts: tuple[float, float] = (MEETS, NEAR)
    claim_confidence: float = CLAIM_CONFIDENCE


def criteria_of(seat: Seat) -> Criteria:
    """Return the criteria a seat starts with: the standard and the gates of its role."""
    return Criteria(
        requirements=requirements_of(seat.role.standard), gates=Gates.from_role(seat.role.gates)
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
    if "golongan_min" in gates:
        gates["golongan_min"] = tuple((kind, rank) for kind, rank in gates["golongan_min"])
    return Criteria(
        requirements=tuple(Requirement(*item) for item in values["requirements"]),
        gates=Gates(**gates),
        order=values["order"],
        cuts=(values["cuts"][0], values["cuts"][1]),
        claim_confidence=values["claim_confidence"],
    )
