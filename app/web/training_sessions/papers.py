"""Papers of a session: calendar file, invitation, letter of assignment, list of attendance."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Response, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.pdf import PdfMetadata, Stylesheet, parse_stylesheet, render_pdf
from app.core.permissions import Permission as P
from app.core.runtime import settings
from app.web.access import audit_read, requires
from app.web.training_sessions.board import bp, found
from courses.queries.board import attendance_cells
from courses.services.calendar_file import calendar_of
from courses.services.results import participants
from courses.services.signatories import all_signatories

PAPERS = {
    "undangan": _l("Undangan"),
    "surat-tugas": _l("Surat tugas"),
    "daftar-hadir": _l("Daftar hadir"),
}
_SHEET = Path(__file__).parents[1] / "templates/pdf/training.css"

bp.context_processor(lambda: {"paper_words": PAPERS})


@bp.get("/pelatihan/sesi/<int:session_id>/kalender.ics")
@requires(P.COURSE_READ)
def calendar(session_id: int) -> Any:
    """Give the meetings as a calendar file."""
    run = found(session_id)
    answer = Response(calendar_of(run), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{run.code}.ics"'
    return answer


@bp.get("/pelatihan/sesi/<int:session_id>/<any(undangan,'surat-tugas','daftar-hadir'):kind>.pdf")
@requires(P.SESSION_MANAGE)
def paper(session_id: int, kind: str) -> Any:
    """Give a paper of the session as PDF, with the people as they are enrolled now.

    With `peserta` (an enrolment) the letter of assignment is that of one person.
    """
    run, session = found(session_id, P.SESSION_MANAGE), db.session()
    rows, one = participants(session, run), request.args.get("peserta", type=int)
    if one is not None:
        rows = [row for row in rows if row.id == one]
    if kind not in PAPERS or (one is not None and (not rows or kind != "surat-tugas")):
        raise NotFound
    audit_read("courses:paper:print", [row.employee_id for row in rows], subject=run, paper=kind)
    officials = {row.id: row for row in all_signatories(session)}
    html = render_template(
        f"pdf/training_{kind.replace('-', '_')}.html",
        run=run,
        rows=rows,
        title=str(PAPERS[kind]),
        official=officials.get(run.signatory_id or 0),
        place=settings().city_name.removeprefix("Kota "),
        day=clock.today(),
        now=clock.now(),
        single=one is not None,
        own_places=any(meeting.place or meeting.link for meeting in run.meetings),
        cells=attendance_cells(session, run) if kind == "daftar-hadir" else {},
    )
    meta = PdfMetadata(
        title=f"{PAPERS[kind]} – {run.title}",
        language=str(get_locale() or "id"),
        created=clock.now(),
        author=settings().agency_name,
        subject=_("Sesi %(code)s", code=run.code),
    )
    content = render_pdf(html, metadata=meta, stylesheets=[_stylesheet()])
    answer = Response(content, mimetype="application/pdf")
    suffix = f"-{rows[0].employee.nip}" if one is not None else ""
    answer.headers["Content-Disposition"] = f'inline; filename="{kind}-{run.code}{suffix}.pdf"'
    return answer


@lru_cache(maxsize=1)
def _stylesheet() -> Stylesheet:
    return parse_stylesheet(_SHEET.read_text("utf-8"))
