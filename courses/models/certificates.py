"""Certificates as issued: frozen facts, the file by its hash, states with reasons, the log."""

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


class CertificateTemplate(Base):
    """A version of a template; what was published is never edited, a change is a new version."""

    __tablename__ = "certificate_template"
    __table_args__ = (UniqueConstraint("code", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    edition: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(120))
    html: Mapped[str] = mapped_column(Text)
    css: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class RenewalPath(Base):
    """Which course renews the certificates of another, and from when until when it may."""

    __tablename__ = "renewal_path"
    __table_args__ = (
        UniqueConstraint("course_code", "renewed_by_code"),
        CheckConstraint("days_before >= 0 AND days_after >= 0", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_code: Mapped[str] = mapped_column(String(40), index=True)
    renewed_by_code: Mapped[str] = mapped_column(String(40), index=True)
    days_before: Mapped[int]  # the window opens this many days before the end of validity
    days_after: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


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
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("certificate_template.id"))
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
    kind: Mapped[str] = mapped_column(String(10))  # issue, revoke, replace, validity
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    at: Mapped[datetime]
    leaf: Mapped[str] = mapped_column(String(64), unique=True)
    root: Mapped[str] = mapped_column(String(64))


class ValidityChange(Base):
    """A later end of validity than the printed one, or an earlier, with the reason."""

    __tablename__ = "validity_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    position: Mapped[int] = mapped_column(unique=True)  # row of the log that witnesses it
    before: Mapped[date | None]
    after: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(300))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
