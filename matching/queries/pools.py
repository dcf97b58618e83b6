"""Reads of talent pools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from matching.models import PoolEvent, PoolMember, TalentAssessment, TalentPool
from matching.queries.talent import BoxFilter, box_in_force, people_statement
from skills.models import Employee


@dataclass(frozen=True)
class PoolFigures:
    """A pool and how many of its present members are ready when."""

    pool: TalentPool
    ready: Mapping[str, int]

    @property
    def members(self) -> int:
        """How many members it has now."""
        return sum(self.ready.values())


def pools_with_readiness(session: Session) -> list[PoolFigures]:
    """Return the pools with the readiness of their present members, the newest first."""
    rows = session.execute(
        select(PoolMember.pool_id, PoolMember.readiness, func.count())
        .where(PoolMember.until.is_(None))
        .group_by(PoolMember.pool_id, PoolMember.readiness)
    )
    counts: dict[int, dict[str, int]] = {}
    for pool_id, readiness, count in rows:
        counts.setdefault(pool_id, {})[readiness] = count
    pools = session.scalars(
        select(TalentPool).order_by(TalentPool.starts_on.desc(), TalentPool.id.desc())
    )
    return [PoolFigures(pool, counts.get(pool.id, {})) for pool in pools]


def find_pool(session: Session, pool_id: int) -> TalentPool | None:
    """Return a pool, or None."""
    return session.get(TalentPool, pool_id)


def members_of(session: Session, pool_id: int) -> Sequence[PoolMember]:
    """Return everybody who is or was in a pool, present members first."""
    return session.scalars(
        select(PoolMember)
        .where(PoolMember.pool_id == pool_id)
        .options(
            joinedload(PoolMember.employee).joinedload(Employee.opd),
            joinedload(PoolMember.assessment),
        )
        .order_by(PoolMember.until.is_not(None), PoolMember.since, PoolMember.id)
    ).all()


def find_member(session: Session, *, pool_id: int, member_id: int) -> PoolMember | None:
    """Return a membership of a pool, or None."""
    return session.scalar(
        select(PoolMember).where(PoolMember.id == member_id, PoolMember.pool_id == pool_id)
    )


def events_of(session: Session, pool_id: int) -> Sequence[PoolEvent]:
    """Return the steps of a pool's memberships, the newest first."""
    return session.scalars(
        select(PoolEvent)
        .join(PoolMember, PoolMember.id == PoolEvent.member_id)
        .where(PoolMember.pool_id == pool_id)
        .options(joinedload(PoolEvent.member).joinedload(PoolMember.employee))
        .order_by(PoolEvent.id.desc())
        .limit(100)
    ).all()


def proposed_for_pool(
    session: Session, *, filters: BoxFilter, boxes: Sequence[int], pool_id: int
) -> Sequence[TalentAssessment]:
    """Return the people in the boxes of the pool rule who are not members, best box first."""
    inside = select(PoolMember.employee_id).where(
        PoolMember.pool_id == pool_id, PoolMember.until.is_(None)
    )
    return session.scalars(
        people_statement(filters)
        .where(
            box_in_force.in_(boxes),
            TalentAssessment.employee_id.not_in(inside),
            Employee.employment_state == "active",
        )
        .order_by(box_in_force.desc(), TalentAssessment.potential.desc(), Employee.id)
        .limit(50)
    ).all()


def memberships_of(session: Session, employee_id: int) -> Sequence[PoolMember]:
    """Return the present memberships of a person in pools that are not drafts."""
    return session.scalars(
        select(PoolMember)
        .join(TalentPool, TalentPool.id == PoolMember.pool_id)
        .where(
            PoolMember.employee_id == employee_id,
            PoolMember.until.is_(None),
            TalentPool.state != "draft",
        )
        .options(joinedload(PoolMember.pool))
        .order_by(PoolMember.since.desc(), PoolMember.id)
    ).all()
