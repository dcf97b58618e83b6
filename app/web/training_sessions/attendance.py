"""Attendance and scores in one grid, and the end of a session with a preview of its results."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import Conflict, DomainError, NotFound
from app.core.i18n import Message
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.filters import number as number_text_filter
from app.web.i18n import render
from app.web.training_sessions import grid_state
from app.web.training_sessions.board import back_to, bp, found
from courses.enums import SessionState
from courses.models import Session
from courses.queries.board import attendance_cells, enrolment_in, figures_of
from courses.rules import Verdict, can_still_attend_enough
from courses.services.attendance_cells import find_save, save_cells, undo_sheet
from courses.services.corrections import correct_result
from courses.services.results import (
    VERDICTS,
    complete_session,
    has_begun,
    participants,
    pass_rule,
    record_scores,
    verdicts,
)

_ENDED = (SessionState.COMPLETED, SessionState.CANCELLED)
TONES = {Verdict.PASSED: "passed", Verdict.NO_ATTENDANCE: "unknown", Verdict.NO_SCORE: "unknown"}


@bp.get("/pelatihan/sesi/<int:session_id>/kehadiran")
@requires(P.SESSION_MANAGE)
def grid(session_id: int) -> str:
    """Show the grid, prefilled with the enrolled people."""
    return _grid(found(session_id, P.SESSION_MANAGE))


def _grid(
    run: Session,
    *,
    error: DomainError | None = None,
    given: dict[tuple[int, int], str] | None = None,
    given_scores: dict[int, str] | None = None,
) -> str:
    """Draw the grid; after a refusal with what the person had filled in."""
    session = db.session()
    rows, cells = participants(session, run), attendance_cells(session, run)
    audit_read("courses:attendance:read", [row.employee_id for row in rows], subject=run)
    saved = find_save(session, request.args.get("simpan", 0, type=int))
    scores = {row.id: number_text(row.score) for row in rows}
    return render_template(
        "training_sessions/attendance.html",
        run=run,
        tab="kehadiran",
        rows=rows,
        cells={**cells, **(given or {})},
        scores={**scores, **(given_scores or {})},
        seen=grid_state.seen_text(cells),
        seen_scores=grid_state.scores_text(scores),
        error=error,
        saved=saved if saved and saved.session_id == run.id and not saved.undone_at else None,
        found=verdicts(session, run),
        on_track=_on_track(run, rows, cells),
        verdict_words=verdict_words(),
        verdict_tones=TONES,
        begun={meeting.id for meeting in run.meetings if has_begun(meeting)},
        open=run.state not in _ENDED,
        rule=pass_rule(run.course),
        figures=figures_of(session, [run.id])[run.id],
    )


def _on_track(run: Session, rows: Any, cells: dict[tuple[int, int], str]) -> set[int]:
    """Return who can still attend enough: a running session has no verdict on attendance yet."""
    if run.state in _ENDED:
        return set()
    rule, meetings = pass_rule(run.course), [meeting.id for meeting in run.meetings]
    return {
        row.id
        for row in rows
        if can_still_attend_enough([cells.get((m, row.id)) for m in meetings], len(meetings), rule)
    }


@bp.post("/pelatihan/sesi/<int:session_id>/kehadiran")
@requires(P.SESSION_MANAGE)
def save_grid(session_id: int) -> Any:
    """Write the cells and scores that changed; nothing is written where one of them is wrong."""
    try:
        with transaction(current_actor()) as session:
            run = found(session_id, P.SESSION_MANAGE)
            count, sheet = save_cells(
                session,
                actor=current_actor(),
                run=run,
                states=grid_state.cells(request.form),
                seen=grid_state.seen(request.form.get("dasar")),
            )
            count += record_scores(session, run=run, scores=grid_state.scores(request.form))
            sheet_id = sheet.id if sheet else None
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        page = _grid(
            found(session_id, P.SESSION_MANAGE),
            error=error,
            given=grid_state.raw_cells(request.form),
            given_scores=grid_state.raw_scores(request.form),
        )
        return page, 409 if isinstance(error, Conflict) else 422
    flash(_("%(count)s perubahan tersimpan.", count=count), "success")
    return back_to(session_id, ".grid", simpan=sheet_id)


@bp.post("/pelatihan/kehadiran/<int:sheet_id>/urungkan")
@requires(P.SESSION_MANAGE)
def undo_save(sheet_id: int) -> Any:
    """Put back what a save or an import changed."""
    sheet = find_save(db.session(), sheet_id)
    if sheet is None:
        raise NotFound
    target = url_for(".import_done", sheet_id=sheet.id)
    if sheet.kind == "grid" and sheet.session_id:
        target = url_for(".grid", session_id=sheet.session_id)
    try:
        with transaction(current_actor()) as session:
            sheet = find_save(session, sheet_id)
            if sheet is None:
                raise NotFound
            put_back, left = undo_sheet(session, actor=current_actor(), sheet=sheet)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("%(count)s kehadiran dikembalikan.", count=put_back), "success")
        if left:
            flash(_("%(count)s sudah berubah lagi dan dibiarkan.", count=left), "warning")
    return redirect(target, 303)


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
                score=grid_state.number(form.get("score", "")),
                attendance=grid_state.number(form.get("attendance", "")) or 0.0,
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


def number_text(value: float | None) -> str:
    """Return a score as the field shows it."""
    return "" if value is None else number_text_filter(value)
