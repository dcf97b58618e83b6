"""Follow-up months later: the form of a person or supervisor, and the results of a session."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import DbSession, db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, check, current_actor, requires
from app.web.i18n import render
from app.web.training_evaluations.level_one import bp, given_scales
from app.web.training_sessions.board import found
from courses.models import FollowUp
from courses.queries.evaluations import form_in_force
from courses.queries.follow_ups import find_follow_up, follow_up_results
from courses.services.follow_ups import answer_follow_up, problem_to_answer


@bp.route("/pelatihan/tindak-lanjut/<int:number>", methods=["GET", "POST"])
@requires(P.ENROLMENT_OWN)
def follow_up(number: int) -> Any:
    """Show the form of whom it was sent to, and keep the answers."""
    if request.method == "GET":
        return _page(number), 200
    try:
        with transaction(current_actor()) as session:
            answer_follow_up(
                session,
                form=_own(session, number),
                answers=given_scales(),
                comment=request.form.get("komentar", ""),
            )
    except InvalidInput as error:
        return _page(number, error), 422
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "warning")
        return redirect(url_for(".follow_up", number=number), 303)
    flash(_("Terima kasih. Jawaban Anda tersimpan."), "success")
    return redirect(url_for("learning.mine"), 303)


def _own(session: DbSession, number: int) -> FollowUp:
    row = find_follow_up(session, number)
    if row is None:
        raise NotFound
    check(P.ENROLMENT_OWN, row)
    return row


def _page(number: int, error: DomainError | None = None) -> str:
    row = _own(db.session(), number)
    if row.kind == "supervisor":
        audit_read("courses:follow_up:read", [row.enrolment.employee_id], subject=row)
    return render_template(
        "training_evaluations/follow_up.html",
        row=row,
        run=row.enrolment.session,
        form=form_in_force(db.session(), row.kind),
        problem=problem_to_answer(row),
        error=error,
        given=given_scales(),
        comment=request.form.get("komentar", ""),
    )


@bp.get("/pelatihan/sesi/<int:session_id>/tindak-lanjut")
@requires(P.SESSION_MANAGE)
def follow_up_outcome(session_id: int) -> str:
    """Show what persons and supervisors said some months later."""
    run = found(session_id, P.SESSION_MANAGE)
    return render_template(
        "training_evaluations/follow_up_results.html",
        run=run,
        results=follow_up_results(db.session(), run),
    )
