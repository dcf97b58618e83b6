"""Certificates as issued: frozen facts, the file by its hash, states with reasons, the log."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from courses.models.sessions import Enrolment
from skills.models import Employee


class Signatory(Base):
    """An official who signs, with the office as printed."""

    __tablename__ = "signatory"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    office: Mapped[str] = mapped_column(String(200))
    rank: Mapped[str | None] = mapped_column(String(100))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class NumberSequence(Base):
    """The last number given per organiser and year; raised by a conditional UPDATE only."""

    __tablename__ = "number_sequence"
    __table_args__ = (UniqueConstraint("organiser_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organiser.id"))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)


class Certificate(Base):
    """A certificate: what it says is frozen at issue; what happened to it is its state."""

    __tablename__ = "certificate"
    __table_args__ = (
        # One certificate in use per enrolment: a second click or a second worker issues nothing.
        Index(
            "uq_certificate_open",
            "enrolment_id",
            unique=True,
            sqlite_where=text("state IN ('reserved', 'issued')"),
            postgresql_where=text("state IN ('reserved', 'issued')"),
        ),
        Index("ix_certificate_employee", "employee_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(120), unique=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)  # verification code, never reused
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organiser.id"))
    state: Mapped[str] = mapped_column(String(10), default="reserved")
    facts: Mapped[dict[str, object]] = mapped_column(JSON)
    facts_hash: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    file_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    key_id: Mapped[str | None] = mapped_column(String(80))
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    issued_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None] = mapped_column(String(300))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
    enrolment: Mapped[Enrolment | None] = relationship()
    employee: Mapped[Employee | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class CertificateLogEntry(Base):
    """A leaf of the public log of issues and revocations; rows are never changed."""

    __tablename__ = "certificate_log"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))  # issue, revoke, replace
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    at: Mapped[datetime]
    leaf: Mapped[str] = mapped_column(String(64), unique=True)
    root: Mapped[str] = mapped_column(String(64))
