"""Reconciliation with a SIASN file: differences, decisions, and the file of corrections."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
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
@requires(P.EMPLOYEE_IMPORT)
def index() -> str:
    """List the files that can be reconciled."""
    session = db.session()
    rows = [
        (batch, services.progress(session, batch_id=batch.id))
        for batch in queries.checked_batches(session)
    ]
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
@requires(P.EMPLOYEE_IMPORT)
def show(batch_id: int) -> str:
    """Show the differences of a file with both values, the document and the decision."""
    batch, session = _batch(batch_id), db.session()
    statement = queries.items_statement(
        batch_id=batch_id,
        decision=request.args.get("keputusan", "open"),
        field=request.args.get("data", ""),
    )
    page = listing(session, statement, sorts=queries.ITEM_SORTS, default="nama")
    audit_read("skills:reconciliation:read", [row.employee_id for row in page.rows], batch)
    return render_template(
        "quality/reconciliation.html",
        batch=batch,
        page=page,
        progress=services.progress(session, batch_id=batch_id),
    )


@bp.post("/<int:batch_id>/putuskan")
@requires(P.EMPLOYEE_IMPORT)
def decide(batch_id: int) -> Any:
    """Decide on the chosen items."""
    _batch(batch_id)
    try:
        with transaction(current_actor()) as session:
            ids = request.form.getlist("items", type=int)
            items = services.find_items(session, batch_id=batch_id, ids=ids)
            count = services.decide(
                session,
                items=items,
                decision=request.form.get("aksi", ""),
                document=request.form.get("document", ""),
                actor=current_actor(),
            )
    except DomainError as error:
        flash(render(error.message), "danger")
    else:
        flash(ngettext("%(num)s data diputuskan.", "%(num)s data diputuskan.", count), "success")
    return redirect(url_for("reconciliation.show", batch_id=batch_id), code=303)


@bp.get("/<int:batch_id>/koreksi.xlsx")
@requires(P.EMPLOYEE_IMPORT)
def corrections(batch_id: int) -> Response:
    """Give the proposed corrections for SIASN as a workbook."""
    batch, session = _batch(batch_id), db.session()
    rows = list(session.scalars(queries.items_statement(batch_id=batch_id, decision="correct")))
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
