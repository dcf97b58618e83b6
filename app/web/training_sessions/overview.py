"""The board: all sessions with seats, waiting, attendance and certificates, and what waits."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.paging import ordered, stream
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import can, current_actor, requires
from app.web.listing import ExportColumn, chosen_sort, export_rows, listing
from app.web.training import words
from app.web.training_sessions.board import bp
from courses.enums import SessionState
from courses.models import Session
from courses.queries.board import (
    STATE_ORDER,
    SessionFigures,
    SessionFilter,
    figures_of,
    meetings_of_day,
    own_enrolments,
    sessions_statement,
    work_counts,
)
from courses.queries.catalogue import courses_with_sessions

SORTS: dict[str, Any] = {
    "keadaan": (STATE_ORDER, Session.starts_on),
    "judul": (Session.title,),
    "mulai": (Session.starts_on,),
}
MOST = 5000  # sessions in one file


@bp.get("/pelatihan/sesi")
@requires(P.COURSE_READ)
def board() -> str:
    """List the sessions: seats, waiting, attendance and certificates for organisers."""
    session, manages = db.session(), can(P.SESSION_MANAGE)
    page = listing(session, sessions_statement(_wanted()), sorts=SORTS, default="keadaan")
    ids, actor = [run.id for run in page.rows], current_actor()
    return render_template(
        "training_sessions/board.html",
        page=page,
        manages=manages,
        figures=figures_of(session, ids) if manages else {},
        work=work_counts(session) if manages else {},
        work_words=work_words(),
        today=meetings_of_day(session, clock.today()) if manages else (),
        courses=courses_with_sessions(session),
        places=own_enrolments(session, employee_id=actor.employee_id, session_ids=ids)
        if actor.employee_id
        else {},
        state_options=[
            (state.value, word)
            for state, word in words.SESSION_WORDS.items()
            if manages or state is not SessionState.DRAFT
        ],
    )


def _wanted() -> SessionFilter:
    args, manages = request.args, can(P.SESSION_MANAGE)
    return SessionFilter(
        text=args.get("q", "").strip()[:100],
        state=args.get("keadaan") or None,
        course_id=args.get("kursus", type=int),
        since=_day("dari"),
        until=_day("sampai"),
        drafts=manages,
        work=args.get("perlu") if manages else None,
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def work_words() -> dict[str, str]:
    """Return what waits for an organiser, in words."""
    return {
        "usulan": _("Usulan peserta"),
        "bagi": _("Kursi perlu dibagi"),
        "tunggu": _("Ada yang menunggu"),
        "tutup": _("Perlu ditutup"),
        "sertifikat": _("Sertifikat siap"),
    }


@bp.get("/pelatihan/sesi/unduh.xlsx")
@requires(P.SESSION_MANAGE)
def board_file() -> Any:
    """Give all filtered sessions with their figures as a workbook."""
    session = db.session()
    statement = sessions_statement(_wanted()).limit(MOST)
    runs = list(stream(session, ordered(statement, SORTS, chosen_sort(SORTS, "keadaan"))))
    return export_rows(
        list(_with_figures(runs, figures_of(session, [run.id for run in runs]))),
        _columns(),
        name="sesi-pelatihan",
    )


def _with_figures(
    runs: Any, figures: dict[int, SessionFigures]
) -> Iterator[tuple[Session, SessionFigures]]:
    for run in runs:
        yield run, figures[run.id]


def _columns() -> list[ExportColumn]:
    number = ColumnKind.GENERAL
    return [
        ExportColumn(_("Kode"), lambda row: row[0].code, width=22),
        ExportColumn(_("Sesi"), lambda row: row[0].title, width=44),
        ExportColumn(_("Mulai"), lambda row: row[0].starts_on),
        ExportColumn(_("Selesai"), lambda row: row[0].ends_on),
        ExportColumn(_("Tempat"), lambda row: row[0].place, width=30),
        ExportColumn(_("Keadaan"), lambda row: str(words.SESSION_WORDS[row[0].state])),
        ExportColumn(_("Kursi"), lambda row: row[0].capacity, number, 10),
        ExportColumn(_("Terisi"), lambda row: row[0].seats_taken, number, 10),
        ExportColumn(_("Menunggu"), lambda row: row[1].waiting, number, 10),
        ExportColumn(_("Usulan"), lambda row: row[1].proposed, number, 10),
        ExportColumn(_("Kehadiran (persen)"), lambda row: row[1].attendance, number, 12),
        ExportColumn(_("Evaluasi (persen)"), lambda row: row[1].evaluation, number, 12),
        ExportColumn(_("Sertifikat siap"), lambda row: row[1].ready, number, 12),
        ExportColumn(_("Sertifikat terbit"), lambda row: row[1].issued, number, 12),
    ]


bp.app_template_filter("course_option")(lambda row: (row.id, row.title))
