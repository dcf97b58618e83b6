"""Records of learning without a claim of hours: listed, corrected, approved or returned."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import Conflict, DomainError, NotFound
from app.core.files.services import find_file
from app.core.permissions import Permission as P
from app.web.access import audit_read, check, current_actor, requires
from app.web.jp.forms import RecordForm
from app.web.jp.site import bp
from app.web.listing import listing
from courses.planning_access import reach_of
from courses.queries.jp import forms_in_force
from courses.queries.open_records import OpenRecord, find_open_record, open_records_statement
from courses.services.record_review import (
    approve_as_recorded,
    approve_record,
    mark_of,
    return_record,
)
from skills.models import Employee, Opd, TrainingRecord
from skills.queries.organisation import opd_in_force

SORTS = {
    "nama": (Employee.name, TrainingRecord.id),
    "opd": (Opd.short_name, Employee.name, TrainingRecord.id),
    "selesai": (TrainingRecord.ended_on, TrainingRecord.id),
    "judul": (TrainingRecord.title, TrainingRecord.id),
}


@bp.get("/jp/riwayat")
@requires(P.JP_VERIFY)
def records() -> str:
    """List the records that nobody has verified and nobody claimed hours for."""
    actor, session = current_actor(), db.session()
    statement = open_records_statement(
        reach=reach_of(actor),
        without=actor.employee_id,
        opd_id=request.args.get("opd", type=int),
        text=request.args.get("q", "").strip()[:100],
    )
    page = listing(session, statement, sorts=SORTS, default="-selesai")
    if page.rows:
        audit_read("courses:record:list", sorted({row[1].id for row in page.rows}))
    return render_template(
        "jp/records.html",
        page=page,
        forms=forms_in_force(session),
        opd_options=[(row.id, row.short_name) for row in opd_in_force(session)],
    )


@bp.post("/jp/riwayat/setujui")
@requires(P.JP_VERIFY)
def approve_many() -> Any:
    """Approve the ticked records that are complete and within the rules."""
    ids = sorted({int(value) for value in request.form.getlist("id") if value.isdigit()})[:100]
    done = 0
    with transaction(current_actor()) as session:
        for record_id in ids:
            found = find_open_record(session, record_id, lock=True)
            if found is None:
                continue
            check(P.JP_VERIFY, found)
            done += approve_as_recorded(session, found=found)
    if done:
        flash(ngettext("%(num)s riwayat disetujui.", "%(num)s riwayat disetujui.", done), "success")
    if len(ids) > done:
        left = _(
            "%(count)s dilewati: belum lengkap, melampaui aturan bentuknya, atau sudah berubah."
        )
        flash(left % {"count": len(ids) - done}, "warning")
    return redirect(url_for(".records"), 303)


@bp.route("/jp/riwayat/<int:record_id>", methods=["GET", "POST"])
@requires(P.JP_VERIFY)
def record(record_id: int) -> Any:
    """Show one record; approve it as it is or corrected, or return it."""
    found = _found(record_id)
    row, forms = found.record, forms_in_force(db.session())
    form = RecordForm() if request.method == "POST" else RecordForm(obj=row, mark=mark_of(row))
    form.offer(forms, english=str(get_locale()) == "en")
    returns = request.form.get("langkah") == "kembali"
    if request.method == "POST" and (returns or form.validate_on_submit()):
        try:
            _decide(record_id, form, returns=returns)
        except Conflict:
            raise
        except DomainError as error:
            if isinstance(error, NotFound):
                raise
            form.validate()
            form.refuse(error)
        else:
            flash(_("Riwayat dikembalikan.") if returns else _("Riwayat disetujui."), "success")
            return redirect(url_for(".records"), 303)
    else:
        audit_read("courses:record:read", [found.employee_id])
    page = render_template(
        "jp/record.html",
        found=_found(record_id),
        form=form,
        forms=forms,
        stored=find_file(db.session(), row.file_id) if row.file_id else None,
    )
    return page, 422 if form.errors else 200


def _decide(record_id: int, form: RecordForm, *, returns: bool) -> None:
    with transaction(current_actor()) as session:
        found, mark = _found(record_id, lock=True), form.mark.data or ""
        if returns:
            return_record(session, found=found, reason=(form.note.data or "")[:500], mark=mark)
        else:
            approve_record(session, found=found, values=form.values(), mark=mark)


def _found(record_id: int, *, lock: bool = False) -> OpenRecord:
    found = find_open_record(db.session(), record_id, lock=lock)
    if found is None:
        raise NotFound
    check(P.JP_VERIFY, found)
    return found
