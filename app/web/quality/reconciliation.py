"""Reconciliation with a SIASN file: differences, decisions, and the file of corrections."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.db import db, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import render
from app.web.listing import ExportColumn, listing
from app.web.memory_listing import workbook_of
from app.web.quality import words
from skills.models import ImportBatch
from skills.queries import quality as queries
from skills.services import reconciliation as services

bp = Blueprint("reconciliation", __name__, url_prefix="/mutu-data/rekonsiliasi")
bp.context_processor(words.helpers)


@bp.get("")
@requires(P.RECONCILIATION_READ)
def index() -> str:
    """List the files that can be reconciled."""
    session = db.session()
    batches = queries.checked_batches(session)
    found = services.progress_of(session, batch_ids=[batch.id for batch in batches])
    rows = [(batch, found[batch.id]) for batch in batches]
    return render_template("quality/reconciliations.html", rows=rows)


@bp.post("/<int:batch_id>/mulai")
@requires(P.EMPLOYEE_IMPORT)
def start(batch_id: int) -> Any:
    """Turn the differences of a checked file into items to decide on."""
    with transaction(current_actor()) as session:
        count = services.open_reconciliation(session, batch_id=batch_id)
    flash(
        ngettext("%(num)s perbedaan siap diputuskan.", "%(num)s perbedaan siap diputuskan.", count),
        "success",
    )
    return redirect(url_for("reconciliation.show", batch_id=batch_id), code=303)


@bp.get("/<int:batch_id>")
@requires(P.RECONCILIATION_READ)
def show(batch_id: int) -> str:
    """Show the differences of a file with both values, the document and the decision."""
    return _page(_batch(batch_id))


def _page(batch: ImportBatch, error: InvalidInput | None = None) -> str:
    session = db.session()
    given = request.args if request.method == "GET" else _sent_filters()
    page = listing(session, _statement(batch.id, given), sorts=queries.ITEM_SORTS, default="nama")
    audit_read("skills:reconciliation:read", [row.employee_id for row in page.rows], batch)
    fields = queries.fields_of(session, batch.id)
    return render_template(
        "quality/reconciliation.html",
        batch=batch,
        page=page,
        error=error,
        progress=services.progress(session, batch_id=batch.id),
        field_options=[(name, words.field_name(name)) for name in fields],
    )


def _statement(batch_id: int, given: Mapping[str, str]) -> Any:
    return queries.items_statement(
        batch_id=batch_id,
        decision=given.get("keputusan", "open"),
        field=given.get("data", ""),
        text=given.get("q", "")[:100],
    )


def _sent_filters() -> dict[str, str]:
    query = parse_qs(request.form.get("saringan", ""), keep_blank_values=True)
    return {key: values[0] for key, values in query.items()}


@bp.post("/<int:batch_id>/putuskan")
@requires(P.EMPLOYEE_IMPORT)
def decide(batch_id: int) -> Any:
    """Decide on the ticked items, or on the whole filtered set."""
    _batch(batch_id)
    form = request.form
    try:
        with transaction(current_actor()) as session:
            ids: Any = form.getlist("items", type=int)
            if form.get("semua"):
                ids = queries.ids_of(session, _statement(batch_id, _sent_filters()))
            found = services.decide(
                session,
                items=services.find_items(session, batch_id=batch_id, ids=ids),
                decision=form.get("aksi", ""),
                document=form.get("document", ""),
                reason=form.get("reason", ""),
                actor=current_actor(),
            )
            refused = [
                (item.employee.name, item.field, message) for item, message in found.refused[:5]
            ]
    except InvalidInput as error:
        return _page(_batch(batch_id), error), 422
    if found.done:
        words_done = ngettext("%(num)s data diputuskan.", "%(num)s data diputuskan.", found.done)
        flash(words_done, "success")
    for name, field, message in refused:
        flash(f"{name}, {words.field_name(field)}: {render(message)}", "warning")
    values: dict[str, Any] = {**_sent_filters(), "batch_id": batch_id}
    return redirect(url_for("reconciliation.show", **values), code=303)


@bp.get("/<int:batch_id>/koreksi.xlsx")
@requires(P.RECONCILIATION_READ)
def corrections(batch_id: int) -> Response:
    """Give the proposed corrections for SIASN as a workbook."""
    batch, session = _batch(batch_id), db.session()
    rows = list(queries.corrections_of(session, batch_id))
    audit_read("skills:reconciliation:export", [row.employee_id for row in rows], batch)
    columns = [
        ExportColumn(_("NIP"), lambda row: row.employee.nip, ColumnKind.TEXT, 22),
        ExportColumn(_("Nama"), lambda row: row.employee.name, width=34),
        ExportColumn(_("Data"), lambda row: words.field_name(row.field), width=24),
        ExportColumn(_("Nilai di SIASN"), lambda row: row.siasn_value, ColumnKind.TEXT, 28),
        ExportColumn(_("Nilai yang benar"), lambda row: row.local_value, ColumnKind.TEXT, 28),
        ExportColumn(_("Dokumen"), lambda row: row.document, width=40),
    ]
    return workbook_of(rows, columns, name="usul-koreksi-siasn")


def _batch(batch_id: int) -> ImportBatch:
    batch = queries.find_batch(db.session(), batch_id)
    if batch is None:
        raise NotFound
    return batch
