"""One person's learning: next, now and done, certificates, the hours of a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import aliased, joinedload

from courses.enums import CertificateState, EnrolmentState, SessionState
from courses.models import Certificate, Enrolment, Session
from courses.queries.overview import JpYear, jp_of_year
from courses.services.enrolment import LAST_RANK
from skills.models import Employee, TrainingRecord

_TAKES_PART = (EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED, EnrolmentState.PROPOSED)


@dataclass(frozen=True)
class Place:
    """An enrolment with the place on the waiting list, where there is one."""

    enrolment: Enrolment
    place: int | None = None


@dataclass(frozen=True)
class Learning:
    """What the page shows: now, coming, done, certificates, trainings and the year's JP."""

    now: Sequence[Place]
    coming: Sequence[Place]
    done: Sequence[Enrolment]
    certificates: Sequence[Certificate]
    trainings: Sequence[TrainingRecord]
    jp: JpYear


def learning_of(session: DbSession, *, employee: Employee, day: date) -> Learning:
    """Return the learning of a person."""
    rows = _enrolments(session, employee.id)
    places = _places(session, [row.id for row in rows if row.waiting_since])
    active = [
        Place(row, places.get(row.id))
        for row in rows
        if row.state in _TAKES_PART
        and row.session.state in (SessionState.OPEN, SessionState.RUNNING)
    ]
    return Learning(
        now=[p for p in active if p.enrolment.session.starts_on <= day],
        coming=[p for p in active if p.enrolment.session.starts_on > day],
        done=[r for r in rows if r.state in (EnrolmentState.PASSED, EnrolmentState.FAILED)][::-1],
        certificates=certificates_of_person(session, employee.id),
        trainings=_outside(session, employee.id),
        jp=jp_of_year(session, employee=employee, year=day.year),
    )


def _enrolments(session: DbSession, employee_id: int) -> Sequence[Enrolment]:
    return session.scalars(
        select(Enrolment)
        .join(Session, Session.id == Enrolment.session_id)
        .where(Enrolment.employee_id == employee_id)
        .options(joinedload(Enrolment.session).joinedload(Session.course))
        .order_by(Session.starts_on, Session.id)
    ).all()


def _places(session: DbSession, ids: Sequence[int]) -> dict[int, int]:
    """Return the place on the waiting list of some enrolments."""
    other = aliased(Enrolment)
    rows = session.execute(
        select(Enrolment.id, func.count(other.id))
        .join(
            other,
            (other.session_id == Enrolment.session_id)
            & (other.state == EnrolmentState.WAITLISTED)
            & (
                tuple_(_rank(other), other.waiting_since, other.id)
                <= tuple_(_rank(Enrolment), Enrolment.waiting_since, Enrolment.id)
            ),
        )
        .where(Enrolment.id.in_(ids), Enrolment.state == EnrolmentState.WAITLISTED)
        .group_by(Enrolment.id)
    )
    return {row[0]: row[1] for row in rows}


def _rank(row: type[Enrolment]) -> ColumnElement[int]:
    return func.coalesce(row.allocation_rank, LAST_RANK)


def certificates_of_person(session: DbSession, employee_id: int) -> Sequence[Certificate]:
    """Return the certificates of a person that have or had a file, the newest first."""
    shown = (CertificateState.ISSUED, CertificateState.REVOKED, CertificateState.REPLACED)
    return session.scalars(
        select(Certificate)
        .where(Certificate.employee_id == employee_id, Certificate.state.in_(shown))
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    ).all()


def _outside(session: DbSession, employee_id: int) -> Sequence[TrainingRecord]:
    return session.scalars(
        select(TrainingRecord)
        .where(TrainingRecord.employee_id == employee_id, TrainingRecord.source != "platform")
        .order_by(TrainingRecord.ended_on.desc().nulls_last(), TrainingRecord.id.desc())
    ).all()
