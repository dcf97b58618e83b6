"""Certificates of all people in one report: those issued here and those from elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from courses.models import Certificate
from courses.queries.certificate_list import (
    CertificateFilter,
    certificates_statement,
    escaped_pattern,
)
from courses.services.certificate_records import state_on
from skills.models import Employee, TrainingRecord

_AT_ONCE = 500


@dataclass(frozen=True)
class ReportLine:
    """One certificate of one person; `here` tells whether it was issued here."""

    employee_id: int | None
    nip: str
    holder: str
    unit: str
    title: str
    issuer: str
    number: str
    jp: float
    day: date | None
    valid_until: date | None
    state: str
    here: bool


def report_lines(
    session: DbSession, *, wanted: CertificateFilter, day: date
) -> Iterator[ReportLine]:
    """Yield the certificates of a filtered list, then the trainings elsewhere that fit it too.

    A filter that only a certificate of our own can meet (state, course, session) leaves out what
    is from elsewhere.
    """
    rows = session.scalars(
        certificates_statement(wanted)
        .order_by(Certificate.issued_on, Certificate.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in rows:
        yield _of_certificate(row, day)
    if wanted.state or wanted.course_id or wanted.session_id:
        return
    outside = session.execute(_outside(wanted).execution_options(yield_per=_AT_ONCE))
    for record, person in outside:
        yield ReportLine(
            employee_id=person.id,
            nip=person.nip,
            holder=person.display_name,
            unit=person.opd.name,
            title=record.title,
            issuer=record.organiser or "",
            number=record.number or "",
            jp=record.jp or 0,
            day=record.ended_on,
            valid_until=record.valid_until,
            state=_state_of(record, day),
            here=False,
        )


def _of_certificate(row: Certificate, day: date) -> ReportLine:
    facts: dict[str, Any] = row.facts
    return ReportLine(
        employee_id=row.employee_id,
        nip=row.employee.nip if row.employee is not None else "",
        holder=facts["holder"],
        unit=facts["holder_unit"],
        title=facts["title"],
        issuer=facts["organiser"],
        number=row.number,
        jp=float(facts["jp"]),
        day=row.issued_on,
        valid_until=row.valid_until,
        state=state_on(row, day),
        here=True,
    )


def _state_of(record: TrainingRecord, day: date) -> str:
    over = record.valid_until is not None and record.valid_until < day
    return "expired" if over and record.state == "verified" else record.state


def _outside(wanted: CertificateFilter) -> Select[TrainingRecord, Employee]:
    statement = (
        select(TrainingRecord, Employee)
        .join(Employee, Employee.id == TrainingRecord.employee_id)
        .where(TrainingRecord.source != "platform")
        .options(joinedload(Employee.opd))
    )
    if wanted.text:
        pattern = escaped_pattern(wanted.text)
        columns = (TrainingRecord.number, TrainingRecord.title, Employee.name)
        statement = statement.where(or_(*(c.ilike(pattern, escape="\\") for c in columns)))
    if wanted.opd_id:
        statement = statement.where(Employee.opd_id == wanted.opd_id)
    if wanted.opd_ids is not None:
        statement = statement.where(Employee.opd_id.in_(wanted.opd_ids))
    if wanted.since:
        statement = statement.where(TrainingRecord.ended_on >= wanted.since)
    if wanted.until:
        statement = statement.where(TrainingRecord.ended_on <= wanted.until)
    return statement.order_by(TrainingRecord.ended_on, TrainingRecord.id)
