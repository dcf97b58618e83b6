"""How many claims wait for somebody's verification."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
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


@dataclass(frozen=True)
class Ages:
    """How long the claims of a queue have waited: counts by week, and the slow ones."""

    fresh: int  # up to a week
    middle: int
    slow: int
    oldest_days: int

    @property
    def total(self) -> int:
        """All that wait."""
        return self.fresh + self.middle + self.slow


def queue_ages(session: Session, *, actor: Actor, slow_days: int) -> Ages:
    """Return how long the claims that the actor may verify have waited."""
    now = clock.now()
    week, slow = now - timedelta(days=7), now - timedelta(days=slow_days)
    counts = (
        func.sum(case((Claim.stage_since > week, 1), else_=0)),
        func.sum(case((and_(Claim.stage_since <= week, Claim.stage_since > slow), 1), else_=0)),
        func.sum(case((Claim.stage_since <= slow, 1), else_=0)),
        func.min(Claim.stage_since),
    )
    fresh, middle, late, oldest = session.execute(in_reach(select(*counts), actor=actor)).one()
    days = (now - oldest).days if oldest is not None else 0
    return Ages(fresh or 0, middle or 0, late or 0, days)


def in_reach(statement: Select, *, actor: Actor) -> Select:
    """Narrow a statement over claims to those that wait and that the actor may verify.

    The same rule as the policy has for one claim, as a condition of the database.
    """
    return (
        statement.join(Employee, Employee.id == Claim.employee_id)
        .where(_verifiable(actor))
        .where(Claim.employee_id != (actor.employee_id or 0))
    )


def _verifiable(actor: Actor) -> ColumnElement[bool]:
    grants = actor.reach(RoleName.ASSESSOR, RoleName.OFFICER)
    if any(grant.scope is ScopeKind.CITY for grant in grants):
        return Claim.state.in_((ClaimState.SUBMITTED, ClaimState.UNIT_ACCEPTED))
    return and_(Claim.state == ClaimState.SUBMITTED, people_verified_by(actor))


def people_verified_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on employees whose claims and records the actor verifies."""
    reach: list[ColumnElement[bool]] = []
    for grant in actor.reach(RoleName.ASSESSOR, RoleName.OFFICER):
        if grant.scope is ScopeKind.CITY:
            return true()
        if grant.scope is ScopeKind.OPD:
            reach.append(Employee.opd_id == grant.opd_id)
        elif grant.scope is ScopeKind.UNIT:
            reach.append(Employee.unit_id == grant.unit_id)
    if actor.has(RoleName.SUPERVISOR) and actor.employee_id is not None:
        reach.append(Employee.supervisor_id == actor.employee_id)
    return or_(*reach) if reach else false()
