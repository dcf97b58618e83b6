"""Registrations that wait for a supervisor: the first of two steps."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core.actor import Actor, RoleName, ScopeKind
from courses.enums import EnrolmentState, SessionState
from courses.models import Course, Enrolment, Session
from skills.models import Employee

_DECIDERS = (RoleName.SUPERVISOR, RoleName.OPD_MANAGER)


def waiting_for(session: DbSession, actor: Actor) -> Sequence[Enrolment]:
    """Return what waits for the actor's decision, the next session first."""
    return session.scalars(
        select(Enrolment)
        .join(Session, Session.id == Enrolment.session_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(*_waiting(actor))
        .options(
            joinedload(Enrolment.session)
            .joinedload(Session.course)
            .selectinload(Course.competencies),
            joinedload(Enrolment.employee).joinedload(Employee.opd),
            joinedload(Enrolment.employee).joinedload(Employee.position),
        )
        .order_by(Session.starts_on, Enrolment.created_at, Enrolment.id)
    ).all()


def count_waiting(session: DbSession, actor: Actor) -> int:
    """Return how many registrations wait for the actor's decision."""
    counted = session.scalar(
        select(func.count())
        .select_from(Enrolment)
        .join(Session, Session.id == Enrolment.session_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(*_waiting(actor))
    )
    return counted or 0


def _waiting(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        Enrolment.state == EnrolmentState.PROPOSED,
        Enrolment.supervisor_at.is_(None),
        Session.supervisor_approval.is_(True),
        Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
        Employee.id != (actor.employee_id or 0),
        _reached(actor),
    )


def _reached(actor: Actor) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [false()]
    if actor.has(RoleName.SUPERVISOR) and actor.employee_id is not None:
        ways.append(Employee.supervisor_id == actor.employee_id)
    for grant in actor.reach(*_DECIDERS):
        if grant.scope is ScopeKind.UNIT and grant.unit_id is not None:
            ways.append(Employee.unit_id == grant.unit_id)
        elif grant.scope is ScopeKind.OPD and grant.opd_id is not None:
            ways.append(Employee.opd_id == grant.opd_id)
    return or_(*ways)


def own_people(session: DbSession, actor: Actor) -> frozenset[int]:
    """Return the active people whom the actor leads."""
    rows = session.scalars(
        select(Employee.id)
        .where(_reached(actor), Employee.employment_state == "active")
        .order_by(Employee.id)
    )
    return frozenset(rows)


def enrolment_to_decide(session: DbSession, enrolment_id: int) -> Enrolment | None:
    """Return an enrolment with its person and session, or None."""
    return session.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .options(joinedload(Enrolment.employee), joinedload(Enrolment.session))
    )
