"""Sessions: a dated run of a course, its meetings, the people in it and their attendance."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from courses.models.catalogue import Course
from skills.models import Employee, Opd


class Organiser(Base):
    """Who holds trainings and issues certificates, with the pattern of its numbers."""

    __tablename__ = "organiser"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    number_pattern: Mapped[str] = mapped_column(String(80))


class Session(Base):
    """A dated run of a course with a limited number of seats."""

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("capacity >= 1", name="capacity"),
        CheckConstraint("seats_taken >= 0 AND seats_taken <= capacity", name="seats"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organiser.id"))
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(250), default="")
    link: Mapped[str | None] = mapped_column(String(300))
    trainer: Mapped[str] = mapped_column(String(200), default="")
    capacity: Mapped[int]
    # Raised only by a conditional UPDATE: two people cannot take the last seat.
    seats_taken: Mapped[int] = mapped_column(default=0)
    registration_opens: Mapped[date | None]
    registration_closes: Mapped[date | None]
    needs_approval: Mapped[bool] = mapped_column(default=False)
    # With `needs_approval` the second of two steps: first the supervisor, then the organiser.
    supervisor_approval: Mapped[bool] = mapped_column(default=False)
    seat_method: Mapped[str] = mapped_column(String(8), default="order")  # order, fair
    # Published before anybody applies; draws the order of those who are equal in everything else.
    seed: Mapped[str | None] = mapped_column(String(40))
    allocated_at: Mapped[datetime | None]
    default_quota: Mapped[int | None]  # most seats of an OPD without a line of its own
    early_minutes: Mapped[int] = mapped_column(default=30)
    late_minutes: Mapped[int] = mapped_column(default=30)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("signatory.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    completed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    course: Mapped[Course] = relationship()
    organiser: Mapped[Organiser] = relationship()
    meetings: Mapped[list["Meeting"]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by="Meeting.starts_at"
    )
    quotas: Mapped[list["SessionQuota"]] = relationship(
        cascade="all, delete-orphan", order_by="SessionQuota.id"
    )

    __mapper_args__ = {"version_id_col": version}


class SessionQuota(Base):
    """The most seats that people of one OPD may hold in a session."""

    __tablename__ = "session_quota"
    __table_args__ = (
        UniqueConstraint("session_id", "opd_id"),
        CheckConstraint("seats >= 0", name="seats"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))
    seats: Mapped[int]
    opd: Mapped[Opd] = relationship()


class SessionSheet(Base):
    """A list that somebody gave for a session (people, attendance), with what became of each row.

    Kept so that the result can be read and downloaded later, and a saved grid be undone.
    """

    __tablename__ = "session_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))  # people, attendance, grid
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]


class TrainingInterest(Base):
    """Somebody wants a course for which there is no session yet; shows the organiser the demand."""

    __tablename__ = "training_interest"
    __table_args__ = (UniqueConstraint("course_code", "employee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_code: Mapped[str] = mapped_column(String(40))  # lasts over the versions of a course
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    told_session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    employee: Mapped[Employee] = relationship()


class Meeting(Base):
    """One meeting of a session; attendance is taken per meeting."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    topic: Mapped[str] = mapped_column(String(250), default="")
    # Where it is held; empty means where the session is held.
    place: Mapped[str] = mapped_column(String(250), default="")
    link: Mapped[str | None] = mapped_column(String(300))
    session: Mapped[Session] = relationship(back_populates="meetings")

    @property
    def where(self) -> str:
        """The place, of its own or of the session."""
        return self.place or self.session.place

    @property
    def online(self) -> str | None:
        """The link, of its own or of the session; a place of its own has none of the session's."""
        return self.link or (None if self.place else self.session.link)


class Enrolment(Base):
    """A person in a session, with the result at its end."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("session_id", "employee_id"),
        CheckConstraint("score IS NULL OR score BETWEEN 0 AND 100", name="score"),
        Index("ix_enrolment_employee_state", "employee_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    state: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(12), default="self")  # self, organiser, proposal
    role: Mapped[str] = mapped_column(String(20), default="participant")
    predicate: Mapped[str] = mapped_column(String(60), default="")  # printed beside the score
    printed_note: Mapped[str] = mapped_column(String(160), default="")  # on the certificate
    waiting_since: Mapped[datetime | None]
    score: Mapped[float | None]  # fixed at the end, or corrected before with a reason
    score_reason: Mapped[str] = mapped_column(String(300), default="")
    attendance_percent: Mapped[float | None]
    result_reason: Mapped[str | None] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(String(300), default="")
    exemption: Mapped[str] = mapped_column(String(300), default="")  # from the prerequisites
    passed_over_at: Mapped[datetime | None]  # others moved up: the prerequisites are not passed
    supervisor_at: Mapped[datetime | None]  # step one of an approval in two steps
    supervisor_label: Mapped[str] = mapped_column(String(200), default="")
    allocation_rank: Mapped[int | None]
    allocation: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
    session: Mapped[Session] = relationship()
    employee: Mapped[Employee] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Attendance(Base):
    """Whether a person was at a meeting."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(10))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    how: Mapped[str] = mapped_column(String(10), default="manual")  # manual, qr, import
    detail: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
