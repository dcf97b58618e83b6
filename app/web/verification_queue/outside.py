"""The queue of records from elsewhere, and the decision beside the proof."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.db import db, transaction
from app.core.errors import Conflict, DomainError, NotFound
from app.core.files.services import find_file
from app.core.permissions import Permission as P
from app.web.access import audit_read, check, current_actor, requires
from app.web.claims.forms import put_error
from app.web.forms_base import BaseForm
from app.web.listing import listing
from app.web.profile import outside_words
from app.web.verification_queue.side import bp
from skills.models import Employee, OutsideRecord
from skills.queries.outside import find_outside, next_outside, outside_queue, same_numbers
from skills.services.outside import KINDS, decide_outside

SORTS = {
    "lama": (OutsideRecord.sent_at, OutsideRecord.id),
    "nama": (Employee.name, OutsideRecord.id),
}


class OutsideDecision(BaseForm):
    """The answer, with the version that was seen."""

    answer = TextAreaField(
        _l("Catatan untuk pemilik"),
        description=_l("Wajib bila dikembalikan: sebutkan apa yang perlu diperbaiki."),
        validators=[Length(max=1000)],
    )
    version = HiddenField(validators=[InputRequired()])


@bp.get("/verifikasi/riwayat")
@requires(P.CLAIM_VERIFY)
def outside_list() -> str:
    """List what waits, the oldest first."""
    session, kind = db.session(), request.args.get("jenis")
    statement = outside_queue(
        current_actor(),
        kind=kind if kind in KINDS else None,
        text=request.args.get("q", "").strip()[:100] or None,
    )
    page = listing(session, statement, sorts=SORTS, default="lama")
    if page.rows:
        audit_read("skills:outside:list", {row.employee_id for row in page.rows})
    return render_template(
        "verification_queue/outside.html",
        page=page,
        kinds=outside_words.kind_words(),
        languages=dict(outside_words.language_choices()),
        title_of=outside_words.title_of,
    )


@bp.get("/verifikasi/riwayat/<int:record_id>")
@requires(P.CLAIM_VERIFY)
def outside_review(record_id: int) -> str:
    """Show the proof beside what its owner says of it."""
    row = _record(record_id)
    audit_read("skills:outside:read", [row.employee_id], subject=row)
    return _review_page(row, OutsideDecision(formdata=None, version=row.version))


def _review_page(row: OutsideRecord, form: OutsideDecision) -> str:
    session = db.session()
    languages = dict(outside_words.language_choices())
    return render_template(
        "verification_queue/outside_review.html",
        row=row,
        form=form,
        title=outside_words.title_of(row, languages),
        level=dict(outside_words.level_choices()).get(row.language_level or ""),
        stored=find_file(session, row.file_id) if row.file_id else None,
        twins=same_numbers(session, row),
        kinds=outside_words.kind_words(),
        outside_states=outside_words.state_words(),
    )


@bp.post("/verifikasi/riwayat/<int:record_id>")
@requires(P.CLAIM_VERIFY)
def outside_decide(record_id: int) -> Any:
    """Verify a record or return it."""
    row, form = _record(record_id), OutsideDecision()
    if not form.validate_on_submit():
        return _review_page(row, form), 422
    version = str(form.version.data)
    accept = request.form.get("aksi") == "terima"
    try:
        with transaction(current_actor()) as session:
            row = _record(record_id, lock=True)
            following = next_outside(session, actor=current_actor(), after=row)
            decide_outside(
                session,
                actor=current_actor(),
                row=row,
                accept=accept,
                answer=form.answer.data or "",
                version=int(version) if version.isdigit() else None,
            )
    except DomainError as error:
        if isinstance(error, Conflict) or not put_error(form, error):
            raise
        return _review_page(_record(record_id), form), 422
    flash(
        _("Riwayat diverifikasi dan masuk profil pemiliknya.")
        if accept
        else _("Riwayat dikembalikan kepada pemiliknya."),
        "success",
    )
    if following is None:
        return redirect(url_for(".outside_list"), 303)
    return redirect(url_for(".outside_review", record_id=following), 303)


def _record(record_id: int, *, lock: bool = False) -> OutsideRecord:
    row = find_outside(db.session(), record_id, lock=lock)
    if row is None or row.sent_at is None:
        raise NotFound
    check(P.CLAIM_VERIFY, row)
    return row
