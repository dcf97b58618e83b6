"""Profiles: claims with evidence, the history of levels, and the level in force."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from skills.models.dictionary import Competency
from skills.models.people import Employee


class RejectionReason(Base):
    """A maintained reason for returning a claim, shown beforehand on the form."""

    __tablename__ = "rejection_reason"

    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    text: Mapped[str] = mapped_column(String(300))
    text_en: Mapped[str] = mapped_column(String(300))
    advice: Mapped[str] = mapped_column(String(400), default="")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Claim(Base):
    """A person says: I have this level; the evidence goes to somebody else to verify."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        CheckConstraint(
            "valid_until IS NULL OR issued_on IS NULL OR valid_until >= issued_on", name="dates"
        ),
        Index("ix_claim_state_submitted", "state", "submitted_at"),
        Index("ix_claim_document_number", "document_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), index=True)
    level: Mapped[int]
    state: Mapped[str] = mapped_column(String(14), default="draft")
    title: Mapped[str] = mapped_column(String(250), default="")
    issuer: Mapped[str | None] = mapped_column(String(200))
    document_number: Mapped[str | None] = mapped_column(String(120))
    issued_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    jp: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    stage_since: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_level: Mapped[int | None]
    reason_code: Mapped[str | None] = mapped_column(ForeignKey("rejection_reason.code"))
    reason_text: Mapped[str | None] = mapped_column(String(1000))
    version: Mapped[int] = mapped_column(default=1)
    employee: Mapped[Employee] = relationship()
    competency: Mapped[Competency] = relationship()
    evidence: Mapped[list["ClaimEvidence"]] = relationship(
        back_populates="claim", cascade="all, delete-orphan", order_by="ClaimEvidence.id"
    )
    steps: Mapped[list["ClaimStep"]] = relationship(
        back_populates="claim", cascade="all, delete-orphan", order_by="ClaimStep.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def opd_id(self) -> int:
        """OPD of the person, for the scope of unit verifiers."""
        return self.employee.opd_id


class ClaimEvidence(Base):
    """A file that proves a claim."""

    __tablename__ = "claim_evidence"
    __table_args__ = (UniqueConstraint("claim_id", "file_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    claim: Mapped[Claim] = relationship(back_populates="evidence")


class ClaimStep(Base):
    """A step of a claim, as its owner reads it: who, what, when, why."""

    __tablename__ = "claim_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_label: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(14))
    note: Mapped[str | None] = mapped_column(String(1000))
    claim: Mapped[Claim] = relationship(back_populates="steps")


class LevelRecord(Base):
    """One row of the history of levels; corrections are new rows, nothing is overwritten."""

    __tablename__ = "level_record"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        Index("ix_level_record_person_competency", "employee_id", "competency_id"),
        Index("ix_level_record_valid_until", "valid_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id", ondelete="CASCADE"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    level: Mapped[int]
    source: Mapped[str] = mapped_column(String(12))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)
    reference: Mapped[str | None] = mapped_column(String(60), index=True)  # certificate:<id> ...
    obtained_on: Mapped[date]
    valid_until: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]  # e.g. the certificate was revoked
    withdrawn_reason: Mapped[str | None] = mapped_column(String(300))
    note: Mapped[str | None] = mapped_column(String(300))


class LevelInForce(Base):
    """The level that counts today for (person, competency), with the rule that chose it."""

    __tablename__ = "level_in_force"
    __table_args__ = (Index("ix_level_in_force_competency", "competency_id", "verified_level"),)

    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), primary_key=True
    )
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), primary_key=True)
    verified_level: Mapped[int | None]
    verified_record_id: Mapped[int | None] = mapped_column(ForeignKey("level_record.id"))
    verified_source: Mapped[str | None] = mapped_column(String(12))
    verified_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    claimed_level: Mapped[int | None]
    claimed_record_id: Mapped[int | None] = mapped_column(ForeignKey("level_record.id"))
    claimed_on: Mapped[date | None]
    rule: Mapped[str] = mapped_column(String(60))
    computed_at: Mapped[datetime]


class ProfileVector(Base):
    """All levels of a person as bytes by `Competency.column`, so that the index loads at once."""

    __tablename__ = "profile_vector"

    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), primary_key=True
    )
    profile_version: Mapped[int]
    verified: Mapped[bytes] = mapped_column(LargeBinary)
    claimed: Mapped[bytes] = mapped_column(LargeBinary)
    text_hash: Mapped[str | None] = mapped_column(String(64))
    facts: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
