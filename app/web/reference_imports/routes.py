"""Dictionary, standards and levels from files and into files: dry run, write, result, undo."""

import tempfile
from pathlib import Path
from typing import IO, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.files.services import path_of
from app.core.i18n import N_, Message
from app.core.message_json import from_json
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_csv, write_xlsx
from app.web.access import audit_read, check, current_actor, requires
from app.web.i18n import render
from app.web.listing import XLSX, attachment, listing
from app.web.reference_imports import words
from skills.enums import ImportKind
from skills.models import ImportBatch
from skills.queries import imports as queries
from skills.queries.sheet_exports import people_with_levels, sheet_lines
from skills.services import imports as services
from skills.services.import_report import write_result
from skills.services.sheet_run import preview_undo_sheet, start_sheet
from skills.sheets.columns import COLUMNS

bp = Blueprint("reference_imports", __name__, url_prefix="/acuan")
MAX_MB = 25
_KINDS = (ImportKind.DICTIONARY, ImportKind.STANDARD, ImportKind.LEVEL)
_STEPS = {"mapped": 1, "failed": 1, "checked": 2, "running": 3, "cancelled": 3}
_CSV = "text/csv; charset=utf-8"


def _kind(kind: str) -> words.KindWords:
    """Return a kind of file; levels are data of people and need the right to import those."""
    found = words.kind_of(kind)
    if found is None:
        raise NotFound
    if found.kind == ImportKind.LEVEL:
        check(P.EMPLOYEE_IMPORT, None)
    return found


@bp.get("/<kind>/impor")
@requires(P.REFERENCE_MANAGE)
def index(kind: str) -> str:
    """Show the upload form of a kind of file, and its imports so far."""
    return _index_page(_kind(kind), [])


def _index_page(kind: words.KindWords, errors: list[str]) -> str:
    page = listing(
        db.session(),
        queries.batches_statement(kind.kind),
        sorts=queries.BATCH_SORTS,
        default="-waktu",
    )
    return render_template(
        "reference_imports/index.html",
        kind=kind,
        kinds=words.kinds().values(),
        page=page,
        errors=errors,
        words=words,
        columns=COLUMNS[kind.kind],
        column_word=lambda column: render(Message(column.label)),
        max_mb=MAX_MB,
    )


@bp.post("/<kind>/impor")
@requires(P.REFERENCE_MANAGE)
def upload(kind: str) -> Any:
    """Read a file and start its dry run."""
    found = _kind(kind)
    try:
        batch_id = _keep_upload(found)
    except DomainError as error:
        return _index_page(found, [render(error.message)]), 422
    return redirect(url_for("reference_imports.show", batch_id=batch_id), 303)


def _keep_upload(kind: words.KindWords) -> int:
    given = request.files.get("berkas")
    if given is None or not given.filename:
        raise InvalidInput(N_("Pilih berkas XLSX atau CSV."), field="berkas")
    if Path(given.filename).suffix.lower() not in (".xlsx", ".csv", ".txt"):
        raise InvalidInput(
            N_("Jenis berkas ini tidak diterima. Unggah berkas .xlsx atau .csv."), field="berkas"
        )
    actor = current_actor()
    with tempfile.NamedTemporaryFile(prefix="unggah-") as draft:
        given.save(draft)
        draft.flush()
        with transaction(actor) as session:
            batch = start_sheet(
                session, Path(draft.name), name=given.filename, kind=kind.kind, actor=actor
            )
            services.request_check(session, batch=batch, actor=actor)
            return batch.id


def _batch(batch_id: int) -> ImportBatch:
    found = queries.find_batch(db.session(), batch_id, *_KINDS)
    if found is None:
        raise NotFound
    _kind(found.kind)
    return found


@bp.get("/impor/<int:batch_id>")
@requires(P.REFERENCE_MANAGE)
def show(batch_id: int) -> str:
    """Show where an import is: its dry run, what it wrote, or how it was undone."""
    return _show_page(_batch(batch_id), [])


def _show_page(batch: ImportBatch, errors: list[tuple[str, str | None]]) -> str:
    session = db.session()
    summary: Any = batch.summary
    rows = listing(
        session,
        queries.rows_statement(batch.id, request.args.get("status", ""), request.args.get("q", "")),
        sorts=queries.ROW_SORTS,
        default="baris",
    )
    audit_read("skills:import:read", [r.employee_id for r in rows.rows if r.employee_id], batch)
    job = queries.job_of(session, batch)
    return render_template(
        "reference_imports/show.html",
        batch=batch,
        kind=_kind(batch.kind),
        summary=summary,
        rows=rows,
        job=job if job is not None and job.is_open else None,
        job_failed=job.error_message if job is not None and not job.is_open else None,
        error=from_json(summary["error"]) if summary.get("error") else None,
        notices=[from_json(notice) for notice in summary.get("notices") or []],
        has_result=queries.result_file(session, batch) is not None,
        step=_STEPS.get(str(batch.state), 4),
        errors=errors,
        words=words,
    )


