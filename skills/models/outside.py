"""What a person brings from elsewhere with a proof, and what a profile has reached."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from skills.models.people import Employee, TrainingRecord


class OutsideRecord(Base):
    """A training, a certificate or a language from elsewhere, until somebody has verified it.

    A verified training or certificate is also a `TrainingRecord`, so that all of them stand in one
    list; a language stays here.
    """

    __tablename__ = "outside_record"
    __table_args__ = (
        CheckConstraint("kind IN ('training', 'certificate', 'language')", name="kind"),
        CheckConstraint("state IN ('draft', 'sent', 'verified', 'returned')", name="state"),
        CheckConstraint(
            "valid_until IS NULL OR ended_on IS NULL OR valid_until >= ended_on", name="dates"
        ),
        Index("ix_outside_record_state_sent", "state", "sent_at"),
        Index("ix_outside_record_number", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(250), default="")
    language: Mapped[str | None] = mapped_column(String(20))  # code in the table languages
    language_level: Mapped[str | None] = mapped_column(String(4))  # code in language_levels
    organiser: Mapped[str | None] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(120))
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]  # when it ended or was issued
    valid_until: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_label: Mapped[str] = mapped_column(String(200), default="")
    answer: Mapped[str] = mapped_column(String(1000), default="")
    record_id: Mapped[int | None] = mapped_column(
        ForeignKey("training_record.id", ondelete="SET NULL")
    )
    version: Mapped[int] = mapped_column(default=1)
    employee: Mapped[Employee] = relationship()
    record: Mapped[TrainingRecord | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def opd_id(self) -> int:
        """OPD of the person, for the scope of verifiers."""
        return self.employee.opd_id


class ProfileMilestone(Base):
    """What a profile has reached, with its day; a lost one keeps its row."""

    __tablename__ = "profile_milestone"
    __table_args__ = (UniqueConstraint("employee_id", "kind", "reached_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(12))  # complete, standard
    reached_on: Mapped[date]
    ended_on: Mapped[date | None]
