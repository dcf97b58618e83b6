"""One's own learning: next, now, done, certificates, JP; joining and leaving a session."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import check, current_actor, requires
from app.web.i18n import render
from app.web.training import words
from courses.enums import EnrolmentState, SessionState
from courses.queries.clashes import clashes
from courses.queries.learning import learning_of, own_runs
from courses.services.calendar_file import calendar_of_all
from courses.services.enrolment import cancel_own, enrol, find_enrolment
from courses.services.renewals import choices_of
from courses.services.results import load_session
from skills.models import Employee
from skills.queries.profile import find_employee

bp = Blueprint("learning", __name__)
bp.context_processor(words.helpers)


@bp.get("/pelatihan/saya")
@requires(P.ENROLMENT_OWN)
def mine() -> str:
    """Show what the person learns."""
    employee, today = _self(), clock.today()
    learning = learning_of(db.session(), employee=employee, day=today)
    return render_template(
        "learning/mine.html",
        learning=learning,
        renewals=choices_of(
            db.session(),
            [row.certificate for row in learning.certificates if row.certificate],
            today,
        ),
        source=request.args.get("asal") if request.args.get("asal") in ("sini", "luar") else None,
    )


@bp.get("/pelatihan/saya/kalender.ics")
@requires(P.ENROLMENT_OWN)
def own_calendar() -> Any:
    """Give all meetings of the sessions one has a seat in as a calendar file."""
    answer = Response(calendar_of_all(own_runs(db.session(), _self().id)), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="pelatihan-saya.ics"'
    return answer


@bp.post("/pelatihan/sesi/<int:session_id>/daftar")
@requires(P.ENROLMENT_OWN)
def join(session_id: int) -> Any:
    """Register oneself; without a free seat the place on the waiting list is told."""
    page = redirect(url_for("training_sessions.show", session_id=session_id), 303)
    try:
        with transaction(current_actor()) as session:
            run = load_session(session, session_id)
            if run is None or run.state == SessionState.DRAFT:
                raise NotFound
            employee = _self()
            row = enrol(session, actor=current_actor(), run=run, employee=employee)
            state = EnrolmentState(row.state)
            clash = clashes(session, run=run, employee_ids=[employee.id]).get(employee.id)
            title = clash.session_title if clash else ""
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
        return page
    flash(_JOINED[state](), "success")
    if title:
        flash(_("Jadwal ini bertabrakan dengan sesi Anda: %(title)s.", title=title), "warning")
    return page


_JOINED: dict[EnrolmentState, Any] = {
    EnrolmentState.ENROLLED: lambda: _("Anda terdaftar di sesi ini."),
    EnrolmentState.WAITLISTED: lambda: _(
        "Kursi penuh. Anda masuk daftar tunggu dan naik sendiri begitu ada kursi."
    ),
    EnrolmentState.PROPOSED: lambda: _("Pendaftaran terkirim dan menunggu persetujuan."),
    EnrolmentState.PASSED: lambda: _("Anda sudah mengikuti sesi ini."),
    EnrolmentState.FAILED: lambda: _("Anda sudah mengikuti sesi ini."),
}


@bp.post("/pelatihan/sesi/<int:session_id>/mundur")
@requires(P.ENROLMENT_OWN)
def leave(session_id: int) -> Any:
    """Give one's own place back."""
    page = redirect(url_for("training_sessions.show", session_id=session_id), 303)
    try:
        with transaction(current_actor()) as session:
            row = find_enrolment(session, session_id=session_id, employee_id=_self().id)
            if row is None:
                raise NotFound
            check(P.ENROLMENT_OWN, row)
            cancel_own(session, enrolment=row)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
        return page
    flash(_("Pendaftaran Anda dibatalkan."), "success")
    return page


def _self() -> Employee:
    employee = find_employee(db.session(), current_actor().employee_id or 0)
    if employee is None:
        raise NotFound
    return employee
