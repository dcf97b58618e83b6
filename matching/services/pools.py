"""Talent pools: nominated with a reason, readiness over time, left with a reason."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, Stale, check_version
from app.core.i18n import N_
from matching.enums import Readiness
from matching.models import PoolEvent, PoolMember, TalentAssessment, TalentPool
from skills.models import Employee

KINDS = ("succession", "smart_city", "leadership", "technical")
_NEXT = {"draft": "open", "open": "closed"}


def open_pool(
    session: Session,
    *,
    name: str,
    kind: str,
    owner: str,
    starts_on: date,
    ends_on: date,
    opd_id: int | None = None,
) -> TalentPool:
    """Create a pool as a draft.

    Raises:
        InvalidInput: no name or owner, an unknown kind, or an end before the start.
        Conflict: the name is taken.
    """
    if not name.strip() or not owner.strip():
        raise InvalidInput(N_("Isi nama dan pemilik kelompok."), field="name")
    if kind not in KINDS or ends_on <= starts_on:
        raise InvalidInput(N_("Akhir periode harus sesudah awalnya."), field="ends_on")
    if session.scalar(select(TalentPool.id).where(TalentPool.name == name.strip())):
        raise Conflict(N_("Nama kelompok ini sudah dipakai."), field="name")
    pool = TalentPool(
        name=name.strip()[:200],
        kind=kind,
        owner=owner.strip()[:200],
        opd_id=opd_id,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=clock.now(),
    )
    session.add(pool)
    session.flush()
    record(session, "matching:pool:open", pool, kind=kind, owner=owner)
    return pool


def advance_pool(
    session: Session, *, pool: TalentPool, expected_version: int | None = None
) -> None:
    """Take a pool one step further: draft, open, closed.

    Args:
        expected_version: version that the page showed; None leaves it unchecked.

    Raises:
        Stale: it is closed, or was changed meanwhile.
    """
    check_version(pool, expected_version)
    if pool.state not in _NEXT:
        raise Stale(N_("Kelompok ini sudah ditutup."))
    before, pool.state = pool.state, _NEXT[pool.state]
    session.flush()
    record(session, "matching:pool:state", pool, changes={"state": (before, pool.state)})


def nominate(
    session: Session,
    *,
    actor: Actor,
    pool: TalentPool,
    employee: Employee,
    readiness: str,
    reason: str,
    assessment: TalentAssessment | None = None,
) -> PoolMember:
    """Put somebody into a pool with a reason; outside the proposed boxes it is a decision by hand.

    Raises:
        Stale: the pool is closed.
        Conflict: the person is a member.
        InvalidInput: no reason, an unknown readiness, or somebody who is not in service.
    """
    if pool.state == "closed":
        raise Stale(N_("Kelompok ini sudah ditutup."))
    _check(readiness, reason)
    if employee.employment_state != "active":
        raise InvalidInput(N_("Orang ini tidak aktif."), field="employee_id")
    known = session.scalar(
        select(PoolMember.id).where(
            PoolMember.pool_id == pool.id,
            PoolMember.employee_id == employee.id,
            PoolMember.until.is_(None),
        )
    )
    if known:
        raise Conflict(N_("Orang ini sudah menjadi anggota."))
    member = PoolMember(
        pool_id=pool.id,
        employee_id=employee.id,
        assessment_id=assessment.id if assessment else None,
        readiness=readiness,
        reason=reason.strip()[:500],
        since=clock.today(),
    )
    session.add(member)
    session.flush()
    _step(session, actor, member, "nominated", reason)
    return member


def change_readiness(
    session: Session,
    *,
    actor: Actor,
    member: PoolMember,
    readiness: str,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """Change how soon a member is ready.

    Raises:
        Stale: the member has left, or was changed meanwhile.
        InvalidInput: no reason or an unknown readiness.
    """
    _check_present(member, expected_version)
    _check(readiness, reason)
    member.readiness = readiness
    session.flush()
    _step(session, actor, member, "readiness", reason)


def leave(
    session: Session,
    *,
    actor: Actor,
    member: PoolMember,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """End a membership; it stays in the history.

    Raises:
        Stale: the member has left, or was changed meanwhile.
        InvalidInput: no reason.
    """
    _check_present(member, expected_version)
    _check(member.readiness, reason)
    member.until, member.end_reason = clock.today(), reason.strip()[:500]
    session.flush()
    _step(session, actor, member, "left", reason)


def _check_present(member: PoolMember, expected_version: int | None) -> None:
    if member.until is not None:
        raise Stale(N_("Orang ini sudah keluar dari kelompok."))
    check_version(member, expected_version)


def _check(readiness: str, reason: str) -> None:
    if readiness not in set(Readiness):
        raise InvalidInput(N_("Pilih kesiapan."), field="readiness")
    if not reason.strip():
        raise InvalidInput(N_("Isi alasannya."), field="reason")


def _step(session: Session, actor: Actor, member: PoolMember, action: str, reason: str) -> None:
    session.add(
        PoolEvent(
            member_id=member.id,
            at=clock.now(),
            action=action,
            readiness=member.readiness,
            reason=reason.strip()[:500],
            actor_label=actor.label,
        )
    )
    session.flush()
    record(
        session,
        f"matching:pool:{action}",
        member,
        people=[member.employee_id],
        readiness=member.readiness,
        reason=reason,
    )
