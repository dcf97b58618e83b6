"""Who has handed in, and grading one hand-in by the rubric."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import DbSession, db, find_row, transaction
from app.core.errors import Conflict, DomainError, NotFound
from app.core.files.models import StoredFile
from app.core.permissions import Permission as P
from app.web.access import audit_read, check, current_actor, requires
from app.web.i18n import render
from app.web.training_assignments.forms import given_moment
from app.web.training_assignments.mine import bp
from app.web.training_assignments.setup import managed
from courses.models import Submission
from courses.queries.assignments import (
    find_submission,
    next_waiting,
    rubric_in_force,
    tries_of,
    works_of,
)
from courses.services.submissions import grade, send_back

_STANDINGS = ("todo", "submitted", "returned", "final")
_WEEK = timedelta(days=7)


@bp.get("/pelatihan/tugas/<int:assignment_id>/peserta")
@requires(P.SESSION_MANAGE)
def works(assignment_id: int) -> str:
    """Show every participant with who has the work now."""
    session = db.session()
    assignment = managed(session, assignment_id)
    rows = works_of(session, assignment)
    audit_read(
        "courses:submission:list", [row.enrolment.employee_id for row in rows], subject=assignment
    )
    chosen = chosen_standing(request.args.get("status", ""))
    counts = {name: sum(1 for row in rows if row.standing == name) for name in _STANDINGS}
    return render_template(
        "training_assignments/works.html",
        assignment=assignment,
        run=assignment.session,
        rubric=rubric_in_force(session, assignment.id),
        rows=[row for row in rows if chosen in ("", row.standing)],
        counts=counts,
        total=len(rows),
        chosen=chosen,
        following=next_waiting(session, assignment.id),
    )


def chosen_standing(text: str) -> str:
    """Return the state that the address asks for; an unknown one means all."""
    return text if text in _STANDINGS else ""


@bp.get("/pelatihan/tugas/kumpulan/<int:submission_id>")
@requires(P.SESSION_MANAGE)
def work(submission_id: int) -> str:
    """Show a hand-in with the rubric to click through."""
    return _page(submission_id)


@bp.post("/pelatihan/tugas/kumpulan/<int:submission_id>")
@requires(P.SESSION_MANAGE)
def decide(submission_id: int) -> Any:
    """Grade for good, or return for another try."""
    returns = request.form.get("langkah") == "kembali"
    try:
        with transaction(current_actor()) as session:
            row = _managed(session, submission_id)
            assignment_id = row.assignment_id
            common: dict[str, Any] = {
                "actor": current_actor(),
                "row": row,
                "chosen": _chosen(),
                "comment": request.form.get("comment", ""),
                "expected_version": request.form.get("version", type=int),
            }
            if returns:
                until = given_moment(request.form.get("again_until", ""))
                send_back(session, again_until=until, **common)
            else:
                grade(session, **common)
            following = next_waiting(session, assignment_id)
    except (NotFound, Conflict) as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "warning")
        return redirect(url_for(".work", submission_id=submission_id), 303)
    except DomainError as error:
        return _page(submission_id, error), 422
    flash(_("Tugas dikembalikan kepada peserta.") if returns else _("Nilai tersimpan."), "success")
    if following:
        return redirect(url_for(".work", submission_id=following), 303)
    return redirect(url_for(".works", assignment_id=assignment_id), 303)


def _managed(session: DbSession, submission_id: int) -> Submission:
    row = find_submission(session, submission_id)
    if row is None:
        raise NotFound
    check(P.SESSION_MANAGE, row.assignment.session)
    return row


def _chosen() -> list[int | None]:
    """Return the level chosen for each criterion of the form, None where there is none."""
    places = [request.form.get(f"k-{n}", "") for n in range(20)]
    return [
        int(one) if one.isascii() and one.isdigit() and len(one) < 3 else None for one in places
    ]


def _page(submission_id: int, error: DomainError | None = None) -> str:
    session = db.session()
    row = _managed(session, submission_id)
    audit_read("courses:submission:read", [row.employee_id], subject=row)
    edition = row.rubric if row.rubric_id else rubric_in_force(session, row.assignment_id)
    tries = tries_of(session, assignment_id=row.assignment_id, enrolment_id=row.enrolment_id)
    return render_template(
        "training_assignments/work.html",
        row=row,
        assignment=row.assignment,
        run=row.assignment.session,
        stored=find_row(session, StoredFile, row.file_id or 0),
        edition=edition,
        others=[one for one in tries if one.id != row.id],
        chosen=_chosen() if request.method == "POST" else row.chosen,
        comment=request.form.get("comment", row.comment),
        until=request.form.get("again_until") or _in_a_week(),
        errors={(error.field or "rubric"): render(error.message)} if error else {},
        waits=row.state == "submitted",
    )


def _in_a_week() -> str:
    week = clock.local(clock.now()).replace(hour=23, minute=59) + _WEEK
    return f"{week:%Y-%m-%dT%H:%M}"
