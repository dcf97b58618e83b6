"""What a course asks before it, checked again whenever somebody is about to get a seat."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import EnrolmentState
from courses.models import Enrolment, Session
from courses.queries.prerequisites import missing_titles
from courses.services.seats import lock_session
from skills.models import Employee

NOT_PASSED = N_("Belum lulus pelatihan prasyarat: %(courses)s.")
REASON_LENGTH = 300


def exemption_of(
    session: DbSession, *, run: Session, employee: Employee, reason: str
) -> dict[str, Any]:
    """Return what to record of an exemption: nothing for who has passed all that is asked.

    Args:
        reason: why an organiser lets the person in all the same; empty where nobody may.

    Raises:
        InvalidTransition: something is not passed, and there is no reason.
    """
    found = missing_titles(session, course=run.course, employee_ids=[employee.id])
    lacking = found.get(employee.id)
    if lacking is None:
        return {}
    if not reason.strip():
        raise InvalidTransition(Message(NOT_PASSED, {"courses": lacking}))
    return {"not_passed": lacking, "exemption": reason.strip()[:REASON_LENGTH]}


def lacking_of(session: DbSession, rows: Sequence[Enrolment]) -> Mapping[int, str]:
    """Return by employee id what people of one session have not passed; the exempt are left out."""
    asked = [row for row in rows if not row.exemption]
    if not asked:
        return {}
    course = asked[0].session.course
    return missing_titles(session, course=course, employee_ids=[row.employee_id for row in asked])


def pass_over(session: DbSession, *, row: Enrolment, courses: str) -> None:
    """Leave somebody on the waiting list while others move up; the person is told once."""
    if row.passed_over_at is not None:
        return
    row.passed_over_at = clock.now()
    session.flush()
    record(
        session,
        "courses:enrolment:pass_over",
        row,
        people=[row.employee_id],
        not_passed=courses,
    )
    notify(
        session,
        employee_id=row.employee_id,
        kind="enrolment",
        message=Message(
            N_(
                "Anda dilewati di daftar tunggu sesi %(title)s: belum lulus prasyarat %(courses)s."
                " Anda tetap di daftar tunggu."
            ),
            {"title": row.session.title, "courses": courses},
        ),
        url=f"/pelatihan/sesi/{row.session_id}",
        email=True,
        key=f"enrolment:{row.id}:passed-over:{row.version}",
    )


def exempt_waiting(session: DbSession, *, enrolment: Enrolment, reason: str) -> None:
    """Let somebody on the waiting list move up without the prerequisites, for a stated reason.

    Raises:
        InvalidInput: no reason.
        Conflict: the person does not wait any more.
    """
    lock_session(session, enrolment.session_id)
    session.refresh(enrolment)
    if not reason.strip():
        raise InvalidInput(N_("Tulis alasan pengecualian."), field="reason")
    if enrolment.state != EnrolmentState.WAITLISTED:
        raise Conflict(N_("Usulan ini sudah diputuskan."))
    enrolment.exemption, enrolment.passed_over_at = reason.strip()[:REASON_LENGTH], None
    session.flush()
    record(
        session,
        "courses:enrolment:exempt",
        enrolment,
        people=[enrolment.employee_id],
        reason=enrolment.exemption,
    )
