"""Talent: assessments in boxes, calibration, pools, successors of seats, scenarios."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from matching.models.roles import Seat
from skills.models import Employee

_OPEN = text("until IS NULL")


class TalentInput(Base):
    """Points of a part that is measured elsewhere (assessment centre, 360 feedback, awards)."""

    __tablename__ = "talent_input"
    __table_args__ = (
        UniqueConstraint("employee_id", "period", "part"),
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id", ondelete="CASCADE"))
    period: Mapped[int]
    part: Mapped[str] = mapped_column(String(30))
    points: Mapped[float]
    source: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class TalentAssessment(Base):
    """The box of a person in a period, computed by a method; every part is kept with it."""

    __tablename__ = "talent_assessment"
    __table_args__ = (
        UniqueConstraint("employee_id", "period", "method_code"),
        CheckConstraint("box IS NULL OR box BETWEEN 1 AND 9", name="box"),
        CheckConstraint("calibrated_box IS NULL OR calibrated_box BETWEEN 1 AND 9", name="moved"),
        Index("ix_talent_assessment_period", "period", "method_code", "opd_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id", ondelete="CASCADE"))
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))  # at the time of computing
    period: Mapped[int]
    method_code: Mapped[str] = mapped_column(String(40))
    method_hash: Mapped[str] = mapped_column(String(64))  # of cuts, weights and numbering used
    performance: Mapped[float | None]
    potential: Mapped[float | None]
    performance_level: Mapped[int | None]
    potential_level: Mapped[int | None]
    box: Mapped[int | None]
    calibrated_box: Mapped[int | None]
    possible_boxes: Mapped[list[int]] = mapped_column(JSON, default=list)
    qualification: Mapped[float | None]  # third axis: qualification and competency
    parts: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    computed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    employee: Mapped[Employee] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def box_in_force(self) -> int | None:
        """The box after calibration, else the computed one."""
        return self.calibrated_box or self.box


class CalibrationMeeting(Base):
    """A meeting that looks at boxes together and may move people with a reason."""

    __tablename__ = "calibration_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    period: Mapped[int]
    method_code: Mapped[str] = mapped_column(String(40))
    members: Mapped[str] = mapped_column(Text)
    held_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(8), default="open")  # open, closed
    created_at: Mapped[datetime]
    created_by_label: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class CalibrationMove(Base):
    """A move of a person by a meeting, beside the box that was computed at that moment."""

    __tablename__ = "calibration_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("calibration_meeting.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("talent_assessment.id", ondelete="CASCADE"), index=True
    )
    computed_box: Mapped[int | None]
    from_box: Mapped[int | None]
    to_box: Mapped[int | None]  # None: undone to having no box
    reason: Mapped[str] = mapped_column(Text)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("calibration_move.id"))
    moved_at: Mapped[datetime]
    moved_by_label: Mapped[str] = mapped_column(String(200))
    meeting: Mapped[CalibrationMeeting] = relationship()
    assessment: Mapped[TalentAssessment] = relationship()


class TalentPool(Base):
    """A pool with an owner and a period."""

    __tablename__ = "talent_pool"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))  # succession, smart_city, leadership, technical
    owner: Mapped[str] = mapped_column(String(200))
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))  # None: the whole city
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(8), default="draft")  # draft, open, closed
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (CheckConstraint("ends_on > starts_on", name="period"),)
    __mapper_args__ = {"version_id_col": version}


class PoolMember(Base):
    """Somebody in a pool from a day on; who left stays readable with the reason."""

    __tablename__ = "pool_member"
    __table_args__ = (
        Index(
            "uq_pool_member_open",
            "pool_id",
            "employee_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_pool_member_employee", "employee_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("talent_pool.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("talent_assessment.id"))
    readiness: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    since: Mapped[date]
    until: Mapped[date | None]
    end_reason: Mapped[str | None] = mapped_column(String(500))
    version: Mapped[int] = mapped_column(default=1)
    employee: Mapped[Employee] = relationship()
    pool: Mapped[TalentPool] = relationship()
    assessment: Mapped[TalentAssessment | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class PoolEvent(Base):
    """A step of a membership: nominated, readiness changed, left."""

    __tablename__ = "pool_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("pool_member.id"), index=True)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(12))  # nominated, readiness, left
    readiness: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    actor_label: Mapped[str] = mapped_column(String(200))
    member: Mapped[PoolMember] = relationship()


class SeatSuccessor(Base):
    """A candidate to follow on a seat; it belongs to the seat and survives its vacancy."""

    __tablename__ = "seat_successor"
    __table_args__ = (
        Index(
            "uq_seat_successor_open",
            "seat_id",
            "employee_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_seat_successor_employee", "employee_id"),
        CheckConstraint("position >= 1", name="position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    position: Mapped[int]  # order among the candidates, 1 first
    readiness: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    since: Mapped[date]
    until: Mapped[date | None]
    end_reason: Mapped[str | None] = mapped_column(String(500))
    created_by_label: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)
    employee: Mapped[Employee] = relationship()
    seat: Mapped[Seat] = relationship()

    __mapper_args__ = {"version_id_col": version}


class AssignmentScenario(Base):
    """One answer to: who fills all vacant places under these constraints."""

    __tablename__ = "assignment_scenario"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    settings: Mapped[dict[str, object]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))  # solved, infeasible, proposed
    figures: Mapped[dict[str, object]] = mapped_column(JSON)
    inputs_hash: Mapped[str] = mapped_column(String(64))
    solved_on: Mapped[date]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_by_label: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    rows: Mapped[list["ScenarioPlace"]] = relationship(
        back_populates="scenario", cascade="all, delete-orphan", order_by="ScenarioPlace.number"
    )

    __mapper_args__ = {"version_id_col": version}


class ScenarioPlace(Base):
    """One place of a seat in a scenario: who it gets, and who filling one by one would choose."""

    __tablename__ = "scenario_place"
    __table_args__ = (UniqueConstraint("scenario_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(
        ForeignKey("assignment_scenario.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    backup_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    incumbent_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    greedy_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    fit: Mapped[float | None]
    backup_fit: Mapped[float | None]
    greedy_fit: Mapped[float | None]
    scenario: Mapped[AssignmentScenario] = relationship(back_populates="rows")
    seat: Mapped[Seat] = relationship()
    employee: Mapped[Employee | None] = relationship(foreign_keys=[employee_id])
    backup: Mapped[Employee | None] = relationship(foreign_keys=[backup_id])
