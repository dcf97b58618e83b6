"""The steps of a staff import; every step works from a plain form."""

import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.files.services import path_of
from app.core.i18n import N_
from app.core.message_json import from_json
from app.core.paging import total_of
from app.core.permissions import Permission
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import render
from app.web.imports import words
from app.web.listing import XLSX, attachment, listing
from skills.models import ImportBatch
from skills.queries import imports as queries
from skills.services import imports as services
from skills.services.import_files import mapping_of
from skills.services.import_report import XLSX_ROWS, write_result
from skills.services.import_undo import preview_undo

bp = Blueprint("imports", __name__, url_prefix="/pegawai/impor")
MAX_MB = 25
_STEPS = {"uploaded": 2, "failed": 2, "mapped": 3, "checked": 3, "running": 4, "cancelled": 4}


@bp.get("")
@requires(Permission.EMPLOYEE_IMPORT)
def index() -> Any:
    """Show the upload form and the imports so far."""
    return _index_page(), 200


def _index_page(errors: list[str] | None = None) -> str:
    page = listing(
        db.session(), queries.batches_statement(), sorts=queries.BATCH_SORTS, default="-waktu"
    )
    return render_template(
        "imports/index.html", page=page, errors=errors or [], states=words.STATES, max_mb=MAX_MB
    )


@bp.post("")
@requires(Permission.EMPLOYEE_IMPORT)
def upload() -> Any:
    """Read a file, keep its copy without personal columns, and go on to the columns."""
    try:
        batch_id = _keep_upload()
    except DomainError as error:
        return _index_page([render(error.message)]), 422
    return redirect(url_for("imports.show", batch_id=batch_id), 303)


def _keep_upload() -> int:
    given = request.files.get("berkas")
    if given is None or not given.filename:
        raise InvalidInput(N_("Pilih berkas XLSX atau CSV."), field="berkas")
    if Path(given.filename).suffix.lower() not in (".xlsx", ".csv", ".txt"):
        raise InvalidInput(
            N_("Jenis berkas ini tidak diterima. Unggah berkas .xlsx atau .csv."), field="berkas"
        )
    with tempfile.NamedTemporaryFile(prefix="unggah-") as draft:
        given.save(draft)
        draft.flush()
        with services.read_upload(
            db.session(),
            Path(draft.name),
            name=given.filename,
            sheet=request.form.get("lembar", "").strip() or None,
            email_is_official="surel" in request.form,
        ) as read:
            actor = current_actor()
            with transaction(actor) as session:
                full = "penuh" in request.form
                return services.start_import(session, upload=read, is_full=full, actor=actor).id


@bp.get("/<int:batch_id>")
@requires(Permission.EMPLOYEE_IMPORT)
def show(batch_id: int) -> Any:
    """Show the step that an import is at."""
    return _show_page(_batch(batch_id)), 200


def _batch(batch_id: int) -> ImportBatch:
    found = queries.find_batch(db.session(), batch_id)
    if found is None:
        raise NotFound
    return found


def _show_page(batch: ImportBatch, errors: list[tuple[str, str | None]] | None = None) -> str:
    session = db.session()
    summary: Any = batch.summary
    state = str(batch.state)
    action = request.args.get("status", "" if state == "applied" else "")
    rows = listing(
        session,
        queries.rows_statement(batch.id, action, request.args.get("q", "")),
        sorts=queries.ROW_SORTS,
        default="baris",
    )
    audit_read("skills:import:read", [r.employee_id for r in rows.rows if r.employee_id], batch)
    job = queries.job_of(session, batch)
    return render_template(
        "imports/show.html",
        batch=batch,
        summary=summary,
        mapping=mapping_of(batch),
        rows=rows,
        job=job if job is not None and job.is_open else None,
        job_failed=job.error_message if job is not None and not job.is_open else None,
        cut_short=services.is_cut_short(session, batch),
        error=from_json(summary["error"]) if summary.get("error") else None,
        notices=[from_json(notice) for notice in summary.get("notices") or []],
        has_result=queries.result_file(session, batch) is not None,
        opds=queries.opd_choices(session) if summary.get("unknown_opds") else [],
        fields=words.field_choices(),
        step=_STEPS.get(state, 5),
        errors=errors or [],
        words=words,
    )


@bp.post("/<int:batch_id>/kolom")
@requires(Permission.EMPLOYEE_IMPORT)
def columns(batch_id: int) -> Any:
    """Settle the columns and start the dry run."""
    _batch(batch_id)
    mapping = mapping_of(_batch(batch_id))
    chosen = {
        column.key: request.form.get(f"kolom-{column.index}") or None
        for column in mapping.columns
        if f"kolom-{column.index}" in request.form
    }
    places = {column.key: f"kolom-{column.index}" for column in mapping.columns}
    actor = current_actor()
    try:
        with transaction(actor) as session:
            batch = _locked(session, batch_id)
            services.choose_columns(
                session,
                batch=batch,
                choices=chosen,
                is_full="penuh" in request.form,
                expected_version=_version(),
            )
            services.request_check(session, batch=batch, actor=actor)
    except InvalidInput as error:
        found = [(render(error.message), places.get(error.field or ""))]
        return _show_page(_batch(batch_id), found), 422
    return _back(batch_id)


