"""Data quality over time, and what was decided on differences with a SIASN file."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from skills.models.people import Employee


class QualitySnapshot(Base):
    """The scores of an OPD on a day; OPD 0 stands for the whole city."""

    __tablename__ = "quality_snapshot"

    day: Mapped[date] = mapped_column(primary_key=True)
    opd_key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    people: Mapped[int]
    completeness: Mapped[float]
    timeliness: Mapped[float]
    accuracy: Mapped[float]
    consistency: Mapped[float]
    total: Mapped[float]
    rule_version: Mapped[int]


class ReconciliationItem(Base):
    """One datum in which a SIASN file and the platform differ, and the decision on it."""

    __tablename__ = "reconciliation_item"
    __table_args__ = (
        UniqueConstraint("batch_id", "employee_id", "field"),
        CheckConstraint(
            "decision IS NULL OR decision IN ('accept', 'keep', 'correct')", name="decision"
        ),
        Index("ix_reconciliation_item_batch_decision", "batch_id", "decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"))
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    field: Mapped[str] = mapped_column(String(40))
    siasn_value: Mapped[str | None] = mapped_column(String(300))
    local_value: Mapped[str | None] = mapped_column(String(300))
    document: Mapped[str] = mapped_column(String(300), default="")  # number and date of the proof
    reason: Mapped[str] = mapped_column(String(300), default="")  # why ours is kept
    decision: Mapped[str | None] = mapped_column(String(10))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_label: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    employee: Mapped[Employee] = relationship()

    __mapper_args__ = {"version_id_col": version}
