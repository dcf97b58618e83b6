"""From the list to the seat: shortlist, decision, placement."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from matching.models.roles import Seat
from skills.models import Employee


class ShortlistEntry(Base):
    """A person proposed for a seat, with the scores and reasons as seen at that moment."""

    __tablename__ = "shortlist_entry"
    __table_args__ = (UniqueConstraint("seat_id", "employee_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)  # a seat can be filled again later
    run_id: Mapped[int] = mapped_column(ForeignKey("scouting_run.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    rank: Mapped[int]
    fit: Mapped[float]
    fit_high: Mapped[float]
    similarity: Mapped[float | None]
    explanation: Mapped[dict[str, object]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
    employee: Mapped[Employee] = relationship()
    seat: Mapped[Seat] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Decision(Base):
    """The decision on a seat: who, why, and who disagreed."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("seat_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    run_id: Mapped[int] = mapped_column(ForeignKey("scouting_run.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    backup_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    reason: Mapped[str] = mapped_column(Text)
    dissent: Mapped[str] = mapped_column(Text, default="")
    letter_number: Mapped[str | None] = mapped_column(String(120))
    decided_on: Mapped[date]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_label: Mapped[str] = mapped_column(String(200))
    employee: Mapped[Employee] = relationship(foreign_keys=[employee_id])
    seat: Mapped[Seat] = relationship()


class Placement(Base):
    """Somebody holds a seat (or backs the holder up) from a date on."""

    __tablename__ = "placement"
    __table_args__ = (
        # The database refuses a second open placement of one person on one seat.
        Index(
            "uq_placement_open",
            "seat_id",
            "employee_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index("ix_placement_employee", "employee_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    kind: Mapped[str] = mapped_column(String(8), default="primary")
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    since: Mapped[date]
    planned_until: Mapped[date | None]  # last day of the term; `until` is the day it really ended
    until: Mapped[date | None]
    end_reason: Mapped[str | None] = mapped_column(String(300))
    end_kind: Mapped[str | None] = mapped_column(String(10))  # ended, recalled
    handover_on: Mapped[date | None]
    handover_note: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    employee: Mapped[Employee] = relationship()
    seat: Mapped[Seat] = relationship()

    __mapper_args__ = {"version_id_col": version}
