"""Planning of learning: proposals for training, the year plan, hours claimed for other learning."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from courses.models.catalogue import Course
from skills.models import Competency, Employee, Opd, TrainingRecord


class TrainingProposal(Base):
    """A supervisor or an OPD asks that some people learn something, with a reason."""

    __tablename__ = "training_proposal"
    __table_args__ = (
        CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
        Index("ix_training_proposal_state", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"), index=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    priority: Mapped[int] = mapped_column(default=2)  # 1 is the most urgent
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10), default="submitted")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    created_by_label: Mapped[str] = mapped_column(String(200))
    # state: submitted, taken (into a plan), declined
    decided_at: Mapped[datetime | None]
    decided_by_label: Mapped[str] = mapped_column(String(200), default="")
    answer: Mapped[str] = mapped_column(String(500), default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("training_proposal.id"))
    version: Mapped[int] = mapped_column(default=1)
    opd: Mapped[Opd] = relationship()
    competency: Mapped[Competency] = relationship()
    course: Mapped[Course | None] = relationship()
    people: Mapped[list["ProposalPerson"]] = relationship(
        back_populates="proposal", cascade="all, delete-orphan", order_by="ProposalPerson.id"
    )

    __mapper_args__ = {"version_id_col": version}


class ProposalPerson(Base):
    """Somebody whom a proposal is for."""

    __tablename__ = "training_proposal_person"
    __table_args__ = (UniqueConstraint("proposal_id", "employee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("training_proposal.id", ondelete="CASCADE"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    proposal: Mapped[TrainingProposal] = relationship(back_populates="people")
    employee: Mapped[Employee] = relationship()


class YearPlan(Base):
    """The development plan of a year (HCDP) in one edition; an adopted edition is not edited."""

    __tablename__ = "year_plan"
    __table_args__ = (
        UniqueConstraint("year", "edition"),
        CheckConstraint("budget >= 0", name="budget"),
        CheckConstraint("hours >= 0", name="hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    edition: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(
        String(10), default="draft"
    )  # draft, proposed, adopted, replaced
    budget: Mapped[int] = mapped_column(BigInteger)  # rupiah
    hours: Mapped[int]  # most JP of sessions that can be held in the year
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    adopted_at: Mapped[datetime | None]
    adopted_by_label: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    items: Mapped[list["PlanItem"]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanItem.id"
    )

    __mapper_args__ = {"version_id_col": version}


class PlanItem(Base):
    """A course in a plan: how many sessions of how many seats, what it costs, whom it serves."""

    __tablename__ = "year_plan_item"
    __table_args__ = (
        UniqueConstraint("plan_id", "course_id"),
        CheckConstraint("sessions >= 1", name="sessions"),
        CheckConstraint("seats >= 1", name="seats"),
        CheckConstraint("jp >= 1 AND cost >= 0", name="price"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("year_plan.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    sessions: Mapped[int]
    seats: Mapped[int]  # per session
    jp: Mapped[int]  # per session, as the course said when it was planned
    cost: Mapped[int]  # rupiah per participant
    needed: Mapped[int] = mapped_column(default=0)  # people with the need when it was planned
    # What its seats would do, counted with the items before it; see `plan_suggestion`.
    levels: Mapped[int] = mapped_column(default=0)
    short_people: Mapped[int] = mapped_column(default=0)  # of them short of JP in the year
    duty_hours: Mapped[int] = mapped_column(default=0)  # of their duty that it closes
    above_people: Mapped[int] = mapped_column(default=0)  # of them who pass their ceiling
    quarter: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)  # of what people typed, not of the figures
    plan: Mapped[YearPlan] = relationship(back_populates="items")
    course: Mapped[Course] = relationship()


class JpClaim(Base):
    """What somebody asked for outside learning beside what an officer approved."""

    __tablename__ = "jp_claim"
    __table_args__ = (CheckConstraint("jp_claimed > 0", name="jp_claimed"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(
        ForeignKey("training_record.id", ondelete="CASCADE"), unique=True
    )
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    jp_claimed: Mapped[int]
    quantity: Mapped[int] = mapped_column(default=1)  # sessions, days or activities of its form
    note: Mapped[str] = mapped_column(String(500), default="")
    submitted_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_label: Mapped[str] = mapped_column(String(200), default="")
    answer: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)
    record: Mapped[TrainingRecord] = relationship()
    employee: Mapped[Employee] = relationship()

    __mapper_args__ = {"version_id_col": version}
