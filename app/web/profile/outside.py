"""Trainings, certificates and languages from elsewhere: drop the proof, check, send."""

from typing import Any, BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.validators import Optional as Maybe

from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.files.services import find_file, path_of, store_upload
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.claims.forms import put_error
from app.web.forms_base import BaseForm
from app.web.i18n import render
from app.web.profile.outside_words import kind_words, language_choices, level_choices
from app.web.profile.routes import bp
from skills.models import OutsideRecord
from skills.services import outside
from skills.services.evidence_text import read_evidence

ACCEPTED = frozenset({"pdf", "jpg", "png"})
MAX_MB = 10


def _filled(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value


class OutsideForm(BaseForm):
    """What the proof says; which fields are shown depends on the kind."""

    title = StringField(_l("Nama pelatihan atau sertifikat"), validators=[Length(max=250)])
    language = SelectField(_l("Bahasa"), filters=[_filled], validate_choice=False)
    language_level = SelectField(
        _l("Jenjang"),
        description=_l("Menurut hasil ujian pada bukti."),
        filters=[_filled],
        validate_choice=False,
    )
    organiser = StringField(
        _l("Penyelenggara atau penerbit"), filters=[_filled], validators=[Maybe(), Length(max=200)]
    )
    number = StringField(
        _l("Nomor dokumen"), filters=[_filled], validators=[Maybe(), Length(max=120)]
    )
    started_on = DateField(_l("Tanggal mulai"), validators=[Maybe()])
    ended_on = DateField(_l("Tanggal selesai atau terbit"), validators=[Maybe()])
    valid_until = DateField(
        _l("Berlaku sampai"),
        description=_l("Kosongkan bila tidak ada batas waktu."),
        validators=[Maybe()],
    )
    note = TextAreaField(_l("Catatan untuk pemeriksa"), validators=[Length(max=1000)])

    def offer(self) -> "OutsideForm":
        """Offer the languages and their levels."""
        empty = SelectChoice("", _("Pilih"))
        self.language.choices = [empty, *(SelectChoice(*row) for row in language_choices())]
        self.language_level.choices = [empty, *(SelectChoice(*row) for row in level_choices())]
        return self

    def values(self, kind: str) -> outside.OutsideInput:
        """Return what the form states about a record of a kind."""
        is_language = kind == "language"
        return outside.OutsideInput(
            kind=kind,
            title=(self.title.data or "").strip(),
            language=self.language.data if is_language else None,
            language_level=self.language_level.data if is_language else None,
            organiser=self.organiser.data,
            number=self.number.data,
            started_on=self.started_on.data if kind == "training" else None,
            ended_on=self.ended_on.data,
            valid_until=self.valid_until.data,
            note=(self.note.data or "").strip(),
        )


@bp.get("/profil/luar/baru")
@requires(P.CLAIM_EDIT)
def new_outside() -> str:
    """Ask what it is, and for the proof."""
    return _drop_page(request.args.get("jenis", "certificate"), [])


def _drop_page(kind: str, errors: list[str]) -> str:
    return render_template(
        "profile/outside_new.html",
        kind=kind if kind in outside.KINDS else "certificate",
        kinds=kind_words(),
        errors=errors,
        max_mb=MAX_MB,
    )


@bp.post("/profil/luar/baru")
@requires(P.CLAIM_EDIT)
def add_outside() -> Any:
    """Begin a draft, with the proof where one was dropped."""
    kind = request.form.get("kind", "")
    upload = request.files.get("file")
    read: list[str] = []
    try:
        with transaction(current_actor()) as session:
            row = outside.start_outside(session, actor=current_actor(), kind=kind)
            if upload is not None and upload.filename:
                read = _prove(session, row, upload) or ["-"]
            record_id = row.id
    except DomainError as error:
        return _drop_page(kind, [render(error.message)]), 422
    return redirect(
        url_for(".outside_page", record_id=record_id, terbaca=",".join(read) or None), 303
    )


def _prove(session: Any, row: OutsideRecord, upload: Any) -> list[str]:
    stored = store_upload(
        session,
        stream=cast(BinaryIO, upload.stream),
        filename=upload.filename,
        purpose=outside.PURPOSE,
        allowed=ACCEPTED,
        owner_employee_id=row.employee_id,
        actor=current_actor(),
        max_mb=MAX_MB,
    )
    found = read_evidence(path_of(stored), stored.media_type).found
    outside.prove(session, row=row, file_id=stored.id, found=found)
    return [outside.READ[name] for name in found if name in outside.READ]


@bp.get("/profil/luar/<int:record_id>")
@requires(P.CLAIM_EDIT)
def outside_page(record_id: int) -> str:
    """Show one's own record: the form of a draft, or what became of it."""
    row = _own(record_id)
    return _record_page(row, OutsideForm(formdata=None, obj=row).offer())


def _record_page(row: OutsideRecord, form: OutsideForm, errors: list[str] | None = None) -> str:
    return render_template(
        "profile/outside.html",
        row=row,
        form=form,
        stored=find_file(db.session(), row.file_id) if row.file_id else None,
        read=set(request.args.get("terbaca", "").split(",")),
        kinds=kind_words(),
        languages=dict(language_choices()),
        errors=errors or [],
        max_mb=MAX_MB,
    )


@bp.post("/profil/luar/<int:record_id>")
@requires(P.CLAIM_EDIT)
def save_outside(record_id: int) -> Any:
    """Save the fields and a dropped proof; with the button to send, hand it to the verifiers."""
    row, form = _own(record_id), OutsideForm().offer()
    if row.state == "sent":  # the second click of a double click
        return redirect(url_for(".outside_page", record_id=record_id), 303)
    if not form.validate_on_submit():
        return _record_page(row, form), 422
    upload = request.files.get("file")
    try:
        with transaction(current_actor()) as session:
            row = _own(record_id)
            outside.save_outside(session, row=row, values=form.values(row.kind))
        if upload is not None and upload.filename:
            with transaction(current_actor()) as session:
                _prove(session, _own(record_id), upload)
        if request.form.get("aksi") == "kirim":  # the draft above is kept in any case
            with transaction(current_actor()) as session:
                outside.send_outside(session, row=_own(record_id))
    except DomainError as error:
        return _refused(record_id, form, error)
    flash(_saved_words(), "success")
    return redirect(url_for(".outside_page", record_id=record_id), 303)


def _saved_words() -> str:
    if request.form.get("aksi") == "kirim":
        return _("Dikirim ke pemeriksa. Kami memberi tahu Anda begitu diperiksa.")
    return _("Draf disimpan.")


def _refused(record_id: int, form: OutsideForm, error: DomainError) -> Any:
    row = _own(record_id)
    if error.field in ("file", None):
        return _record_page(row, form, [render(error.message)]), 422
    if not put_error(form, error):
        form.form_errors.append(render(error.message))
    return _record_page(row, form), 422


@bp.post("/profil/luar/<int:record_id>/hapus")
@requires(P.CLAIM_EDIT)
def drop_outside(record_id: int) -> Any:
    """Remove a draft or a returned record."""
    with transaction(current_actor()) as session:
        outside.remove_outside(session, row=_own(record_id))
    flash(_("Draf dihapus."), "success")
    return redirect(url_for(".mine") + "#riwayat", 303)


def _own(record_id: int) -> OutsideRecord:
    row = outside.own_outside(db.session(), actor=current_actor(), record_id=record_id)
    if row is None:
        raise NotFound
    return row
