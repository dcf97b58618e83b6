"""The list of certificates with its filters, and what a download of it holds."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import contains_eager

from courses.enums import CertificateState
from courses.models import Certificate, Course, Enrolment, Session
from skills.models import Employee


@dataclass(frozen=True)
class CertificateFilter:
    """What the list is narrowed to; `opd_ids` is the reach of the reader (None: the city)."""

    text: str = ""
    state: str | None = None
    since: date | None = None
    until: date | None = None
    course_id: int | None = None
    session_id: int | None = None
    opd_id: int | None = None
    opd_ids: tuple[int, ...] | None = None

    def as_params(self) -> dict[str, Any]:
        """Return the filter as JSON values, for a job."""
        return {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in asdict(self).items()
        }

    @classmethod
    def from_params(cls, params: dict[str, Any]) -> "CertificateFilter":
        """Read `as_params` back."""
        values = dict(params)
        for name in ("since", "until"):
            values[name] = date.fromisoformat(values[name]) if values[name] else None
        if values["opd_ids"] is not None:
            values["opd_ids"] = tuple(values["opd_ids"])
        return cls(**values)


def certificates_statement(wanted: CertificateFilter) -> Select[Any]:
    """Return the statement of the list, without an order; legacy records have no session."""
    statement = (
        select(Certificate)
        .outerjoin(Employee, Employee.id == Certificate.employee_id)
        .outerjoin(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .outerjoin(Session, Session.id == Enrolment.session_id)
        .options(
            contains_eager(Certificate.employee).joinedload(Employee.opd),
            contains_eager(Certificate.enrolment).contains_eager(Enrolment.session),
        )
    )
    if wanted.text:
        pattern = escaped_pattern(wanted.text)
        statement = statement.where(
            or_(
                Certificate.number.ilike(pattern, escape="\\"),
                Employee.name.ilike(pattern, escape="\\"),
                Session.title.ilike(pattern, escape="\\"),
            )
        )
    conditions = {
        Certificate.state: wanted.state,
        Session.course_id: wanted.course_id,
        Session.id: wanted.session_id,
        Employee.opd_id: wanted.opd_id,
    }
    for column, value in conditions.items():
        if value:
            statement = statement.where(column == value)
    if wanted.since:
        statement = statement.where(Certificate.issued_on >= wanted.since)
    if wanted.until:
        statement = statement.where(Certificate.issued_on <= wanted.until)
    if wanted.opd_ids is not None:
        statement = statement.where(Employee.opd_id.in_(wanted.opd_ids))
    return statement


def with_files(statement: Select[Any]) -> Select[Any]:
    """Return the statement narrowed to certificates in force that have a file."""
    return statement.where(
        Certificate.state == CertificateState.ISSUED, Certificate.file_id.is_not(None)
    )


def escaped_pattern(text: str) -> str:
    """Return the LIKE pattern that finds a text as it is, with a backslash as the escape."""
    return "%" + text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"


def courses_with_certificates(session: DbSession) -> list[tuple[int, str]]:
    """Return (id, title) of the courses of which certificates were issued."""
    rows = session.execute(
        select(Course.id, Course.title)
        .where(Course.id.in_(select(Session.course_id).join(Enrolment).join(Certificate)))
        .order_by(Course.title, Course.id)
    )
    return [(row.id, row.title) for row in rows]
