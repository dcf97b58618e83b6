"""Attendance by NIP from a spreadsheet: many meetings and sessions, a dry run, the result."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.i18n import N_
from app.core.permissions import Permission as P
from app.core.spreadsheet.reader import read_table
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import audit_read, current_actor, requires
from app.web.listing import XLSX, attachment
from app.web.training_sessions.board import bp, found
from app.web.training_sessions.bulk import said
from courses.attendance_file import (
    MAX_LINES,
    AttendanceFileError,
    Line,
    as_text,
    from_text,
    read_lines,
)
from courses.enums import AttendanceState
from courses.models import SessionSheet
from courses.queries.board import attendance_cells
from courses.services.attendance_cells import find_save
from courses.services.attendance_import import CellOutcome, apply_import, plan_import
from courses.services.results import has_begun, participants

_COLUMNS = N_("Kolom NIP atau kolom pertemuan tidak ditemukan. Lihat contoh bentuk berkas.")
_LETTERS = {
    AttendanceState.PRESENT: "H",
    AttendanceState.PERMITTED: "I",
    AttendanceState.ILL: "S",
    AttendanceState.ABSENT: "A",
}


@bp.route("/pelatihan/kehadiran/impor", methods=["GET", "POST"])
@requires(P.SESSION_MANAGE)
def import_attendance() -> Any:
    """Take a file or a pasted table, and show what would become of each cell."""
    error: DomainError | None = None
    if request.method == "POST":
        try:
            return _dry_run(_lines())
        except DomainError as refused:
            error = refused
    page = render_template(
        "training_sessions/attendance_import.html", error=error, code=_code(), text=_pasted()
    )
    return page, 422 if error else 200


def _code() -> str:
    return request.values.get("sesi", "").strip()[:60]


def _pasted() -> str:
    return request.form.get("daftar", "")[:500_000]


def _lines() -> list[Line]:
    upload = request.files.get("file")
    try:
        if upload is not None and upload.filename:
            with tempfile.NamedTemporaryFile(suffix=Path(upload.filename).suffix[:8]) as draft:
                upload.save(draft)
                draft.flush()
                return read_lines(list(read_table(Path(draft.name), max_rows=MAX_LINES)))
        return read_lines(from_text(_pasted()))
    except AttendanceFileError as error:
        raise InvalidInput(_COLUMNS, field="file") from error


def _dry_run(lines: list[Line]) -> str:
    rows = plan_import(db.session(), lines=lines, default_code=_code())
    audit_read(
        "courses:attendance:import_plan", {r.enrolment.employee_id for r in rows if r.enrolment}
    )
    counts = {outcome: sum(row.outcome is outcome for row in rows) for outcome in CellOutcome}
    return render_template(
        "training_sessions/attendance_check.html",
        rows=rows,
        counts=counts,
        ready=counts[CellOutcome.NEW] + counts[CellOutcome.CHANGED],
        text=as_text(lines),
        code=_code(),
    )


@bp.post("/pelatihan/kehadiran/impor/terapkan")
@requires(P.SESSION_MANAGE)
def apply_attendance() -> Any:
    """Write the cells of a checked file."""
    try:
        lines = _lines()
        with transaction(current_actor()) as session:
            sheet = apply_import(session, actor=current_actor(), lines=lines, default_code=_code())
            sheet_id = sheet.id
    except DomainError as error:
        page = render_template(
            "training_sessions/attendance_import.html", error=error, code=_code(), text=_pasted()
        )
        return page, 422
    return redirect(url_for(".import_done", sheet_id=sheet_id), 303)


@bp.get("/pelatihan/kehadiran/impor/<int:sheet_id>")
@requires(P.SESSION_MANAGE)
def import_done(sheet_id: int) -> str:
    """Show what became of each cell of an import."""
    sheet = _import(sheet_id)
    counts = {one: sum(row["outcome"] == one for row in sheet.rows) for one in CellOutcome}
    return render_template("training_sessions/attendance_done.html", sheet=sheet, counts=counts)


@bp.get("/pelatihan/kehadiran/impor/<int:sheet_id>.xlsx")
@requires(P.SESSION_MANAGE)
def import_file(sheet_id: int) -> Any:
    """Give the result of an import as a workbook."""
    sheet = _import(sheet_id)
    heads = [_("Baris"), _("NIP"), _("Nama"), _("Sesi"), _("Pertemuan"), _("Kehadiran")]
    heads += [_("Sebelumnya"), _("Status"), _("Keterangan")]
    words = cell_words()
    lines = [
        [
            str(row["row"]),
            row["nip"],
            row["name"],
            row["session"],
            row["when"],
            row["after"],
            row["before"] or "",
            words[row["outcome"]],
            said(row),
        ]
        for row in sheet.rows
    ]
    return _workbook(heads, lines, f"hasil-kehadiran-{clock.today():%Y%m%d}.xlsx")


def _import(sheet_id: int) -> SessionSheet:
    sheet = find_save(db.session(), sheet_id)
    if sheet is None or sheet.kind != "attendance":
        raise NotFound
    people = {row["employee_id"] for row in sheet.rows if row["employee_id"]}
    audit_read("courses:attendance:import_read", people)
    return sheet


@bp.get("/pelatihan/sesi/<int:session_id>/kehadiran/lembar.xlsx")
@requires(P.SESSION_MANAGE)
def attendance_sheet(session_id: int) -> Any:
    """Give the grid as a workbook to fill in: a row a person, a column a meeting."""
    run, session = found(session_id, P.SESSION_MANAGE), db.session()
    rows, cells = participants(session, run), attendance_cells(session, run)
    audit_read("courses:attendance:sheet", [row.employee_id for row in rows], subject=run)
    days = [clock.local(meeting.starts_at).date() for meeting in run.meetings]
    twice = len(set(days)) < len(days)
    heads = ["NIP", _("Nama"), "Sesi", *(_head(n, day, twice) for n, day in enumerate(days, 1))]
    lines = [
        [
            row.employee.nip,
            row.employee.display_name,
            run.code,
            *(
                _LETTERS[AttendanceState(cells[(meeting.id, row.id)])]
                if (meeting.id, row.id) in cells and has_begun(meeting)
                else ""
                for meeting in run.meetings
            ),
        ]
        for row in rows
    ]
    return _workbook(heads, lines, f"kehadiran-{run.code}.xlsx")


def _head(number: int, day: date, twice: bool) -> str:
    return f"Pertemuan {number}" if twice else f"{day:%d/%m/%Y}"


def _workbook(heads: list[str], lines: list[list[str]], name: str) -> Any:
    columns = [ColumnSpec(head, 22, ColumnKind.TEXT) for head in heads]
    target = tempfile.TemporaryFile()
    write_xlsx(target, [SheetSpec(_("Kehadiran"), columns, lines)])
    target.seek(0)
    return attachment(target, XLSX, name)


def cell_words() -> dict[str, str]:
    """Return what becomes of a cell, in words."""
    return {
        CellOutcome.NEW: _("Baru"),
        CellOutcome.CHANGED: _("Berubah"),
        CellOutcome.SAME: _("Sama"),
        CellOutcome.REFUSED: _("Ditolak"),
    }


bp.context_processor(lambda: {"cell_words": cell_words()})
