"""Many people at once: a list of NIPs, what would become of each, and the result as a file."""

import tempfile
from pathlib import Path
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.message_json import from_json
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import audit_read, can, current_actor, requires
from app.web.i18n import render
from app.web.listing import XLSX, attachment
from app.web.training_sessions.board import bp, found
from courses.access import may_enrol
from courses.models import Session, SessionSheet
from courses.services.bulk_enrolment import (
    GOES_IN,
    BulkOutcome,
    apply_bulk,
    find_sheet,
    plan_bulk,
    read_nip_file,
    read_nips,
    remarks,
)
from courses.services.enrolment import ACTIVE, NOTE_LENGTH
from skills.models import Employee

_LIST = "/pelatihan/sesi/<int:session_id>/peserta"
DROPS = ("bertabrakan", "ditolak", "sudah")  # rows that one click leaves out


@bp.route(f"{_LIST}/tambah", methods=["GET", "POST"])
@requires(P.SESSION_ENROL)
def bulk(session_id: int) -> Any:
    """Take a list of NIPs, pasted or in a file, and show what would become of each."""
    run = found(session_id)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            nips = _nips()
        except DomainError as refused:
            error = refused
        else:
            return _dry_run(run, nips)
    page = render_template("training_sessions/bulk.html", run=run, error=error, tab="peserta")
    return page, 422 if error else 200


def _nips() -> list[str]:
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        with tempfile.NamedTemporaryFile(suffix=Path(upload.filename).suffix[:8]) as draft:
            upload.save(draft)
            draft.flush()
            return read_nip_file(Path(draft.name))
    return _given()


def _given() -> list[str]:
    return read_nips("\n".join(request.form.getlist("nips")))


def _dry_run(run: Session, nips: list[str]) -> str:
    rows = _kept_rows(_plan(run, nips))
    audit_read("courses:enrolment:plan", [r.employee.id for r in rows if r.employee], subject=run)
    counts = {outcome: sum(r.outcome is outcome for r in rows) for outcome in BulkOutcome}
    return render_template(
        "training_sessions/bulk_check.html",
        run=run,
        rows=rows,
        counts=counts,
        lacking=sum(r.lacks for r in rows) if _source() == "organiser" else 0,
        exemption=_exemption(),
        clashing=sum(r.clash is not None for r in rows),
        nips="\n".join(row.nip for row in rows),
        ready=sum(counts[outcome] for outcome in GOES_IN),
        can_apply=run.state in ACTIVE,
        goes_in=GOES_IN,
        tab="peserta",
    )


def _plan(run: Session, nips: list[str]) -> Any:
    return plan_bulk(
        db.session(),
        run=run,
        nips=nips,
        reach=_reach,
        source=_source(),
        exemption=_exemption(),
    )


def _exemption() -> str:
    """Return why the organiser lets in those without the prerequisites; empty lets nobody in."""
    return request.form.get("pengecualian", "").strip()[:NOTE_LENGTH]


def _kept_rows(rows: Any) -> Any:
    """Leave out what one click asked to leave out."""
    drop = request.form.get("buang", "")
    if drop == DROPS[0]:
        return [row for row in rows if row.clash is None]
    if drop == DROPS[1]:
        return [row for row in rows if row.outcome is not BulkOutcome.REFUSED]
    if drop == DROPS[2]:
        return [row for row in rows if row.outcome is not BulkOutcome.ALREADY]
    return rows


def _reach(employee: Employee) -> bool:
    return may_enrol(current_actor(), employee)


def _source() -> str:
    """The organiser enrols; an OPD or supervisor names people, subject to the session's rules."""
    return "organiser" if can(P.SESSION_MANAGE) else "nomination"


@bp.post(f"{_LIST}/tambah/terapkan")
@requires(P.SESSION_ENROL)
def apply(session_id: int) -> Any:
    """Enrol the people of a checked list; seats may have gone meanwhile, which is then said."""
    try:
        with transaction(current_actor()) as session:
            sheet = apply_bulk(
                session,
                actor=current_actor(),
                run=found(session_id, P.SESSION_ENROL),
                nips=_given(),
                reach=_reach,
                source=_source(),
                exemption=_exemption(),
            )
            sheet_id = sheet.id
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        run = found(session_id)
        page = render_template("training_sessions/bulk.html", run=run, error=error, tab="peserta")
        return page, 422
    return redirect(url_for(".bulk_sheet", session_id=session_id, sheet_id=sheet_id), 303)


