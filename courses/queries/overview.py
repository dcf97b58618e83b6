"""Figures of training for landing pages: one's own JP and sessions, the organiser's work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload, selectinload

from app.core import clock
from courses.enums import CertificateState, EnrolmentState, SessionState
from courses.models import Certificate, Course, Enrolment, Session
from skills.models import Employee, TrainingRecord
from skills.services.reference_load import reference_rows


@dataclass(frozen=True)
class JpYear:
    """Hours of learning (JP) of a person in a year against the duty of their kind."""

    year: int
    jp: int
    target: int | None
    warn_above: int | None

    @property
    def percent(self) -> int | None:
        """Share of the target reached, at most 100; None without a target."""
        return None if not self.target else min(100, round(100 * self.jp / self.target))


def jp_of_year(session: DbSession, *, employee: Employee, year: int) -> JpYear:
    """Return the verified JP of a year beside the duty in the reference data."""
    total = session.scalar(
        select(func.coalesce(func.sum(TrainingRecord.jp), 0)).where(
            TrainingRecord.employee_id == employee.id,
            TrainingRecord.state == "verified",
            TrainingRecord.ended_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
    )
    kind = "PNS" if employee.employment_kind == "CPNS" else employee.employment_kind
    bounds = {
        str(row["bound"]): int(float(row["jp"]))
        for row in reference_rows(session, "jp_duty")
        if row["employment_kind"] == kind
    }
    return JpYear(year, int(total or 0), bounds.get("MINIMUM"), bounds.get("MAXIMUM"))


def upcoming_for(session: DbSession, *, employee_id: int, day: date) -> Sequence[Enrolment]:
    """Return the person's coming sessions, the next first."""
    return session.scalars(
        select(Enrolment)
        .join(Session, Session.id == Enrolment.session_id)
        .where(
            Enrolment.employee_id == employee_id,
            Enrolment.state.in_(
                (EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED, EnrolmentState.PROPOSED)
            ),
            Session.ends_on >= day,
            Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
        )
        .options(joinedload(Enrolment.session))
        .order_by(Session.starts_on, Session.id)
        .limit(5)
    ).all()


@dataclass(frozen=True)
class OrganiserFigures:
    """What waits for an organiser."""

    active: int
    waiting: int
    ready: int
    issued: int


def organiser_figures(session: DbSession) -> OrganiserFigures:
    """Return the organiser's figures: sessions, waiting people, certificates to issue."""
    in_use = exists().where(
        Certificate.enrolment_id == Enrolment.id,
        Certificate.state.in_((CertificateState.ISSUED, CertificateState.RESERVED)),
    )
    return OrganiserFigures(
        active=_count(
            session,
            select(Session.id).where(Session.state.in_((SessionState.OPEN, SessionState.RUNNING))),
        ),
        waiting=_count(
            session,
            select(Enrolment.id)
            .join(Session, Session.id == Enrolment.session_id)
            .where(
                Enrolment.state == EnrolmentState.WAITLISTED,
                Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
            ),
        ),
        ready=_count(
            session, select(Enrolment.id).where(Enrolment.state == EnrolmentState.PASSED, ~in_use)
        ),
        issued=_count(
            session,
            select(Certificate.id).where(
                Certificate.state == CertificateState.ISSUED,
                Certificate.issued_on >= clock.today().replace(month=1, day=1),
            ),
        ),
    )


def _count(session: DbSession, statement: Select[int]) -> int:
    counted: int | None = session.scalar(select(func.count()).select_from(statement.subquery()))
    return counted or 0


def courses_to_learn(session: DbSession) -> Sequence[Course]:
    """Return the courses in force with what they teach, older versions first."""
    return session.scalars(
        select(Course)
        .where(Course.state == "in_force")
        .options(selectinload(Course.competencies))
        .order_by(Course.code, Course.version)
    ).all()
