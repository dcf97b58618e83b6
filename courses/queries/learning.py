"""One person's learning: next, now and done, certificates, the hours of a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.core import clock
from courses.enums import CertificateState, EnrolmentState, SessionState
from courses.models import Certificate, Course, Enrolment, Meeting, Session, TrainingInterest
from courses.queries.interest import own_interests
from courses.queries.overview import JpYear, jp_of_year
from courses.services.waiting_list import LAST_RANK
from skills.models import Employee, TrainingRecord

REFUSALS_SHOWN = 90  # days after the end of the session
_TAKES_PART = (EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED, EnrolmentState.PROPOSED)


@dataclass(frozen=True)
class Place:
    """An enrolment with the place on the waiting list, where there is one."""

    enrolment: Enrolment
    place: int | None = None
    meeting: Meeting | None = None  # the next one, or the one that is held now


@dataclass(frozen=True)
class Proof:
    """A certificate of whatever issuer: issued here, or a training elsewhere with its proof."""

    title: str
    issuer: str
    number: str
    day: date | None
    jp: float
    valid_until: date | None
    state: str
    certificate: Certificate | None = None

    @property
    def outside(self) -> bool:
        """Whether it was not issued here."""
        return self.certificate is None


@dataclass(frozen=True)
class Learning:
    """What the page shows: now, coming, done, certificates, trainings and the year's JP."""

    now: Sequence[Place]
    coming: Sequence[Place]
    done: Sequence[Enrolment]
    refused: Sequence[Enrolment]
    certificates: Sequence[Proof]
    jp: JpYear
    jp_coming: int
    interests: Sequence[tuple[TrainingInterest, Course]]

    @property
    def today(self) -> Sequence[Place]:
        """What has a meeting today, for somebody with a seat."""
        day = clock.today()
        return [
            place
            for place in (*self.now, *self.coming)
            if place.meeting is not None
            and place.enrolment.state == EnrolmentState.ENROLLED
            and clock.local(place.meeting.starts_at).date() == day
        ]


def learning_of(session: DbSession, *, employee: Employee, day: date) -> Learning:
    """Return the learning of a person."""
    rows = _enrolments(session, employee.id)
    places = _places(session, [row.id for row in rows if row.waiting_since])
    meetings = _next_meetings(session, [row.session_id for row in rows if _is_active(row)])
    active = [
        Place(row, places.get(row.id), meetings.get(row.session_id))
        for row in rows
        if _is_active(row)
    ]
    return Learning(
        now=[p for p in active if p.enrolment.session.starts_on <= day],
        coming=[p for p in active if p.enrolment.session.starts_on > day],
        done=[r for r in rows if r.state in (EnrolmentState.PASSED, EnrolmentState.FAILED)][::-1],
        refused=[row for row in rows if _is_refused(row, day)][::-1],
        certificates=proofs_of(session, employee.id),
        jp=jp_of_year(session, employee=employee, year=day.year),
        jp_coming=sum(
            row.session.course.jp
            for row in rows
            if _is_active(row)
            and row.state == EnrolmentState.ENROLLED
            and row.session.ends_on.year == day.year
        ),
        interests=own_interests(session, employee.id),
    )


def _is_refused(row: Enrolment, day: date) -> bool:
    """Whether a registration was refused for a session that is not long over."""
    ended = row.session.ends_on + timedelta(days=REFUSALS_SHOWN)
    return row.state == EnrolmentState.REFUSED and ended >= day


def _is_active(row: Enrolment) -> bool:
    return row.state in _TAKES_PART and row.session.state in (
        SessionState.OPEN,
        SessionState.RUNNING,
    )


def _next_meetings(session: DbSession, session_ids: Sequence[int]) -> dict[int, Meeting]:
    """Return the meeting of each session that is held now or comes next."""
    found: dict[int, Meeting] = {}
    for meeting in session.scalars(
        select(Meeting)
        .where(Meeting.session_id.in_(session_ids), Meeting.ends_at >= clock.now())
        .order_by(Meeting.starts_at, Meeting.id)
    ):
        found.setdefault(meeting.session_id, meeting)
    return found


def proofs_of(session: DbSession, employee_id: int) -> list[Proof]:
    """Return certificates issued here and trainings elsewhere in one list, the newest first."""
    here = [
        Proof(
            str(row.facts["title"]),
            str(row.facts.get("organiser", "")),
            row.number,
            row.issued_on,
            float(str(row.facts.get("jp", 0))),
            row.valid_until,
            row.state,
            row,
        )
        for row in certificates_of_person(session, employee_id)
    ]
    elsewhere = [
        Proof(
            row.title,
            row.organiser or "",
            row.number or "",
            row.ended_on,
            row.jp or 0,
            row.valid_until,
            row.state,
        )
        for row in _outside(session, employee_id)
    ]
    return sorted(
        [*here, *elsewhere], key=lambda one: (one.day or date.min, one.title), reverse=True
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


def own_runs(session: DbSession, employee_id: int) -> Sequence[Session]:
    """Return the open and running sessions in which a person has a seat, with their meetings."""
    return session.scalars(
        select(Session)
        .join(Enrolment, Enrolment.session_id == Session.id)
        .where(
            Enrolment.employee_id == employee_id,
            Enrolment.state == EnrolmentState.ENROLLED,
            Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
        )
        .options(selectinload(Session.meetings))
        .order_by(Session.starts_on, Session.id)
    ).all()
