"""Around a decision: interest, invitation, panel, fairness sheet, contest, saved searches."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from matching.models.placement import Decision, ShortlistEntry
from matching.models.roles import Seat
from skills.models import Employee


class SeatInterest(Base):
    """A civil servant says about an open seat: interested, or not; taking it back deletes it."""

    __tablename__ = "seat_interest"
    __table_args__ = (UniqueConstraint("seat_id", "employee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))  # interested, declined
    note: Mapped[str] = mapped_column(String(500), default="")
    updated_at: Mapped[datetime]
    seat: Mapped[Seat] = relationship()


class Invitation(Base):
    """An invitation of somebody on the shortlist, with a deadline and an answer."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("shortlist_entry.id"), unique=True)
    text: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date]
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)
    entry: Mapped[ShortlistEntry] = relationship()

    __mapper_args__ = {"version_id_col": version}


class PanelCriterion(Base):
    """A maintained criterion of panels, e.g. the interview."""

    __tablename__ = "panel_criterion"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("weight > 0", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30))
    version: Mapped[int] = mapped_column(default=1, server_default="1")  # of the whole table
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    weight: Mapped[float]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class PanelScore(Base):
    """The score of one panel member for one person on one criterion."""

    __tablename__ = "panel_score"
    __table_args__ = (
        UniqueConstraint("entry_id", "criterion_id", "account_id"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("shortlist_entry.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("panel_criterion.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    score: Mapped[int]
    note: Mapped[str] = mapped_column(String(500), default="")
    scored_at: Mapped[datetime]


class FairnessSheet(Base):
    """The figures of one shortlist by protected groups, and who has read them."""

    __tablename__ = "fairness_sheet"
    __table_args__ = (UniqueConstraint("seat_id", "round", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    round: Mapped[int]
    run_id: Mapped[int] = mapped_column(ForeignKey("scouting_run.id"))
    key: Mapped[str] = mapped_column(String(64))  # hash of the shortlist it was made of
    figures: Mapped[dict[str, object]] = mapped_column(JSON)
    acknowledged_at: Mapped[datetime]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    acknowledged_by_label: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")


class ContestCategory(Base):
    """A maintained reason to contest a search, with its deadlines in days."""

    __tablename__ = "contest_category"
    __table_args__ = (CheckConstraint("file_days > 0 AND answer_days > 0", name="days"),)

    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160))
    file_days: Mapped[int]
    answer_days: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Contest(Base):
    """Somebody who was considered objects to a decision and gets an answer."""

    __tablename__ = "contest"
    __table_args__ = (UniqueConstraint("decision_id", "employee_id", "category_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    category_code: Mapped[str] = mapped_column(ForeignKey("contest_category.code"))
    text: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime]
    due_on: Mapped[date]
    outcome: Mapped[str | None] = mapped_column(String(10))  # upheld, rejected
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_by_label: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    decision: Mapped[Decision] = relationship()
    employee: Mapped[Employee] = relationship()
    category: Mapped[ContestCategory] = relationship()

    __mapper_args__ = {"version_id_col": version}


class DecisionSignature(Base):
    """Who signed a decision, over exactly the facts that the hash stands for."""

    __tablename__ = "decision_signature"
    __table_args__ = (UniqueConstraint("decision_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    label: Mapped[str] = mapped_column(String(200))
    capacity: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")
    file_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]


class SavedSearch(Base):
    """A search kept under a name; the search itself is its address."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    owner_label: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(Text)  # path and query inside the application
    is_shared: Mapped[bool] = mapped_column(default=False, index=True)
    created_at: Mapped[datetime]


class LetterSeries(Base):
    """Numbers of draft letters of one year, after a pattern."""

    __tablename__ = "letter_series"
    __table_args__ = (UniqueConstraint("kind", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    pattern: Mapped[str] = mapped_column(String(80))
    last_number: Mapped[int] = mapped_column(default=0)
