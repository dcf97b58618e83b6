"""An assignment as its participant sees it: the brief, who has it now, handing in, the result."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import DbSession, db, find_row, transaction
from app.core.errors import Conflict, DomainError, NotFound
from app.core.files.models import StoredFile
from app.core.files.services import store_upload
from app.core.permissions import Permission as P
from app.web.access import check, current_actor, requires
from app.web.i18n import render
from app.web.training import words
from app.web.training_assignments.words import STANDING_TONES, STANDING_WORDS
from courses.access import HANDED_IN
from courses.models import Assignment, Enrolment
from courses.queries.assignments import PUBLISHED, find_assignment, rubric_in_force, tries_of
from courses.services.enrolment import find_enrolment
from courses.services.submissions import deduction_now, hand_in, problem_to_hand_in

ACCEPTED = frozenset({"pdf", "jpg", "jpeg", "png", "xlsx"})
MAX_MB = 10

bp = Blueprint("training_assignments", __name__)
bp.context_processor(words.helpers)
bp.context_processor(lambda: {"standing_words": STANDING_WORDS, "standing_tones": STANDING_TONES})


@bp.get("/pelatihan/tugas/<int:assignment_id>")
@requires(P.ENROLMENT_OWN)
def brief(assignment_id: int) -> str:
    """Show one's own assignment."""
    return _page(assignment_id)


@bp.post("/pelatihan/tugas/<int:assignment_id>")
@requires(P.ENROLMENT_OWN)
def send(assignment_id: int) -> Any:
    """Hand in a text, a file, or both; twice is once."""
    try:
        with transaction(current_actor()) as session:
            assignment, enrolment = _own(session, assignment_id)
            file_id = _stored(session, enrolment)
            row = hand_in(
                session,
                assignment=assignment,
                enrolment=enrolment,
                text=request.form.get("text", ""),
                file_id=file_id,
            )
            late = row.deduction
    except (NotFound, Conflict) as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "warning")
        return redirect(url_for(".brief", assignment_id=assignment_id), 303)
    except DomainError as error:
        return _page(assignment_id, error), 422
    told = _("Tugas terkumpul.")
    if late:
        told = _("Tugas terkumpul, terlambat: nilai dipotong %(percent)s%%.", percent=late)
    flash(told, "success")
    return redirect(url_for(".brief", assignment_id=assignment_id), 303)


def _own(session: DbSession, assignment_id: int) -> tuple[Assignment, Enrolment]:
    """Return a published assignment and one's own place in its session; others do not exist."""
    assignment = find_assignment(session, assignment_id)
    employee = current_actor().employee_id
    if assignment is None or assignment.state != PUBLISHED or employee is None:
        raise NotFound
    row = find_enrolment(session, session_id=assignment.session_id, employee_id=employee)
    if row is None or row.state not in ("enrolled", "passed", "failed"):
        raise NotFound
    check(P.ENROLMENT_OWN, row)
    return assignment, row


def _stored(session: DbSession, enrolment: Enrolment) -> int | None:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return None
    stored = store_upload(
        session,
        stream=upload.stream,  # type: ignore[arg-type]
        filename=upload.filename,
        purpose=HANDED_IN,
        allowed=ACCEPTED,
        owner_employee_id=enrolment.employee_id,
        actor=current_actor(),
        max_mb=MAX_MB,
    )
    return stored.id


def _page(assignment_id: int, error: DomainError | None = None) -> str:
    session, now = db.session(), clock.now()
    assignment, enrolment = _own(session, assignment_id)
    tries = tries_of(session, assignment_id=assignment.id, enrolment_id=enrolment.id)
    last = tries[0] if tries else None
    return render_template(
        "training_assignments/brief.html",
        assignment=assignment,
        run=assignment.session,
        rubric=rubric_in_force(session, assignment.id).content,
        tries=[(row, find_row(session, StoredFile, row.file_id or 0)) for row in tries],
        standing=last.state if last else "todo",
        problem=problem_to_hand_in(assignment, enrolment, last, now),
        until=last.again_until if last and last.again_until else assignment.due_at,
        late=deduction_now(assignment, last, now),
        errors={(error.field or "file"): render(error.message)} if error else {},
        text=request.form.get("text", last.text if last and last.state == "returned" else ""),
        accept=",".join(f".{kind}" for kind in sorted(ACCEPTED)),
        max_mb=MAX_MB,
    )
