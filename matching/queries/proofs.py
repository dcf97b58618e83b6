"""What stands behind the levels of some people: source and day of the proof, or of the claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from skills.enums import LevelSource
from skills.models import LevelInForce

_CHUNK = 500


@dataclass(frozen=True)
class Proof:
    """The row of evidence behind a level in force."""

    source: str
    obtained_on: date | None


def proofs_of(
    session: Session, *, employee_ids: Sequence[int], competency_ids: Sequence[int]
) -> Mapping[tuple[int, int], Proof]:
    """Return what proves each level, else claims it, by (employee, competency)."""
    found: dict[tuple[int, int], Proof] = {}
    for start in range(0, len(employee_ids), _CHUNK):
        rows = session.execute(
            select(
                LevelInForce.employee_id,
                LevelInForce.competency_id,
                LevelInForce.verified_source,
                LevelInForce.verified_on,
                LevelInForce.claimed_on,
            ).where(
                LevelInForce.employee_id.in_(employee_ids[start : start + _CHUNK]),
                LevelInForce.competency_id.in_(competency_ids),
            )
        )
        for person, competency, source, verified_on, claimed_on in rows:
            found[person, competency] = (
                Proof(source, verified_on) if source else Proof(LevelSource.SELF, claimed_on)
            )
    return found
