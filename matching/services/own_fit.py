"""One person's own fit for open seats; nobody else is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.models import Seat
from matching.rules import believed_levels, group_of
from matching.scoring import score_band
from matching.services.criteria import criteria_of
from matching.services.model import columns_of
from matching.services.scoring_rules import scoring_rules
from skills.models import ProfileVector


@dataclass(frozen=True)
class OwnFit:
    """The own fit for a seat with its band."""

    low: float
    high: float
    group: str


def own_fits(session: Session, *, employee_id: int, seats: Sequence[Seat]) -> Mapping[int, OwnFit]:
    """Return the own fit per seat; seats whose role asks nothing are left out."""
    vector = session.scalar(select(ProfileVector).where(ProfileVector.employee_id == employee_id))
    columns = columns_of(session)
    width = max(columns.values(), default=-1) + 1
    verified, claimed = np.zeros((1, width), np.uint8), np.zeros((1, width), np.uint8)
    if vector is not None:
        for row, data in ((verified, vector.verified), (claimed, vector.claimed)):
            levels = np.frombuffer(data, np.uint8)[:width]
            row[0, : len(levels)] = levels
    found: dict[int, OwnFit] = {}
    rules = scoring_rules(session)
    for seat in seats:
        criteria = criteria_of(seat, rules)
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
        found[seat.id] = OwnFit(fit, float(high[0]), group_of(fit, criteria.cuts))
    return found
