"""Certificates from before this platform: a dry run of the file, then the records."""

import tempfile
from pathlib import Path
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.files.services import find_file, read_bytes, remove_file, store_bytes
from app.core.i18n import N_
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import check, current_actor, requires
from app.web.certificates.routes import bp
from app.web.i18n import render
from app.web.listing import XLSX, attachment
from courses.services.legacy_import import (
    OPTIONAL,
    REQUIRED,
    LegacyRow,
    import_legacy,
)
from courses.services.organisers import find_organiser_by_id, organisers

PURPOSE = "certificate_legacy"
MAX_BYTES = 10_000_000
_ENDINGS = (".xlsx", ".csv")


@bp.route("/sertifikat/lama", methods=["GET", "POST"])
@requires(P.CERTIFICATE_ISSUE)
def legacy() -> Any:
    """Take a file and show what would become of each row; nothing is written yet."""
    error: DomainError | None = None
    if request.method == "POST":
        try:
            file_id, organiser_id = _keep()
            return _dry_run(file_id, organiser_id)
        except DomainError as refused:
            if isinstance(refused, NotFound):
                raise
            error = refused
    page = render_template(
        "certificates/legacy.html",
        organisers=organisers(db.session()),
        columns=(REQUIRED, OPTIONAL),
        max_mb=MAX_BYTES / 1_000_000,
        error=error,
    )
    return page, 422 if error else 200


@bp.get("/sertifikat/lama/contoh.xlsx")
@requires(P.CERTIFICATE_ISSUE)
def legacy_sample() -> Any:
    """Give an empty sheet with the columns."""
    columns = [ColumnSpec(name.title(), 22, ColumnKind.TEXT) for name in (*REQUIRED, *OPTIONAL)]
    sink = tempfile.TemporaryFile()
    write_xlsx(sink, [SheetSpec("Sertifikat lama", columns, [])])
    sink.seek(0)
    return attachment(sink, XLSX, "contoh-sertifikat-lama.xlsx")


def _keep() -> tuple[int, int]:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidInput(N_("Pilih berkas XLSX atau CSV."), field="file")
    if Path(upload.filename).suffix.lower() not in _ENDINGS:
        raise InvalidInput(N_("Unggah berkas .xlsx atau .csv."), field="file")
    content = upload.stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise InvalidInput(N_("Berkas terlalu besar; paling besar 10 MB."), field="file")
    with transaction(current_actor()) as session:
        if find_organiser_by_id(session, request.form.get("organiser", 0, type=int)) is None:
            raise InvalidInput(N_("Pilih penyelenggara."), field="organiser")
        stored = store_bytes(
            session,
            content=content,
            filename=upload.filename[-100:],
            media_type="application/octet-stream",
            purpose=PURPOSE,
            owner_employee_id=None,
            actor=current_actor(),
        )
        return stored.id, request.form.get("organiser", 0, type=int)


def _read(session: Any, file_id: int, organiser_id: int, *, write: bool) -> list[LegacyRow]:
    stored = find_file(session, file_id)
    organiser = find_organiser_by_id(session, organiser_id)
    if stored is None or stored.purpose != PURPOSE or organiser is None:
        raise NotFound
    check(P.FILE_READ, stored)
    with tempfile.NamedTemporaryFile(suffix=Path(stored.name).suffix[:8]) as draft:
        draft.write(read_bytes(stored))
        draft.flush()
        rows = import_legacy(session, path=Path(draft.name), organiser=organiser, write=write)
    if write:
        remove_file(session, stored=stored, actor=current_actor())
    return rows


def _dry_run(file_id: int, organiser_id: int) -> str:
    rows = _read(db.session(), file_id, organiser_id, write=False)
    return render_template(
        "certificates/legacy_check.html",
        rows=rows,
        counts={state: sum(r.state == state for r in rows) for state in _STATES},
        file_id=file_id,
        organiser_id=organiser_id,
    )


_STATES = ("added", "unchanged", "refused")


@bp.post("/sertifikat/lama/simpan")
@requires(P.CERTIFICATE_ISSUE)
def legacy_apply() -> Any:
    """Write the records of a checked file; a second click finds them there already."""
    form = request.form
    try:
        with transaction(current_actor()) as session:
            rows = _read(
                session,
                form.get("file_id", 0, type=int),
                form.get("organiser_id", 0, type=int),
                write=True,
            )
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
        return redirect(url_for(".legacy"), 303)
    added = sum(row.state == "added" for row in rows)
    text = _("%(count)s sertifikat lama tercatat dan dapat diperiksa publik.", count=added)
    flash(text, "success")
    return redirect(url_for(".index"), 303)