def _locked(session: Any, batch_id: int) -> ImportBatch:
    found = queries.find_batch(session, batch_id)
    if found is None:
        raise NotFound
    return found


def _version() -> int:
    return request.form.get("version", 0, type=int)


def _back(batch_id: int) -> Any:
    return redirect(url_for("imports.show", batch_id=batch_id), 303)


@bp.post("/<int:batch_id>/opd")
@requires(Permission.EMPLOYEE_IMPORT)
def opds(batch_id: int) -> Any:
    """Say what unknown OPD names mean and repeat the dry run."""
    actor = current_actor()
    chosen = {
        request.form.get(f"nama-{name[4:]}", ""): value
        for name, value in request.form.items()
        if name.startswith("opd-")
    }
    with transaction(actor) as session:
        batch = _locked(session, batch_id)
        services.choose_opds(session, batch=batch, choices=chosen, expected_version=_version())
        services.request_check(session, batch=batch, actor=actor)
    return _back(batch_id)


@bp.post("/<int:batch_id>/terapkan")
@requires(Permission.EMPLOYEE_IMPORT)
def apply(batch_id: int) -> Any:
    """Start the write; a double click starts it once."""
    actor = current_actor()
    try:
        with transaction(actor) as session:
            batch = _locked(session, batch_id)
            services.confirm(session, batch=batch, expected_version=_version(), actor=actor)
    except InvalidInput as error:
        return _show_page(_batch(batch_id), [(render(error.message), None)]), 422
    return _back(batch_id)


@bp.post("/<int:batch_id>/lanjutkan")
@requires(Permission.EMPLOYEE_IMPORT)
def resume(batch_id: int) -> Any:
    """Go on with a write that was cut short."""
    actor = current_actor()
    with transaction(actor) as session:
        services.resume(session, batch=_locked(session, batch_id), actor=actor)
    return _back(batch_id)


@bp.post("/<int:batch_id>/buang")
@requires(Permission.EMPLOYEE_IMPORT)
def discard(batch_id: int) -> Any:
    """Throw away an import that was not written."""
    actor = current_actor()
    with transaction(actor) as session:
        services.discard(session, batch=_locked(session, batch_id), actor=actor)
    flash(_("Impor dibuang. Salinan berkasnya dihapus."), "success")
    return redirect(url_for("imports.index"), 303)


@bp.get("/<int:batch_id>/batalkan")
@requires(Permission.EMPLOYEE_IMPORT)
def undo_preview(batch_id: int) -> Any:
    """Show what undoing an import would do."""
    batch = _batch(batch_id)
    found = preview_undo(db.session(), batch)
    refused = [(item, from_json(item["reason"])) for item in found.refused]
    return render_template("imports/undo.html", batch=batch, found=found, refused=refused)


@bp.post("/<int:batch_id>/batalkan")
@requires(Permission.EMPLOYEE_IMPORT)
def undo(batch_id: int) -> Any:
    """Undo a whole import."""
    actor = current_actor()
    with transaction(actor) as session:
        services.request_undo(session, batch=_locked(session, batch_id), actor=actor)
    return _back(batch_id)


@bp.get("/<int:batch_id>/hasil")
@requires(Permission.EMPLOYEE_IMPORT)
def result(batch_id: int) -> Any:
    """Give the rows of the file with the status of each."""
    session, batch = db.session(), _batch(batch_id)
    stored = queries.result_file(session, batch)
    audit_read("skills:import:download", [], batch)
    if stored is not None:
        return attachment(path_of(stored).open("rb"), stored.media_type, stored.name)
    summary: Any = batch.summary
    kind = "xlsx" if int(summary.get("rows", 0)) <= XLSX_ROWS else "csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"hasil.{kind}"
        write_result(session, batch, path)
        sink = path.open("rb")
    media_type = XLSX if kind == "xlsx" else "text/csv; charset=utf-8"
    return attachment(sink, media_type, f"uji-coba-impor-{batch.id}.{kind}")


@bp.get("/<int:batch_id>/tindak-lanjut")
@requires(Permission.EMPLOYEE_IMPORT)
def follow_up(batch_id: int) -> Any:
    """List people whom a full file did not name, or whom the import set to gone."""
    session, batch = db.session(), _batch(batch_id)
    missing, gone = queries.missing_statement(batch), queries.gone_statement(batch)
    wants_gone = request.args.get("daftar") == "berhenti"
    page = listing(
        session, gone if wants_gone else missing, sorts=queries.MISSING_SORTS, default="nama"
    )
    audit_read("skills:import:follow_up", [person.id for person in page.rows], batch)
    summary: Any = batch.summary
    return render_template(
        "imports/follow_up.html",
        batch=batch,
        page=page,
        wants_gone=wants_gone,
        missing=total_of(session, missing),
        gone=total_of(session, gone),
        errors=(summary.get("counts") or {}).get("error", 0),
    )