@bp.get(f"{_LIST}/daftar/<int:sheet_id>")
@requires(P.SESSION_ENROL)
def bulk_sheet(session_id: int, sheet_id: int) -> str:
    """Show what became of each row of a list that was confirmed."""
    run, sheet = found(session_id), _sheet(session_id, sheet_id)
    audit_read("courses:enrolment:sheet", _people_of(sheet), subject=run)
    counts = {
        outcome: sum(row["outcome"] == outcome for row in sheet.rows) for outcome in BulkOutcome
    }
    return render_template(
        "training_sessions/bulk_done.html", run=run, sheet=sheet, counts=counts, tab="peserta"
    )


@bp.get(f"{_LIST}/daftar/<int:sheet_id>.xlsx")
@requires(P.SESSION_ENROL)
def bulk_result(session_id: int, sheet_id: int) -> Any:
    """Give a confirmed list as a workbook with its result columns."""
    run, sheet = found(session_id), _sheet(session_id, sheet_id)
    audit_read("courses:enrolment:sheet_file", _people_of(sheet), subject=run)
    lines = [
        [row["nip"], row["name"], row["opd"], str(bulk_words()[row["outcome"]]), said(row)]
        for row in sheet.rows
    ]
    return workbook(lines, f"peserta-{run.code}.xlsx")


@bp.post(f"{_LIST}/tambah/periksa.xlsx")
@requires(P.SESSION_ENROL)
def bulk_plan_file(session_id: int) -> Any:
    """Give the checked list as a workbook before anything is stored."""
    run = found(session_id)
    lines = [
        [
            row.nip,
            row.employee.display_name if row.employee else "",
            row.employee.opd.name if row.employee else "",
            str(bulk_words()[row.outcome]),
            "; ".join(render(text) for text in remarks(row)),
        ]
        for row in _plan(run, _given())
    ]
    return workbook(lines, f"periksa-{run.code}.xlsx")


def workbook(lines: list[list[str]], name: str) -> Any:
    """Return rows of people with status and remark as a download."""
    heads = (_("NIP"), _("Nama"), _("OPD"), _("Status"), _("Keterangan"))
    columns = [ColumnSpec(head, 26, ColumnKind.TEXT) for head in heads]
    target = tempfile.TemporaryFile()
    write_xlsx(target, [SheetSpec(_("Hasil"), columns, lines)])
    target.seek(0)
    return attachment(target, XLSX, name)


def _sheet(session_id: int, sheet_id: int) -> SessionSheet:
    """Return a list of people; those alone see it who gave it or manage sessions."""
    sheet = find_sheet(db.session(), sheet_id)
    if sheet is None or sheet.session_id != session_id or sheet.kind != "people":
        raise NotFound
    if sheet.created_by_id != current_actor().account_id and not can(P.SESSION_MANAGE):
        raise NotFound
    return sheet


def _people_of(sheet: SessionSheet) -> list[int]:
    return [row["employee_id"] for row in sheet.rows if row["employee_id"]]


def bulk_words() -> dict[str, str]:
    """Return what becomes of a row, in words."""
    return {
        BulkOutcome.SEAT: _("Dapat kursi"),
        BulkOutcome.WAITING: _("Daftar tunggu"),
        BulkOutcome.PROPOSED: _("Menunggu persetujuan"),
        BulkOutcome.ALREADY: _("Sudah terdaftar"),
        BulkOutcome.REFUSED: _("Tidak dapat didaftarkan"),
    }


def said(row: Any) -> str:
    """Return the remarks of a kept row in words."""
    return "; ".join(render(from_json(text)) for text in row["remarks"])


bp.app_template_filter("bulk_remarks")(lambda row: [render(text) for text in remarks(row)])
bp.app_template_filter("kept_remarks")(said)
bp.context_processor(lambda: {"bulk_words": bulk_words()})
