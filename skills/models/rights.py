"""Rights of a person over the own data: contesting a datum, and consent to what is optional."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from skills.models.people import Employee
from skills.models.profiles import LevelRecord


class DataContest(Base):
    """A person says that a datum is wrong; somebody else answers before the deadline."""

    __tablename__ = "data_contest"
    __table_args__ = (
        Index("ix_data_contest_state_due", "state", "due_on"),
        CheckConstraint("state IN ('open', 'corrected', 'refused', 'withdrawn')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(30))  # code in the reference table contest_kinds
    subject: Mapped[str] = mapped_column(String(160))  # which datum, in the person's words
    level_record_id: Mapped[int | None] = mapped_column(ForeignKey("level_record.id"))
    statement: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="open")
    filed_at: Mapped[datetime]
    due_on: Mapped[date]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_by_label: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    employee: Mapped[Employee] = relationship()
    level_record: Mapped[LevelRecord | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def opd_id(self) -> int:
        """OPD of the person, for the scope of those who answer."""
        return self.employee.opd_id


class Consent(Base):
    """Consent to one optional processing; a withdrawn row is kept, a new one may follow."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_person_purpose", "employee_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(30))
    notice_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
