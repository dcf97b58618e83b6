"""How the term of a decided placement changed since: who signed before knows the earlier one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import AuditEvent
from matching.models import Placement

CHANGE = "matching:placement:term"


@dataclass(frozen=True)
class TermChange:
    """One change of the planned last day, as the audit trail keeps it."""

    placement_id: int
    at: datetime
    before: date | None
    after: date | None
    reason: str
    by: str


def term_changes(session: Session, placements: Sequence[Placement]) -> list[TermChange]:
    """Return the changes of the terms of placements, the first one first."""
    events = session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.tag == CHANGE,
            AuditEvent.subject_kind == Placement.__tablename__,
            AuditEvent.subject_id.in_([placement.id for placement in placements]),
        )
        .order_by(AuditEvent.id)
    )
    return [_change(event) for event in events]


def _change(event: AuditEvent) -> TermChange:
    said = json.loads(event.detail)
    before, after = said["changes"]["planned_until"]
    return TermChange(
        placement_id=event.subject_id or 0,
        at=event.at,
        before=date.fromisoformat(before) if before else None,
        after=date.fromisoformat(after) if after else None,
        reason=str(said.get("reason", "")),
        by=event.actor_label,
    )
