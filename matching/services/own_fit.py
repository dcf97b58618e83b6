"""One person's own fit for the roles of open seats; nobody else is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import Message
from matching.models import Seat
from matching.queries.pool import current_pool
from matching.rules import believed_levels, group_of
from matching.scoring import score_band
from matching.services.criteria import Criteria, criteria_of
from matching.services.gates import gates_passed
from matching.services.model import columns_of
from matching.services.scoring_rules import scoring_rules
from matching.services.scouting import scales
from skills.models import ProfileVector
from skills.services.vectors import vector_width


@dataclass(frozen=True)
class OwnNeed:
    """A requirement that is not met by a verified level, and what the person holds."""

    competency_id: int
    required: int
    verified: int | None
    claimed: int | None
    mandatory: bool


@dataclass(frozen=True)
class OwnFit:
    """The own fit for a role with its band, what is missing, and gates that stop the person."""

    low: float
    high: float
    group: str
    missing: Sequence[OwnNeed]
    stopped_by: Sequence[Message]


def own_fits(session: Session, *, employee_id: int, seats: Sequence[Seat]) -> Mapping[int, OwnFit]:
    """Return the own fit per role of the seats; roles that ask nothing are left out."""
    columns = columns_of(session)
    verified, claimed = _own_levels(session, employee_id, max(columns.values(), default=-1) + 1)
    rules = scoring_rules(session)
    found: dict[int, OwnFit] = {}
    asking = {seat.role_id: criteria_of(seat, rules) for seat in seats}
    stopped = _stopped(session, employee_id, asking)
    for role_id, criteria in asking.items():
        asked = [item for item in criteria.requirements if item.weight > 0]
        if not asked:
            continue
        at = [columns[item.competency_id] for item in asked]
        levels, trust = believed_levels(
            verified[:, at], claimed[:, at], claim_confidence=criteria.claim_confidence
        )
        low, high = score_band(
            levels, [item.level for item in asked], [item.weight for item in asked], trust
        )
        fit = float(low[0])
        needs = [
            OwnNeed(
                competency_id=item.competency_id,
                required=item.level,
                verified=int(verified[0, column]) or None,
                claimed=int(claimed[0, column]) or None,
                mandatory=item.mandatory,
            )
            for item, column in zip(asked, at, strict=True)
        ]
        found[role_id] = OwnFit(
            low=fit,
            high=float(high[0]),
            group=group_of(fit, criteria.cuts),
            missing=[need for need in needs if (need.verified or 0) < need.required],
            stopped_by=stopped.get(role_id, ()),
        )
    return found


def _own_levels(session: Session, employee_id: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    vector = session.scalar(select(ProfileVector).where(ProfileVector.employee_id == employee_id))
    verified, claimed = np.zeros((1, width), np.uint8), np.zeros((1, width), np.uint8)
    if vector is not None:
        for row, data in ((verified, vector.verified), (claimed, vector.claimed)):
            levels = np.frombuffer(data, np.uint8)[:width]
            row[0, : len(levels)] = levels
    return verified, claimed


def _stopped(
    session: Session, employee_id: int, asking: Mapping[int, Criteria]
) -> Mapping[int, Sequence[Message]]:
    pool = current_pool(session, width=vector_width(session))
    at = pool.position_of(employee_id)
    if at is None:
        return {}
    order, day = scales(session), clock.today()
    found = {}
    for role_id, criteria in asking.items():
        answers = gates_passed([pool.people[at]], criteria.gates, order, day)[0]
        found[role_id] = [label for label, passed, _known in answers if not passed]
    return found
