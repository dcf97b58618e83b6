"""Moving a session or one of its meetings; people in it are told."""

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.web.access import requires
from app.web.training_sessions.board import back_to, bp, changed, found
from app.web.training_sessions.forms import MeetingForm, MoveForm
from courses.queries.board import figures_of
from courses.services.meetings import edit_meeting
from courses.services.schedule import reschedule


@bp.post("/pelatihan/sesi/<int:session_id>/jadwal-ulang")
@requires(P.SESSION_MANAGE)
def move_dates(session_id: int) -> Any:
    """Move the whole session to another first day."""
    form = MoveForm()
    if not form.validate_on_submit():
        flash(_("Isi tanggal mulai yang baru."), "danger")
        return back_to(session_id)
    return changed(
        session_id,
        lambda session, run: reschedule(
            session, run=run, starts_on=form.starts_on.data, reason=form.reason.data or ""
        ),
        _("Jadwal dipindahkan; semua peserta diberi tahu."),
    )


@bp.route(
    "/pelatihan/sesi/<int:session_id>/pertemuan/<int:meeting_id>/ubah", methods=["GET", "POST"]
)
@requires(P.SESSION_MANAGE)
def change_meeting(session_id: int, meeting_id: int) -> Any:
    """Change day, hours and topic of one meeting."""
    run = found(session_id, P.SESSION_MANAGE)
    meeting = next((row for row in run.meetings if row.id == meeting_id), None)
    if meeting is None:
        raise NotFound
    form = MeetingForm() if request.method == "POST" else MeetingForm.of(meeting)
    if form.validate_on_submit():
        values = form.values()
        return changed(
            session_id,
            lambda session, run: edit_meeting(
                session, run=run, meeting_id=meeting_id, values=values
            ),
            _("Pertemuan diperbarui."),
        )
    page = render_template(
        "training_sessions/meeting.html",
        run=run,
        meeting=meeting,
        form=form,
        tab="ringkasan",
        figures=figures_of(db.session(), [run.id])[run.id],
        today=clock.today(),
    )
    return page, 422 if form.errors else 200
