"""Attendance and scores in one grid, and the end of a session with a preview of its results."""

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.i18n import N_, Message
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import render
from app.web.training_sessions.board import back_to, bp, found
from courses.enums import AttendanceState, SessionState
from courses.queries.board import attendance_cells, enrolment_in, figures_of
from courses.rules import Verdict
from courses.services.corrections import correct_result
from courses.services.results import (
    VERDICTS,
    complete_session,
    has_begun,
    participants,
    pass_rule,
    record_attendance,
    record_scores,
    verdicts,
)

_ENDED = (SessionState.COMPLETED, SessionState.CANCELLED)
TONES = {Verdict.PASSED: "passed", Verdict.NO_ATTENDANCE: "unknown", Verdict.NO_SCORE: "unknown"}


@bp.get("/pelatihan/sesi/<int:session_id>/kehadiran")
@requires(P.SESSION_MANAGE)
def grid(session_id: int) -> str:
    """Show the grid, prefilled with the enrolled people."""
    run, session = found(session_id, P.SESSION_MANAGE), db.session()
    rows = participants(session, run)
    audit_read("courses:attendance:read", [row.employee_id for row in rows], subject=run)
    return render_template(
        "training_sessions/attendance.html",
        run=run,
        tab="kehadiran",
        rows=rows,
        cells=attendance_cells(session, run),
        found=verdicts(session, run),
        verdict_words=verdict_words(),
        verdict_tones=TONES,
        begun={meeting.id for meeting in run.meetings if has_begun(meeting)},
        open=run.state not in _ENDED,
        rule=pass_rule(run.course),
        figures=figures_of(session, [run.id])[run.id],
    )


@bp.post("/pelatihan/sesi/<int:session_id>/kehadiran")
@requires(P.SESSION_MANAGE)
def save_grid(session_id: int) -> Any:
    """Write the cells and scores that changed; nothing is written where one of them is wrong."""
    try:
        with transaction(current_actor()) as session:
            run = found(session_id, P.SESSION_MANAGE)
            count = record_attendance(session, actor=current_actor(), run=run, states=_cells())
            count += record_scores(session, run=run, scores=_scores())
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("%(count)s perubahan tersimpan.", count=count), "success")
    return back_to(session_id, ".grid")


def _cells() -> dict[tuple[int, int], AttendanceState | None]:
    found_cells: dict[tuple[int, int], AttendanceState | None] = {}
    for name, value in request.form.items():
        kind, _sep, rest = name.partition("-")
        if kind != "hadir":
            continue
        meeting, _sep, enrolment = rest.partition("-")
        if not (meeting.isdigit() and enrolment.isdigit()) or value not in ("", *AttendanceState):
            raise InvalidInput(N_("Isian kehadiran tidak dikenal."))
        key = (int(meeting), int(enrolment))
        found_cells[key] = AttendanceState(value) if value else None
    return found_cells


def _scores() -> dict[int, float | None]:
    scores: dict[int, float | None] = {}
    for name, value in request.form.items():
        kind, _sep, number = name.partition("-")
        if kind != "nilai" or not number.isdigit():
            continue
        scores[int(number)] = _number(value)
    return scores


def _number(value: str) -> float | None:
    text = value.strip().replace(",", ".")
    try:
        return float(text) if text else None
    except ValueError as error:
        told = Message(N_("Nilai “%(value)s” bukan angka."), {"value": value[:20]})
        raise InvalidInput(told) from error


@bp.route("/pelatihan/sesi/<int:session_id>/tutup", methods=["GET", "POST"])
@requires(P.SESSION_MANAGE)
def complete(session_id: int) -> Any:
    """Show who would pass and why not, then fix the results."""
    run = found(session_id, P.SESSION_MANAGE)
    if request.method == "POST":
        return _complete(session_id)
    session = db.session()
    rows, results = participants(session, run), verdicts(session, run)
    audit_read("courses:result:preview", [row.employee_id for row in rows], subject=run)
    counts = {kind: sum(v is kind for _percent, v in results.values()) for kind in Verdict}
    return render_template(
        "training_sessions/complete.html",
        run=run,
        tab="kehadiran",
        rows=rows,
        found=results,
        counts=counts,
        verdict_words=verdict_words(),
        verdict_tones=TONES,
        future=[meeting for meeting in run.meetings if not has_begun(meeting)],
        open=run.state not in _ENDED and run.state != SessionState.DRAFT,
        rule=pass_rule(run.course),
        figures=figures_of(session, [run.id])[run.id],
    )


def _complete(session_id: int) -> Any:
    try:
        with transaction(current_actor()) as session:
            run = found(session_id, P.SESSION_MANAGE)
            version = request.form.get("version", type=int)
            counts = complete_session(session, run=run, expected_version=version)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
        return back_to(session_id, ".complete")
    passed = counts[Verdict.PASSED]
    failed = sum(counts.values()) - passed
    flash(
        _("Sesi selesai: %(passed)s lulus, %(failed)s belum.", passed=passed, failed=failed),
        "success",
    )
    return back_to(session_id, ".eligible" if passed else ".show")


@bp.post("/pelatihan/sesi/<int:session_id>/koreksi/<int:enrolment_id>")
@requires(P.SESSION_MANAGE)
def correct(session_id: int, enrolment_id: int) -> Any:
    """Correct the result of somebody after the session was closed, with a reason."""
    form = request.form
    try:
        with transaction(current_actor()) as session:
            run = found(session_id, P.SESSION_MANAGE)
            row = enrolment_in(session, session_id=session_id, enrolment_id=enrolment_id)
            if row is None:
                raise NotFound
            outcome = correct_result(
                session,
                actor=current_actor(),
                run=run,
                enrolment=row,
                score=_number(form.get("score", "")),
                attendance=_number(form.get("attendance", "")) or 0.0,
                reason=form.get("reason", ""),
            )
            told = verdict_words()[outcome]
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("Koreksi tersimpan. Hasil sekarang: %(result)s.", result=told), "success")
    return back_to(session_id, ".grid")


def verdict_words() -> dict[Verdict, str]:
    """Return the results in words."""
    return {key: render(Message(text)) for key, text in VERDICTS.items()}
