"""What people are told about their place in a session, with the dates as a calendar file."""

from sqlalchemy.orm import Session as DbSession

from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import EnrolmentState
from courses.models import Enrolment, Session
from courses.services.calendar_file import calendar_of

_TOLD = {
    EnrolmentState.ENROLLED: N_("Anda terdaftar di sesi %(title)s mulai %(day)s."),
    EnrolmentState.WAITLISTED: N_("Anda masuk daftar tunggu sesi %(title)s mulai %(day)s."),
}


def tell_seat(session: DbSession, row: Enrolment) -> None:
    """Tell somebody that a seat came free or was approved."""
    notify(
        session,
        employee_id=row.employee_id,
        kind="enrolment",
        message=Message(N_("Anda mendapat kursi di sesi %(title)s."), {"title": row.session.title}),
        url=f"/pelatihan/sesi/{row.session_id}",
        email=True,
        key=f"enrolment:{row.id}:promoted:{row.version}",
        calendar=calendar_of(row.session).decode(),
    )


def tell_enrolled(session: DbSession, row: Enrolment) -> None:
    """Confirm a place with its dates; who was put in by others learns of it here."""
    words = _TOLD.get(EnrolmentState(row.state))
    if words is None:
        return
    seated = row.state == EnrolmentState.ENROLLED
    run = session.get_one(Session, row.session_id)
    notify(
        session,
        employee_id=row.employee_id,
        kind="enrolment",
        message=Message(words, {"title": run.title, "day": f"{run.starts_on:%d/%m/%Y}"}),
        url=f"/pelatihan/sesi/{run.id}",
        email=True,
        key=f"enrolment:{row.id}:{row.state}:{row.version}",
        calendar=calendar_of(run).decode() if seated else None,
    )


def tell_waiting(session: DbSession, row: Enrolment) -> None:
    """Tell somebody that the proposal is approved and no seat is free yet."""
    notify(
        session,
        employee_id=row.employee_id,
        kind="enrolment",
        message=Message(
            N_("Pendaftaran Anda di sesi %(title)s disetujui. Anda masuk daftar tunggu."),
            {"title": row.session.title},
        ),
        url=f"/pelatihan/sesi/{row.session_id}",
        email=True,
        key=f"enrolment:{row.id}:waiting:{row.version}",
    )


def ask_supervisor(session: DbSession, row: Enrolment) -> None:
    """Tell the supervisor that a registration waits for a decision."""
    if row.employee.supervisor_id is None:
        return
    notify(
        session,
        employee_id=row.employee.supervisor_id,
        kind="enrolment",
        message=Message(
            N_("%(name)s ingin mengikuti %(title)s dan menunggu persetujuan Anda."),
            {"name": row.employee.display_name, "title": row.session.title},
        ),
        url="/pelatihan/persetujuan",
        email=True,
        key=f"enrolment:{row.id}:ask:{row.version}",
    )
