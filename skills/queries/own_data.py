"""What is kept about one person, and who processed it: for the person's own download and page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.accounts.models import Account
from app.core.audit import AuditEvent, AuditPerson
from skills.models import Claim, Competency, LevelRecord


@dataclass(frozen=True)
class Processing:
    """Somebody did something with the data of the person."""

    at: datetime
    actor: str
    tag: str


def processing_of(
    session: Session, employee_id: int, *, others_only: bool = False, limit: int = 5000
) -> list[Processing]:
    """Return who processed a person's data, the newest first.

    Args:
        others_only: leave out what the person did.
    """
    statement = (
        select(AuditEvent.at, AuditEvent.actor_label, AuditEvent.tag)
        .join(AuditPerson, AuditPerson.event_id == AuditEvent.id)
        .where(AuditPerson.employee_id == employee_id)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    if others_only:
        own = select(Account.id).where(Account.employee_id == employee_id)
        statement = statement.where(
            or_(AuditEvent.actor_account_id.is_(None), AuditEvent.actor_account_id.not_in(own))
        )
    return [Processing(at, actor, tag) for at, actor, tag in session.execute(statement)]


def whole_history(
    session: Session, employee_id: int
) -> Sequence[tuple[LevelRecord, Competency, str | None]]:
    """Return every row of the history of levels with competency and who recorded it."""
    rows = session.execute(
        select(LevelRecord, Competency, Account.name)
        .join(Competency, Competency.id == LevelRecord.competency_id)
        .outerjoin(Account, Account.id == LevelRecord.recorded_by_id)
        .where(LevelRecord.employee_id == employee_id)
        .order_by(Competency.position, LevelRecord.obtained_on.desc(), LevelRecord.id.desc())
    )
    return [(record, competency, name) for record, competency, name in rows]


def whole_claims(session: Session, employee_id: int) -> Sequence[Claim]:
    """Return every claim, the withdrawn ones too."""
    return session.scalars(
        select(Claim)
        .where(Claim.employee_id == employee_id)
        .options(joinedload(Claim.competency))
        .order_by(Claim.created_at, Claim.id)
    ).all()
