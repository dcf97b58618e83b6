"""Assessment of a session for its organiser: tests, their results, scores and corrections."""

import tempfile
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import Conflict, DomainError, NotFound
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import render
from app.web.listing import XLSX, attachment
from app.web.training_sessions.attendance import TONES, verdict_words
from app.web.training_sessions.board import found
from app.web.training_tests.forms import ExamForm
from app.web.training_tests.taking import bp
from courses.models import Exam, Session
from courses.queries.assignments import summaries
from courses.queries.board import enrolment_in
from courses.queries.evaluations import attended
from courses.queries.exams import exams_of, gain_of, item_results, results
from courses.queries.scores import derived_scores, evaluated
from courses.services.exam_setup import (
    KINDS,
    attempts_made,
    find_exam,
    pools_of,
    publish_exam,
    set_exam,
    withdraw_exam,
)
from courses.services.results import current_scores, participants, pass_rule, verdicts
from courses.services.score_corrections import correct_score


@bp.get("/pelatihan/sesi/<int:session_id>/penilaian")
@requires(P.SESSION_MANAGE)
def overview(session_id: int) -> str:
    """Show the tests of a session, the gain, and where each score comes from."""
    run, session = found(session_id, P.SESSION_MANAGE), db.session()
    rows, exams = participants(session, run), exams_of(session, run.id)
    audit_read("courses:score:read", [row.employee_id for row in rows], subject=run)
    return render_template(
        "training_tests/overview.html",
        run=run,
        tab="penilaian",
        exams=exams,
        assignments=summaries(session, run),
        made={kind: attempts_made(session, exam) for kind, exam in exams.items()},
        gain=gain_of(session, run.id),
        rows=rows,
        derived=derived_scores(session, run),
        scores=current_scores(session, run, rows),
        found=verdicts(session, run),
        verdict_words=verdict_words(),
        verdict_tones=TONES,
        filled=evaluated(session, run),
        there=len(attended(session, run)),
        rule=pass_rule(run.course),
        open=run.state in ("draft", "open", "running"),
    )


@bp.route("/pelatihan/sesi/<int:session_id>/tes/<kind>", methods=["GET", "POST"])
@requires(P.SESSION_MANAGE)
def configure(session_id: int, kind: str) -> Any:
    """Set up a test: which questions, when, how long, how often."""
    run = _run(session_id, kind)
    form = ExamForm.of(find_exam(db.session(), run=run, kind=kind))
    pools = pools_of(db.session(), run)
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                set_exam(
                    session,
                    run=_run(session_id, kind),
                    kind=kind,
                    values=form.values(list(pools)),
                    expected_version=request.form.get("version", type=int),
                )
        except DomainError as error:
            if isinstance(error, NotFound):
                raise
            return _refused(session_id, kind, form, error)
        else:
            flash(_("Tes tersimpan."), "success")
            return redirect(url_for(".overview", session_id=session_id), 303)
    return _form_page(session_id, kind, form), 422 if form.errors else 200


def _refused(session_id: int, kind: str, form: ExamForm, error: DomainError) -> Any:
    """Return the form with what was refused; what another changed meanwhile stands above it."""
    if isinstance(error, Conflict):
        return _form_page(session_id, kind, form, render(error.message)), 409
    form.refuse(error)
    return _form_page(session_id, kind, form), 422


def _form_page(session_id: int, kind: str, form: ExamForm, conflict: str = "") -> str:
    session, run = db.session(), _run(session_id, kind)
    exam, pools = find_exam(session, run=run, kind=kind), pools_of(session, run)
    sent = request.method == "POST"
    counts = exam.wanted if exam else {}
    return render_template(
        "training_tests/form.html",
        run=run,
        kind=kind,
        exam=exam,
        form=form,
        conflict=conflict,
        # A stale page stays stale: sent once more it must not write over what the other wrote.
        version=request.form.get("version", exam.version if exam else None),
        pools=pools,
        counts={
            topic: request.form.get(f"topik-{n}", 0, type=int) if sent else counts.get(topic, 0)
            for n, topic in enumerate(pools)
        },
        chosen=request.form.getlist("soal", type=int)
        if sent
        else (exam.question_ids if exam else []),
        frozen=exam is not None and attempts_made(session, exam) > 0,
    )


def _run(session_id: int, kind: str) -> Session:
    if kind not in KINDS:
        raise NotFound
    return found(session_id, P.SESSION_MANAGE)


