"""How many claims wait for somebody's verification."""

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor, RoleName, ScopeKind
from skills.enums import ClaimState
from skills.models import Claim, Employee


@dataclass(frozen=True)
class Waiting:
    """Claims that wait, and for how long the oldest does."""

    count: int
    oldest_days: int


def waiting_claims(session: Session, *, actor: Actor) -> Waiting:
    """Return the claims that the actor may verify now."""
    count, oldest = session.execute(
        in_reach(select(func.count(Claim.id), func.min(Claim.stage_since)), actor=actor)
    ).one()
    days = (clock.now() - oldest).days if oldest is not None else 0
    return Waiting(count or 0, days)


def in_reach(statement: Select, *, actor: Actor) -> Select:
    """Narrow a statement over claims to those that wait and that the actor may verify."""
    reach = actor.reach(RoleName.ASSESSOR, RoleName.OFFICER)
    states = [ClaimState.SUBMITTED]
    narrow = []
    if any(grant.scope is ScopeKind.CITY for grant in reach):
        states.append(ClaimState.UNIT_ACCEPTED)
    else:
        narrow = [Employee.opd_id == grant.opd_id for grant in reach if grant.opd_id is not None]
        narrow += [
            Employee.unit_id == grant.unit_id for grant in reach if grant.unit_id is not None
        ]
        if actor.has(RoleName.SUPERVISOR):
            narrow.append(Employee.supervisor_id == actor.employee_id)
        narrow = [or_(*narrow)] if narrow else [Employee.id.is_(None)]
    return (
        statement.join(Employee, Employee.id == Claim.employee_id)
        .where(Claim.state.in_(states), *narrow)
        .where(Claim.employee_id != (actor.employee_id or 0))
    )
