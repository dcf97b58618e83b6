"""Results of assessment centres: upload with a dry run, result file, write, undo."""

import tempfile
from pathlib import Path
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.clock import today
from app.core.db import db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.i18n import N_
from app.core.message_json import from_json
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import audit_read, current_actor, requires
from app.web.assessment.rating import bp
from app.web.i18n import render
from app.web.listing import ExportColumn, listing
from app.web.memory_listing import workbook_of
from skills.models import ResultBatch
from skills.queries import assessment_centre as queries
from skills.queries.assessment import competency_groups
from skills.services import result_import as services
from skills.siasn.cells import parse_date
from skills.siasn.problems import CellError

MAX_MB = 10


@bp.get("/pusat")
@requires(P.ASSESSMENT_MANAGE)
def centre() -> Any:
    """Show the upload form and the files so far."""
    return _index_page()


def _index_page(error: DomainError | None = None) -> str:
    session = db.session()
    page = listing(
        session, queries.batches_statement(), sorts=queries.BATCH_SORTS, default="-waktu"
    )
    return render_template(
        "assessment/centre.html",
        page=page,
        error=error,
        wrong=getattr(error, "field", None) or ("berkas" if error else None),
        tables=queries.band_tables(session),
        max_mb=MAX_MB,
        today=today(),
    )


@bp.post("/pusat")
@requires(P.ASSESSMENT_MANAGE)
def upload_results() -> Any:
    """Read a file and show what each row would do."""
    try:
        batch_id = _check_upload()
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        return _index_page(error), 422
    return redirect(url_for("assessment.results_file", batch_id=batch_id), 303)


def _check_upload() -> int:
    given = request.files.get("berkas")
    if given is None or not given.filename:
        raise InvalidInput(N_("Pilih berkas XLSX atau CSV."), field="berkas")
    try:
        day = parse_date(request.form.get("assessed_on") or None)
    except CellError as error:
        raise InvalidInput(error.message, field="assessed_on") from error
    with tempfile.NamedTemporaryFile(prefix="hasil-") as draft:
        given.save(draft)
        draft.flush()
        with transaction(current_actor()) as session:
            return services.check_results(
                session,
                path=Path(draft.name),
                name=given.filename,
                provider=request.form.get("provider", ""),
                band_index=request.form.get("band_index", ""),
                assessed_on=day,
                actor=current_actor(),
            ).id


@bp.get("/pusat/templat.xlsx")
@requires(P.ASSESSMENT_MANAGE)
def results_template() -> Response:
    """Give an empty file with the columns of the managerial and sociocultural competencies."""
    groups = competency_groups(db.session())
    names = [
        item.code
        for items in groups.values()
        for item in items
        if item.kind in ("MANAJERIAL", "SOSIAL_KULTURAL")
    ]
    columns = [ExportColumn("NIP", lambda row: row, ColumnKind.TEXT, 22)]
    for name in ("Tanggal asesmen", "Berlaku sampai", "JPM", *names):
        columns.append(ExportColumn(name, lambda row: None))
    return workbook_of([], columns, name="templat-hasil-asesmen")


@bp.get("/pusat/<int:batch_id>")
@requires(P.ASSESSMENT_MANAGE)
def results_file(batch_id: int) -> Any:
    """Show the rows of a file with their state."""
    return _show_page(_batch(batch_id))


def _show_page(batch: ResultBatch, error: DomainError | None = None) -> str:
    session = db.session()
    statement = queries.rows_statement(
        batch_id=batch.id, state=request.args.get("status", ""), text=request.args.get("q", "")
    )
    page = listing(session, statement, sorts=queries.ROW_SORTS, default="baris")
    people = [row.employee_id for row in page.rows if row.employee_id]
    audit_read("skills:results:read", people, batch)
    return render_template(
        "assessment/results_file.html",
        batch=batch,
        page=page,
        error=error,
        counts=services.count_rows(session, batch.id),
        bands=queries.bands_of(session, batch.band_index),
        problem_words=lambda row: [render(from_json(one)) for one in row.problems],
    )


def _batch(batch_id: int) -> ResultBatch:
    found = queries.find_results(db.session(), batch_id)
    if found is None:
        raise NotFound
    return found


@bp.post("/pusat/<int:batch_id>/terapkan")
@requires(P.ASSESSMENT_MANAGE)
def apply_results(batch_id: int) -> Any:
    """Start the write."""
    try:
        with transaction(current_actor()) as session:
            job = services.request_apply(
                session,
                batch=_batch(batch_id),
                expected_version=request.form.get("version", 0, type=int),
                actor=current_actor(),
            )
            job_id = job.id
    except InvalidInput as error:
        return _show_page(_batch(batch_id), error), 422
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.post("/pusat/<int:batch_id>/batalkan")
@requires(P.ASSESSMENT_MANAGE)
def undo_results(batch_id: int) -> Any:
    """Withdraw what a file wrote."""
    try:
        with transaction(current_actor()) as session:
            count = services.undo_results(
                session, batch=_batch(batch_id), reason=request.form.get("reason", "")
            )
    except InvalidInput as error:
        return _show_page(_batch(batch_id), error), 422
    text = ngettext("Hasil %(num)s orang ditarik.", "Hasil %(num)s orang ditarik.", count)
    flash(text, "success")
    return redirect(url_for("assessment.results_file", batch_id=batch_id), 303)


@bp.post("/pusat/<int:batch_id>/buang")
@requires(P.ASSESSMENT_MANAGE)
def discard_results(batch_id: int) -> Any:
    """Throw away a file that was not written."""
    with transaction(current_actor()) as session:
        services.discard_results(session, batch=_batch(batch_id))
    flash(_("Berkas dibuang."), "success")
    return redirect(url_for("assessment.centre"), 303)


@bp.get("/pusat/<int:batch_id>/hasil.xlsx")
@requires(P.ASSESSMENT_MANAGE)
def results_report(batch_id: int) -> Response:
    """Give every row with what became of it."""
    batch = _batch(batch_id)
    rows = queries.all_rows(db.session(), batch_id)
    audit_read("skills:results:export", [row.employee_id for row in rows if row.employee_id], batch)
    states = {"new": _("baru"), "known": _("sudah ada"), "error": _("galat")}
    columns = [
        ExportColumn(_("Baris"), lambda row: row.number),
        ExportColumn(_("NIP"), lambda row: row.nip, ColumnKind.TEXT, 22),
        ExportColumn(_("Nama"), lambda row: row.label, width=34),
        ExportColumn(_("Tanggal asesmen"), lambda row: row.assessed_on, ColumnKind.DATE),
        ExportColumn(_("JPM"), lambda row: row.match),
        ExportColumn(_("Kategori"), lambda row: row.band),
        ExportColumn(_("Level"), lambda row: _levels(row.levels), width=50),
        ExportColumn(_("Status"), lambda row: states[row.state]),
        ExportColumn(
            _("Keterangan"),
            lambda row: "; ".join(render(from_json(one)) for one in row.problems),
            width=60,
        ),
    ]
    return workbook_of(rows, columns, name="hasil-impor-asesmen")


def _levels(levels: dict[str, int]) -> str:
    return ", ".join(f"{code} {level}" for code, level in levels.items())
