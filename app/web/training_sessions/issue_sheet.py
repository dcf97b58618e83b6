"""The sheet of what differs between the certificates of a session: out, checked, written."""

import tempfile
from pathlib import Path
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.files.models import StoredFile
from app.core.files.services import find_file, read_bytes, remove_file, store_bytes
from app.core.i18n import N_
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import audit_read, check, current_actor, requires
from app.web.i18n import render
from app.web.listing import XLSX, attachment
from app.web.training_sessions.board import bp, found
from courses.queries.board import figures_of
from courses.services.issue_sheet import COLUMNS, SheetRow, apply_sheet, plan_sheet, sheet_of
from courses.services.issuing import eligibility

PURPOSE = "certificate_sheet"
_MOST = 5_000_000


@bp.get("/pelatihan/sesi/<int:session_id>/sertifikat/isian.xlsx")
@requires(P.CERTIFICATE_ISSUE)
def issue_sheet(session_id: int) -> Any:
    """Give the sheet with the people of the session."""
    run = found(session_id, P.CERTIFICATE_ISSUE)
    rows = sheet_of(eligibility(db.session(), run=run))
    audit_read("courses:certificate:sheet", [], subject=run, rows=len(rows))
    columns = [ColumnSpec(name, 26, ColumnKind.TEXT) for name in COLUMNS]
    sink = tempfile.TemporaryFile()
    write_xlsx(sink, [SheetSpec("Isian sertifikat", columns, rows)])
    sink.seek(0)
    return attachment(sink, XLSX, f"isian-{run.code}.xlsx")


@bp.post("/pelatihan/sesi/<int:session_id>/sertifikat/isian")
@requires(P.CERTIFICATE_ISSUE)
def check_issue_sheet(session_id: int) -> Any:
    """Show what a filled sheet would change."""
    run = found(session_id, P.CERTIFICATE_ISSUE)
    try:
        file_id = _keep()
        rows = _planned(run, file_id)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
        return redirect(url_for(".eligible", session_id=session_id), 303)
    return render_template(
        "training_sessions/issue_sheet.html",
        run=run,
        tab="sertifikat",
        rows=rows,
        counts={s: sum(r.state == s for r in rows) for s in ("change", "unchanged", "refused")},
        file_id=file_id,
        figures=figures_of(db.session(), [run.id])[run.id],
    )


@bp.post("/pelatihan/sesi/<int:session_id>/sertifikat/isian/terapkan")
@requires(P.CERTIFICATE_ISSUE)
def apply_issue_sheet(session_id: int) -> Any:
    """Write what a checked sheet changes."""
    try:
        with transaction(current_actor()) as session:
            run = found(session_id, P.CERTIFICATE_ISSUE)
            file_id = request.form.get("file_id", 0, type=int)
            with _draft(file_id) as draft:
                count = apply_sheet(session, run=run, path=Path(draft.name))
            remove_file(session, stored=_stored(file_id), actor=current_actor())
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("Isian sertifikat %(count)s peserta tersimpan.", count=count), "success")
    return redirect(url_for(".eligible", session_id=session_id), 303)


def _planned(run: Any, file_id: int) -> list[SheetRow]:
    with _draft(file_id) as draft:
        rows = plan_sheet(db.session(), run=run, path=Path(draft.name))
    audit_read("courses:certificate:sheet_plan", [], subject=run, rows=len(rows))
    return rows


def _keep() -> int:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidInput(N_("Pilih berkas XLSX atau CSV."), field="file")
    content = upload.stream.read(_MOST + 1)
    ending = Path(upload.filename).suffix.lower()
    if ending not in (".xlsx", ".csv") or len(content) > _MOST:
        raise InvalidInput(N_("Unggah berkas .xlsx atau .csv, paling besar 5 MB."), field="file")
    with transaction(current_actor()) as session:
        return store_bytes(
            session,
            content=content,
            filename=f"isian{ending}",
            media_type="application/octet-stream",
            purpose=PURPOSE,
            owner_employee_id=None,
            actor=current_actor(),
        ).id


def _stored(file_id: int) -> StoredFile:
    stored = find_file(db.session(), file_id)
    if stored is None or stored.purpose != PURPOSE:
        raise NotFound
    return stored


def _draft(file_id: int) -> Any:
    stored = _stored(file_id)
    check(P.FILE_READ, stored)
    draft = tempfile.NamedTemporaryFile(suffix=Path(stored.name).suffix[:8])
    draft.write(read_bytes(stored))
    draft.flush()
    return draft