def _version() -> int:
    return request.form.get("version", 0, type=int)


def _back(batch_id: int) -> Any:
    return redirect(url_for("reference_imports.show", batch_id=batch_id), 303)


@bp.post("/impor/<int:batch_id>/terapkan")
@requires(P.REFERENCE_MANAGE)
def apply(batch_id: int) -> Any:
    """Start the write; a double click starts it once."""
    actor, batch = current_actor(), _batch(batch_id)
    try:
        with transaction(actor) as session:
            batch = _locked(session, batch_id)
            services.confirm(session, batch=batch, expected_version=_version(), actor=actor)
    except InvalidInput as error:
        return _show_page(_batch(batch_id), [(render(error.message), None)]), 422
    return _back(batch_id)


def _locked(session: Any, batch_id: int) -> ImportBatch:
    found = queries.find_batch(session, batch_id, *_KINDS)
    if found is None:
        raise NotFound
    return found


@bp.post("/impor/<int:batch_id>/buang")
@requires(P.REFERENCE_MANAGE)
def discard(batch_id: int) -> Any:
    """Throw away an import that was not written."""
    kind, actor = _batch(batch_id).kind, current_actor()
    with transaction(actor) as session:
        services.discard(session, batch=_locked(session, batch_id), actor=actor)
    flash(_("Impor dibuang. Salinan berkasnya dihapus."), "success")
    return redirect(url_for("reference_imports.index", kind=kind), 303)


@bp.get("/impor/<int:batch_id>/batalkan")
@requires(P.REFERENCE_MANAGE)
def undo_preview(batch_id: int) -> str:
    """Show what undoing an import would do."""
    batch = _batch(batch_id)
    found = preview_undo_sheet(db.session(), batch)
    refused = [(item, from_json(item["reason"])) for item in found.refused]
    return render_template(
        "reference_imports/undo.html",
        batch=batch,
        kind=_kind(batch.kind),
        found=found,
        refused=refused,
    )


@bp.post("/impor/<int:batch_id>/batalkan")
@requires(P.REFERENCE_MANAGE)
def undo(batch_id: int) -> Any:
    """Undo a whole import."""
    _batch(batch_id)
    actor = current_actor()
    with transaction(actor) as session:
        services.request_undo(session, batch=_locked(session, batch_id), actor=actor)
    return _back(batch_id)


@bp.get("/impor/<int:batch_id>/hasil")
@requires(P.REFERENCE_MANAGE)
def result(batch_id: int) -> Any:
    """Give the rows of the file with the status of each."""
    session, batch = db.session(), _batch(batch_id)
    stored = queries.result_file(session, batch)
    if stored is not None:
        return attachment(path_of(stored).open("rb"), stored.media_type, stored.name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hasil.xlsx"
        write_result(session, batch, path)
        sink = path.open("rb")
    return attachment(sink, XLSX, f"uji-coba-impor-{batch.id}.xlsx")


@bp.get("/<kind>/unduh.<bentuk>")
@requires(P.REFERENCE_READ)
def export(kind: str, bentuk: str) -> Any:
    """Give a file that an import reads again; levels only to those who may import people."""
    found = _kind(kind)
    if bentuk not in ("xlsx", "csv"):
        abort(404)
    session, code = db.session(), request.args.get("kode")
    if found.kind == ImportKind.LEVEL:
        audit_read("skills:level:export", people_with_levels(session))
    columns = COLUMNS[found.kind]
    name = f"{found.kind}-{clock.today():%Y%m%d}.{bentuk}"
    headers = [str(Message(column.label)) for column in columns]
    lines = sheet_lines(session, found.kind, code)
    if bentuk == "csv":
        with tempfile.NamedTemporaryFile(suffix=".csv") as draft:
            write_csv(draft.name, headers, lines)
            return attachment(open(draft.name, "rb"), _CSV, name)
    sink: IO[bytes] = tempfile.TemporaryFile()
    specs = [
        ColumnSpec(header, column.width, _shape(column.name))
        for header, column in zip(headers, columns, strict=True)
    ]
    write_xlsx(sink, [SheetSpec(found.kind, specs, lines)])
    sink.seek(0)
    return attachment(sink, XLSX, name)


def _shape(name: str) -> ColumnKind:
    if name in ("obtained_on", "valid_until"):
        return ColumnKind.DATE
    return ColumnKind.TEXT if name == "nip" else ColumnKind.GENERAL
