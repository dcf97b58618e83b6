"""Who is in a session: participants, waiting list, proposals, lists of NIPs, suggestions."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.actor import RoleName
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, check, current_actor, requires
from app.web.i18n import render
from app.web.training_sessions.board import back_to, bp, found
from courses.enums import EnrolmentState as E
from courses.models import Enrolment
from courses.queries.approvals import own_people
from courses.queries.board import enrolment_in, enrolments_by_state, figures_of
from courses.queries.clashes import clashes
from courses.queries.needs import suggestions
from courses.services.enrolment import approve, cancel_enrolment, promote_waiting, refuse
from courses.services.prerequisite_checks import exempt_waiting, lacking_of

_IN = (E.ENROLLED, E.PASSED, E.FAILED)
_SHOWN = (*_IN, E.WAITLISTED, E.PROPOSED)


@bp.get("/pelatihan/sesi/<int:session_id>/peserta")
@requires(P.SESSION_MANAGE)
def participants(session_id: int) -> str:
    """Show the people of a session by their state, with clashes."""
    run, session = found(session_id, P.SESSION_MANAGE), db.session()
    rows = enrolments_by_state(session, session_id=run.id, states=_SHOWN)
    ids = [row.employee_id for row in rows]
    audit_read("courses:enrolment:list", ids, subject=run)
    return render_template(
        "training_sessions/participants.html",
        run=run,
        tab="peserta",
        figures=figures_of(session, [run.id])[run.id],
        enrolled=sorted((r for r in rows if r.state in _IN), key=lambda r: r.employee.name),
        waiting=[row for row in rows if row.state == E.WAITLISTED],
        proposed=[row for row in rows if row.state == E.PROPOSED],
        lacking=lacking_of(session, [r for r in rows if r.state in (E.WAITLISTED, E.PROPOSED)]),
        clashes=clashes(session, run=run, employee_ids=ids),
    )


@bp.post("/pelatihan/sesi/<int:session_id>/peserta/<int:enrolment_id>/<step>")
@requires(P.SESSION_MANAGE)
def decide_enrolment(session_id: int, enrolment_id: int, step: str) -> Any:
    """Approve or refuse a proposal, exempt somebody who waits, or take somebody out."""
    if step not in _STEPS:
        raise NotFound
    try:
        with transaction(current_actor()) as session:
            found(session_id, P.SESSION_MANAGE)
            row = enrolment_in(session, session_id=session_id, enrolment_id=enrolment_id)
            if row is None:
                raise NotFound
            _STEPS[step](session, row, request.form.get("reason", ""))
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("Tersimpan."), "success")
    return back_to(session_id, ".participants")


def _exempt(session: Any, row: Enrolment, reason: str) -> None:
    exempt_waiting(session, enrolment=row, reason=reason)
    promote_waiting(session, session_id=row.session_id)


_STEPS: Mapping[str, Callable[[Any, Enrolment, str], Any]] = {
    "setujui": lambda session, row, reason: approve(session, enrolment=row, exemption=reason),
    "tolak": lambda session, row, reason: refuse(session, enrolment=row, reason=reason),
    "keluarkan": lambda session, row, why: cancel_enrolment(session, enrolment=row, reason=why),
    "kecualikan": _exempt,
}


def _only_supervises() -> bool:
    actor = current_actor()
    return not actor.has(RoleName.ORGANISER, RoleName.OFFICER, RoleName.OPD_MANAGER)


@bp.get("/pelatihan/sesi/<int:session_id>/peserta/saran")
@requires(P.SESSION_ENROL)
def suggest(session_id: int) -> str:
    """Show the people whose gaps this session would narrow, the largest first."""
    run, session = found(session_id), db.session()
    check(P.SESSION_ENROL, run)
    rows = enrolments_by_state(session, session_id=run.id, states=_SHOWN)
    gains = {item.competency_id: item.to_level for item in run.course.competencies}
    reach = current_actor().opd_ids(RoleName.ORGANISER, RoleName.OFFICER, RoleName.OPD_MANAGER)
    people, total = suggestions(
        session,
        gains=gains,
        day=clock.today(),
        opd_ids=sorted(reach) if reach is not None else None,
        without=[row.employee_id for row in rows],
        only=own_people(session, current_actor()) if _only_supervises() else None,
    )
    ids = [row.employee.id for row in people]
    audit_read("courses:suggestion:read", ids, subject=run)
    return render_template(
        "training_sessions/suggestions.html",
        run=run,
        people=people,
        total=total,
        names={item.competency_id: item.competency for item in run.course.competencies},
        clashes=clashes(session, run=run, employee_ids=ids),
        tab="peserta",
    )
