"""An organiser sets an assignment with its rubric, publishes it or takes it back."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import DbSession, db, transaction
from app.core.errors import Conflict, DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import check, current_actor, requires
from app.web.i18n import render
from app.web.training_assignments.forms import AssignmentForm, given_rubric, shown_rubric
from app.web.training_assignments.mine import bp
from app.web.training_sessions.board import found
from courses.assignments.rules import Cell, Criterion, Rubric
from courses.models import Assignment, Session
from courses.queries.assignments import course_assignments, find_assignment, rubric_in_force
from courses.services.assignment_setup import (
    change_assignment,
    create_assignment,
    publish_assignment,
    tries_made,
    withdraw_assignment,
)


@bp.route("/pelatihan/sesi/<int:session_id>/tugas/baru", methods=["GET", "POST"])
@requires(P.SESSION_MANAGE)
def new(session_id: int) -> Any:
    """Add an assignment to a session."""
    run, form = found(session_id, P.SESSION_MANAGE), AssignmentForm.of(None)
    refusal = None
    if not _takes_rubric() and form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                run = found(session_id, P.SESSION_MANAGE)
                create_assignment(session, run=run, values=form.values())
        except DomainError as error:
            refusal = error
        else:
            flash(_("Tugas tersimpan sebagai draf. Terbitkan bila sudah siap."), "success")
            return redirect(url_for("training_tests.overview", session_id=session_id), 303)
    return _form_page(found(session_id, P.SESSION_MANAGE), None, form, refusal)


@bp.route("/pelatihan/tugas/<int:assignment_id>/ubah", methods=["GET", "POST"])
@requires(P.SESSION_MANAGE)
def edit(assignment_id: int) -> Any:
    """Change an assignment; a rubric in use gets a new edition."""
    row = managed(db.session(), assignment_id)
    form, refusal = AssignmentForm.of(row), None
    if not _takes_rubric() and form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                change_assignment(
                    session,
                    assignment=managed(session, assignment_id),
                    values=form.values(),
                    expected_version=request.form.get("version", type=int),
                )
        except DomainError as error:
            refusal = error
        else:
            flash(_("Tugas tersimpan."), "success")
            return redirect(url_for(".works", assignment_id=assignment_id), 303)
    row = managed(db.session(), assignment_id)
    return _form_page(row.session, row, form, refusal)


def managed(session: DbSession, assignment_id: int) -> Assignment:
    """Return an assignment of a session that one manages."""
    row = find_assignment(session, assignment_id)
    if row is None:
        raise NotFound
    check(P.SESSION_MANAGE, row.session)
    return row


def _form_page(
    run: Session, row: Assignment | None, form: AssignmentForm, refusal: DomainError | None
) -> Any:
    session, edition = db.session(), None
    conflict = isinstance(refusal, Conflict)
    problem = render(refusal.message) if refusal and conflict else form.refuse(refusal)
    if request.method == "POST":
        rubric = _taken_rubric(run) or given_rubric(request.form)
    elif row is not None:
        edition = rubric_in_force(session, row.id)
        rubric = edition.content
    else:
        rubric = _first_rubric()
    page = render_template(
        "training_assignments/form.html",
        run=run,
        assignment=row,
        form=form,
        problem=problem,
        conflict=conflict,
        # A stale page stays stale: sent once more it must not write over what the other wrote.
        version=request.form.get("version", row.version if row else None),
        rubric=shown_rubric(rubric),
        earlier=course_assignments(session, run, besides=row.id if row else None),
        frozen=row is not None and tries_made(session, row) > 0,
    )
    return page, 409 if conflict else 422 if form.errors or problem else 200


def _takes_rubric() -> bool:
    """Return whether the form is sent only to have another rubric put into it."""
    return request.method == "POST" and request.form.get("langkah") == "ambil"


def _taken_rubric(run: Session) -> Rubric | None:
    """Return the rubric that is asked for, of an assignment of the same course."""
    source = request.form.get("rubrik_dari", type=int) if _takes_rubric() else None
    row = find_assignment(db.session(), source) if source else None
    if row is None or row.session.course_id != run.course_id:
        return None
    return rubric_in_force(db.session(), row.id).content


def _first_rubric() -> Rubric:
    """Return names and points to begin with; the organiser writes what each level means."""
    levels = (_("Kurang"), _("Cukup"), _("Baik"), _("Sangat baik"))
    cells = tuple(Cell(points) for points in (0, 10, 20, 30))
    return Rubric(levels, (Criterion(_("Isi"), cells),))


@bp.post("/pelatihan/tugas/<int:assignment_id>/<step>")
@requires(P.SESSION_MANAGE)
def move(assignment_id: int, step: str) -> Any:
    """Publish an assignment, or take it back while nobody has handed in."""
    if step not in ("terbitkan", "tarik"):
        raise NotFound
    change = publish_assignment if step == "terbitkan" else withdraw_assignment
    session_id = managed(db.session(), assignment_id).session_id
    try:
        with transaction(current_actor()) as session:
            change(session, assignment=managed(session, assignment_id))
    except DomainError as error:
        flash(render(error.message), "danger")
    else:
        told = _("Tugas diterbitkan dan peserta diberi tahu.")
        flash(told if step == "terbitkan" else _("Tugas ditarik kembali."), "success")
    return redirect(url_for("training_tests.overview", session_id=session_id), 303)
