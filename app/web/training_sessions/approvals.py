"""The supervisor's step: registrations of one's own people that wait for a decision."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, check, current_actor, requires
from app.web.i18n import render
from app.web.training_sessions.board import bp
from courses.models import Enrolment
from courses.queries.approvals import enrolment_to_decide, waiting_for
from courses.queries.clashes import clashes_of
from courses.queries.needs import needs
from courses.services.enrolment import approve_first, refuse


@bp.get("/pelatihan/persetujuan")
@requires(P.ENROLMENT_APPROVE)
def approvals() -> str:
    """List what waits: who, for what, whether it closes a gap, whether it clashes."""
    session = db.session()
    rows = waiting_for(session, current_actor())
    audit_read("courses:enrolment:queue", [row.employee_id for row in rows])
    return render_template(
        "training_sessions/approvals.html",
        rows=rows,
        gaps=_gaps(rows),
        clashes=clashes_of(session, rows),
    )


def _gaps(rows: Any) -> dict[int, int]:
    """Return how many levels of the person's position each course would close."""
    taught = {c.competency_id for row in rows for c in row.session.course.competencies}
    if not taught:
        return {}
    missing = {
        (need.employee_id, need.competency_id): need
        for need in needs(db.session(), day=clock.today(), competency_ids=sorted(taught))
    }
    closed: dict[int, int] = {}
    for row in rows:
        for item in row.session.course.competencies:
            need = missing.get((row.employee_id, item.competency_id))
            if need is not None:
                gain = max(0, min(need.required, item.to_level) - (need.held or 0))
                closed[row.id] = closed.get(row.id, 0) + gain
    return closed


@bp.post("/pelatihan/persetujuan/<int:enrolment_id>/<any(setujui,tolak):step>")
@requires(P.ENROLMENT_APPROVE)
def decide_first(enrolment_id: int, step: str) -> Any:
    """Approve or refuse one registration."""
    try:
        with transaction(current_actor()) as session:
            row = enrolment_to_decide(session, enrolment_id)
            if row is None:
                raise NotFound
            check(P.ENROLMENT_APPROVE, row)
            told = _decide(session, row, step)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(told, "success")
    return redirect(url_for(".approvals"), 303)


def _decide(session: Any, row: Enrolment, step: str) -> str:
    name = row.employee.display_name
    if step == "tolak":
        refuse(session, enrolment=row, reason=request.form.get("reason", ""))
        return _("Pendaftaran %(name)s ditolak; alasannya disampaikan.", name=name)
    approve_first(session, enrolment=row, actor=current_actor())
    if row.session.needs_approval:
        return _("%(name)s disetujui; penyelenggara memutuskan berikutnya.", name=name)
    return _("%(name)s disetujui.", name=name)
