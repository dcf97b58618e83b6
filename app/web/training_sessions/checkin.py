"""Check-in: the changing code on the organiser's screen, and the honest answer on the phone."""

from typing import Any

from flask import render_template, request, url_for

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.core.runtime import settings
from app.web.access import current_actor, requires
from app.web.auth.qr import qr_picture
from app.web.training_sessions.board import bp, found
from courses.models import Meeting, Session
from courses.services.checkin import (
    check_in,
    code_now,
    examine,
    find_meeting,
    presence,
    seconds_left,
    window,
)

REFRESH = 10  # seconds: the number of those present is live


@bp.get("/pelatihan/sesi/<int:session_id>/pertemuan/<int:meeting_id>/layar")
@requires(P.SESSION_MANAGE)
def screen(session_id: int, meeting_id: int) -> str:
    """Show the code of a meeting; the page asks for the next one by itself."""
    run = found(session_id, P.SESSION_MANAGE)
    meeting = next((row for row in run.meetings if row.id == meeting_id), None)
    if meeting is None:
        raise NotFound
    part = "_code" if request.headers.get("HX-Request") else "screen"
    return render_template(f"training_sessions/{part}.html", run=run, **_shown(run, meeting))


def _shown(run: Session, meeting: Meeting) -> dict[str, Any]:
    code = code_now(meeting)
    address = settings().base_url + url_for(".arrive", meeting_id=meeting.id, kode=code)
    return {
        "meeting": meeting,
        "code": code,
        "qr": qr_picture(address, scale=8),
        "presence": presence(db.session(), run=run, meeting=meeting),
        "typed_at": settings().base_url + url_for(".arrive", meeting_id=meeting.id),
        "refresh_after": min(seconds_left() + 1, REFRESH),
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
    code = request.values.get("kode", "")[:20]
    if request.method == "GET":
        return _before_scan(meeting, code)
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
                code=code,
            )
            told = {"title": done.run.title, "at": done.at, "before": done.before}
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        return _answer(meeting_id, error=error), 409
    return _answer(meeting_id, done=told)


def _before_scan(meeting: Meeting, code: str) -> str:
    """Say at once what stands in the way; otherwise ask for the code or the confirmation."""
    number = current_actor().employee_id or 0
    try:
        known = examine(db.session(), employee_id=number, meeting=meeting)
    except DomainError as error:
        return _answer(meeting.id, error=error)
    told = {"title": known.run.title, "at": known.at, "before": True} if known else None
    return _answer(meeting.id, done=told, code=code)


def _answer(meeting_id: int, *, done: Any = None, error: Any = None, code: str = "") -> str:
    meeting = find_meeting(db.session(), meeting_id)
    if meeting is None:
        raise NotFound
    return render_template(
        "training_sessions/arrive.html",
        meeting=meeting,
        run=meeting.session,
        window=window(meeting.session, meeting),
        now=clock.now(),
        done=done,
        error=error,
        code=code,
    )
