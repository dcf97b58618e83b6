"""Check-in: the changing code on the organiser's screen, and the honest answer on the phone."""

from typing import Any

from flask import render_template, request, url_for

from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.core.runtime import settings
from app.web.access import current_actor, requires
from app.web.auth.qr import qr_picture
from app.web.training_sessions.board import bp, found
from courses.models import Meeting
from courses.services.checkin import check_in, code_now, find_meeting, seconds_left


@bp.get("/pelatihan/sesi/<int:session_id>/pertemuan/<int:meeting_id>/layar")
@requires(P.SESSION_MANAGE)
def screen(session_id: int, meeting_id: int) -> str:
    """Show the code of a meeting; the page asks for the next one by itself."""
    run = found(session_id, P.SESSION_MANAGE)
    meeting = next((row for row in run.meetings if row.id == meeting_id), None)
    if meeting is None:
        raise NotFound
    part = "_code" if request.headers.get("HX-Request") else "screen"
    return render_template(f"training_sessions/{part}.html", run=run, **_shown(meeting))


def _shown(meeting: Meeting) -> dict[str, Any]:
    code = code_now(meeting)
    address = settings().base_url + url_for(".arrive", meeting_id=meeting.id, kode=code)
    return {
        "meeting": meeting,
        "code": code,
        "qr": qr_picture(address, scale=8),
        "left": seconds_left(),
        "refresh_after": seconds_left() + 1,
    }


@bp.route("/pelatihan/hadir/<int:meeting_id>", methods=["GET", "POST"])
@requires(P.ENROLMENT_OWN)
def arrive(meeting_id: int) -> Any:
    """Answer a scan: what was stored, or exactly why nothing was.

    Opening the address stores nothing by itself: the person confirms, and the code is checked then.
    """
    meeting = find_meeting(db.session(), meeting_id)
    if meeting is None:
        raise NotFound
    values: dict[str, Any] = {"meeting": meeting, "code": request.values.get("kode", "")[:20]}
    if request.method == "GET":
        return render_template("training_sessions/arrive.html", **values, done=None, error=None)
    try:
        with transaction(current_actor()) as session:
            fresh = find_meeting(session, meeting_id)
            if fresh is None:
                raise NotFound
            done = check_in(
                session,
                actor=current_actor(),
                employee_id=current_actor().employee_id or 0,
                meeting=fresh,
                code=values["code"],
            )
            told = {"title": done.run.title, "at": done.at, "before": done.before}
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        values["meeting"] = find_meeting(db.session(), meeting_id)
        page = render_template("training_sessions/arrive.html", **values, done=None, error=error)
        return page, 409
    values["meeting"] = find_meeting(db.session(), meeting_id)
    return render_template("training_sessions/arrive.html", **values, done=told, error=None)