def _exam(session_id: int, kind: str) -> tuple[Session, Exam]:
    run = _run(session_id, kind)
    exam = find_exam(db.session(), run=run, kind=kind)
    if exam is None:
        raise NotFound
    return run, exam


@bp.post("/pelatihan/sesi/<int:session_id>/tes/<kind>/<step>")
@requires(P.SESSION_MANAGE)
def move(session_id: int, kind: str, step: str) -> Any:
    """Publish a test, or take it back while nobody has begun."""
    if step not in ("terbitkan", "tarik"):
        raise NotFound
    try:
        with transaction(current_actor()) as session:
            run, exam = _exam(session_id, kind)
            if step == "terbitkan":
                publish_exam(session, exam=exam, run=run)
            else:
                withdraw_exam(session, exam=exam)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        told = _("Tes diterbitkan. Peserta dapat mengerjakannya selama waktunya terbuka.")
        flash(told if step == "terbitkan" else _("Tes ditarik."), "success")
    return redirect(url_for(".overview", session_id=session_id), 303)


@bp.get("/pelatihan/sesi/<int:session_id>/tes/<kind>/hasil")
@requires(P.SESSION_MANAGE)
def outcome(session_id: int, kind: str) -> str:
    """Show results per person and how each question worked."""
    run, exam = _exam(session_id, kind)
    session = db.session()
    rows = results(session, exam)
    audit_read("courses:exam:read", [row.enrolment.employee_id for row in rows], subject=exam)
    return render_template(
        "training_tests/outcome.html",
        run=run,
        exam=exam,
        kind=kind,
        rows=rows,
        items=item_results(session, exam),
        scores=[row.score for row in rows if row.score is not None],
    )


@bp.get("/pelatihan/sesi/<int:session_id>/tes/<kind>/hasil.xlsx")
@requires(P.SESSION_MANAGE)
def outcome_sheet(session_id: int, kind: str) -> Any:
    """Give the results as a workbook: people, and questions."""
    run, exam = _exam(session_id, kind)
    session = db.session()
    rows, items = results(session, exam), item_results(session, exam)
    audit_read("courses:exam:export", [row.enrolment.employee_id for row in rows], subject=exam)
    text = ColumnKind.TEXT
    people = SheetSpec(
        _("Peserta"),
        [
            ColumnSpec(_("NIP"), 22, text),
            ColumnSpec(_("Nama"), 32, text),
            ColumnSpec(_("OPD"), 30, text),
            ColumnSpec(_("Percobaan"), 12),
            ColumnSpec(_("Nilai terbaik"), 14),
        ],
        [
            [
                row.enrolment.employee.nip,
                row.enrolment.employee.display_name,
                row.enrolment.employee.opd.name,
                row.attempts,
                row.score,
            ]
            for row in rows
        ],
    )
    questions = SheetSpec(
        _("Butir soal"),
        [
            ColumnSpec(_("Nomor"), 8),
            ColumnSpec(_("Soal"), 60, text),
            ColumnSpec(_("Topik"), 24, text),
            ColumnSpec(_("Dijawab"), 10),
            ColumnSpec(_("Tingkat kemudahan"), 18),
            ColumnSpec(_("Daya beda"), 12),
        ],
        [
            [
                item.question.number,
                item.question.text,
                item.question.topic,
                item.figures.answered,
                round(item.figures.difficulty, 3),
                None
                if item.figures.discrimination is None
                else round(item.figures.discrimination, 3),
            ]
            for item in items
        ],
    )
    target = tempfile.TemporaryFile()
    write_xlsx(target, [people, questions])
    target.seek(0)
    return attachment(target, XLSX, f"{kind}-test-{run.code}.xlsx")


@bp.post("/pelatihan/sesi/<int:session_id>/penilaian/koreksi/<int:enrolment_id>")
@requires(P.SESSION_MANAGE)
def correct(session_id: int, enrolment_id: int) -> Any:
    """Put another score in place of the derived one, with a reason; an empty one takes it back."""
    try:
        with transaction(current_actor()) as session:
            run = found(session_id, P.SESSION_MANAGE)
            row = enrolment_in(session, session_id=session_id, enrolment_id=enrolment_id)
            if row is None:
                raise NotFound
            correct_score(
                session,
                run=run,
                enrolment=row,
                score=request.form.get("score", ""),
                reason=request.form.get("reason", ""),
            )
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("Koreksi nilai tersimpan."), "success")
    return redirect(url_for(".overview", session_id=session_id), 303)
