"""Calibration meetings: opened, people moved with a reason, moves undone by a new row, closed."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.actor import RoleName
from app.core.db import DbSession as Session
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound, Stale
from app.core.permissions import Permission as P
from app.web.access import audit_read, check, current_actor, requires
from app.web.i18n import render
from app.web.listing import listing
from app.web.talent.forms import MeetingForm
from app.web.talent.routes import assessment_or_404, bp, opd_options
from matching.models import CalibrationMeeting
from matching.queries import talent as queries
from matching.services import calibration
from matching.services.talent_box import methods

_CITY = (RoleName.OFFICER, RoleName.EXECUTIVE, RoleName.AUDITOR)


def _meeting_or_404(meeting_id: int) -> CalibrationMeeting:
    """Return a meeting; it concerns the whole city, so an OPD's manager does not see it."""
    found = queries.find_meeting(db.session(), meeting_id)
    if found is None or not current_actor().has(*_CITY):
        raise NotFound
    return found


@bp.route("/rapat", methods=["GET", "POST"])
@requires(P.TALENT_READ)
def meetings() -> Any:
    """List the meetings; officers open one here."""
    session, form = db.session(), MeetingForm()
    form.offer(queries.periods(session), methods(session))
    if request.method == "POST":
        check(P.TALENT_MANAGE, None)
        answer = _open(form) if form.validate_on_submit() else None
        if answer is not None:
            return answer
    rows = queries.meetings_with_counts(session) if current_actor().has(*_CITY) else []
    page = render_template("talent/meetings.html", form=form, rows=rows)
    return page, 422 if form.errors else 200


def _open(form: MeetingForm) -> Any:
    try:
        with transaction(current_actor()) as session:
            meeting = calibration.open_meeting(
                session,
                actor=current_actor(),
                name=form.name.data or "",
                period=form.period.data,
                method_code=form.method_code.data,
                members=form.members.data or "",
                held_on=form.held_on.data,
            )
            meeting_id = meeting.id
    except DomainError as error:
        form.refuse(error)
        return None
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)


@bp.get("/rapat/<int:meeting_id>")
@requires(P.TALENT_READ)
def meeting(meeting_id: int) -> str:
    """Show the moves of a meeting and, while it is open, the people to talk about."""
    session, found = db.session(), _meeting_or_404(meeting_id)
    moves = queries.moves_of_meeting(session, meeting_id)
    page = listing(
        session,
        queries.people_statement(_filter(found), text=request.args.get("q", "").strip()[:100]),
        sorts=queries.people_sorts(),
        default="-kotak",
    )
    shown = [row.employee_id for row in page.rows] if found.state == "open" else []
    audit_read(
        "matching:calibration:read",
        sorted({*shown, *(move.assessment.employee_id for move in moves)}),
        found,
    )
    return render_template(
        "talent/meeting.html",
        meeting=found,
        moves=moves,
        latest=queries.latest_moves(session, [move.assessment_id for move in moves]),
        undone={move.undoes_id for move in moves if move.undoes_id},
        page=page,
        opd_options=opd_options(),
    )


def _filter(found: CalibrationMeeting) -> queries.BoxFilter:
    opd, box = request.args.get("opd", type=int), request.args.get("kotak", type=int)
    return queries.BoxFilter(
        period=found.period,
        method_code=found.method_code,
        opd_ids=frozenset({opd}) if opd else None,
        box=box if box in range(10) else None,
    )


@bp.post("/rapat/<int:meeting_id>/pindah/<int:assessment_id>")
@requires(P.TALENT_MANAGE)
def move(meeting_id: int, assessment_id: int) -> Any:
    """Move a person to another box with a reason; a stale page moves nobody."""
    form = request.form

    def work(session: Session) -> None:
        calibration.move_person(
            session,
            actor=current_actor(),
            meeting=_meeting_or_404(meeting_id),
            assessment=assessment_or_404(assessment_id, P.TALENT_MANAGE),
            to_box=form.get("to_box", 0, type=int),
            reason=form.get("reason", ""),
            expected_version=form.get("version", 0, type=int),
        )

    back = url_for(".person", assessment_id=assessment_id)
    return _do(work, _("Orang ini dipindahkan; alasannya tersimpan."), back)


@bp.post("/rapat/<int:meeting_id>/batal/<int:move_id>")
@requires(P.TALENT_MANAGE)
def undo(meeting_id: int, move_id: int) -> Any:
    """Take the last move of a person back by a new row."""
    reason = request.form.get("reason", "")

    def work(session: Session) -> None:
        found = queries.find_move(
            session, meeting_id=_meeting_or_404(meeting_id).id, move_id=move_id
        )
        if found is None:
            raise NotFound
        calibration.undo_move(session, actor=current_actor(), move=found, reason=reason)

    return _do(work, _("Perpindahan dibatalkan."), url_for(".meeting", meeting_id=meeting_id))


@bp.post("/rapat/<int:meeting_id>/tutup")
@requires(P.TALENT_MANAGE)
def close(meeting_id: int) -> Any:
    """Close a meeting; its moves stand."""

    def work(session: Session) -> None:
        calibration.close_meeting(session, meeting=_meeting_or_404(meeting_id))

    return _do(work, _("Rapat ditutup."), url_for(".meeting", meeting_id=meeting_id))


def _do(work: Callable[[Session], None], done: str, back: str) -> Any:
    try:
        with transaction(current_actor()) as session:
            work(session)
    except DomainError as error:
        if isinstance(error, (NotFound, Stale)):
            raise
        flash(render(error.message), "danger")
    else:
        flash(done, "success")
    return redirect(back, 303)
