"""Assessment rounds: who is assessed, by whom, on what, and what each of them said."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from skills.models.dictionary import Competency
from skills.models.people import Employee


class AssessmentRound(Base):
    """A period in which invited people are assessed on chosen competencies."""

    __tablename__ = "assessment_round"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("double_percent BETWEEN 0 AND 100", name="double_percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160), unique=True)
    purpose: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="draft")  # draft, open, closed
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    double_percent: Mapped[int] = mapped_column(default=20)  # share of people rated twice
    sources: Mapped[str] = mapped_column(String(60), default="self,supervisor,assessor")
    min_raters: Mapped[int] = mapped_column(default=3)  # fewer peers or subordinates stay hidden
    valid_months: Mapped[int | None]  # shelf life of the levels that closing writes
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    competencies: Mapped[list[Competency]] = relationship(
        secondary="assessment_competency", order_by=Competency.position
    )

    __mapper_args__ = {"version_id_col": version}


class AssessmentCompetency(Base):
    """A competency that a round asks about."""

    __tablename__ = "assessment_competency"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("assessment_round.id", ondelete="CASCADE"), primary_key=True
    )
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), primary_key=True)


class AssessmentTarget(Base):
    """A person invited to a round."""

    __tablename__ = "assessment_target"
    __table_args__ = (UniqueConstraint("round_id", "employee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("assessment_round.id", ondelete="CASCADE"))
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    is_double: Mapped[bool] = mapped_column(default=False)
    employee: Mapped[Employee] = relationship()
    round: Mapped[AssessmentRound] = relationship()


class AssessmentTask(Base):
    """One rater's form about one person; ratings of different kinds are never mixed."""

    __tablename__ = "assessment_task"
    __table_args__ = (
        Index("ix_assessment_task_employee_state", "rater_employee_id", "state"),
        Index("ix_assessment_task_account_state", "rater_account_id", "state"),
        UniqueConstraint("target_id", "kind", "rater_employee_id"),
        UniqueConstraint("target_id", "kind", "rater_account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("assessment_target.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))  # RaterKind
    rater_employee_id: Mapped[int | None] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE")
    )
    rater_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    place: Mapped[int] = mapped_column(default=1)  # 2: the second, independent assessor
    state: Mapped[str] = mapped_column(String(6), default="open")  # open, sent
    sent_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    target: Mapped[AssessmentTarget] = relationship()
    answers: Mapped[list["AssessmentAnswer"]] = relationship(
        cascade="all, delete-orphan", order_by="AssessmentAnswer.competency_id"
    )

    __mapper_args__ = {"version_id_col": version}


class AssessmentAnswer(Base):
    """A level that a rater chose by its behaviours; none: could not be observed."""

    __tablename__ = "assessment_answer"
    __table_args__ = (CheckConstraint("level IS NULL OR level BETWEEN 1 AND 5", name="level"),)

    task_id: Mapped[int] = mapped_column(
        ForeignKey("assessment_task.id", ondelete="CASCADE"), primary_key=True
    )
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), primary_key=True)
    level: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(500), default="")


class ResultBatch(Base):
    """A file of results of an assessment centre: dry run, write, undo."""

    __tablename__ = "result_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    provider: Mapped[str] = mapped_column(String(160))
    band_index: Mapped[str] = mapped_column(String(30))  # table of bands for the job person match
    state: Mapped[str] = mapped_column(String(8), default="checked")  # checked, applied, undone
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undo_reason: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)
    rows: Mapped[list["ResultRow"]] = relationship(
        cascade="all, delete-orphan", order_by="ResultRow.number"
    )

    __mapper_args__ = {"version_id_col": version}


class ResultRow(Base):
    """A row of such a file: whose result, which levels, and what is wrong with it."""

    __tablename__ = "result_row"
    __table_args__ = (UniqueConstraint("batch_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("result_batch.id", ondelete="CASCADE"))
    number: Mapped[int]  # row of the file
    employee_id: Mapped[int | None] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    label: Mapped[str] = mapped_column(String(200), default="")
    nip: Mapped[str] = mapped_column(String(40), default="")
    assessed_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    match: Mapped[float | None]  # job person match in percent
    band: Mapped[str] = mapped_column(String(60), default="")  # as named on the day of the check
    levels: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # competency code to level
    state: Mapped[str] = mapped_column(String(8))  # new, known, error
    problems: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
