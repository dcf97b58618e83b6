"""Input of claims: shape and wording; the rules stay in the services."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.validators import Optional as Maybe

from app.core.errors import DomainError
from app.web.forms_base import BaseForm
from app.web.i18n import render
from skills.models import Claim
from skills.services.claims import ClaimInput


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _filled(value: Any) -> Any:
    return _trimmed(value) or None


class ChoiceForm(BaseForm):
    """Step one: which competency at which level."""

    competency_id = IntegerField(
        _l("Kompetensi"), validators=[InputRequired(_l("Pilih kompetensinya."))]
    )
    level = IntegerField(
        _l("Level yang Anda kuasai"),
        validators=[
            InputRequired(_l("Pilih level yang perilakunya sudah Anda tunjukkan.")),
            NumberRange(1, 5, _l("Level harus antara 1 dan 5.")),
        ],
    )


class ClaimForm(BaseForm):
    """Step three: what the evidence says."""

    title = StringField(
        _l("Judul bukti"),
        description=_l("Misalnya nama sertifikat, surat tugas, atau hasil kerja."),
        filters=[_trimmed],
        validators=[Length(max=250)],
    )
    issuer = StringField(_l("Penerbit"), filters=[_filled], validators=[Maybe(), Length(max=200)])
    document_number = StringField(
        _l("Nomor dokumen"), filters=[_filled], validators=[Maybe(), Length(max=120)]
    )
    issued_on = DateField(_l("Tanggal terbit"), validators=[Maybe()])
    valid_until = DateField(
        _l("Berlaku sampai"),
        description=_l("Kosongkan bila tidak ada batas waktu."),
        validators=[Maybe()],
    )
    jp = IntegerField(
        _l("Jam pelajaran (JP)"),
        validators=[Maybe(), NumberRange(1, 2000, _l("JP harus antara 1 dan 2000."))],
    )
    note = TextAreaField(
        _l("Catatan untuk pemeriksa"),
        description=_l("Jelaskan bagian bukti yang menunjukkan perilaku level ini."),
        filters=[_trimmed],
        validators=[Length(max=2000)],
    )

    def values(self, claim: Claim) -> ClaimInput:
        """Return what the form states about a claim."""
        return ClaimInput(
            competency_id=claim.competency_id,
            level=claim.level,
            title=self.title.data or "",
            issuer=self.issuer.data,
            document_number=self.document_number.data,
            issued_on=self.issued_on.data,
            valid_until=self.valid_until.data,
            jp=self.jp.data,
            note=self.note.data or "",
        )


def put_error(form: BaseForm, error: DomainError) -> bool:
    """Stand a refusal of the domain beside its field; say whether the form has that field."""
    field = getattr(form, error.field, None) if error.field else None
    if field is None:
        return False
    field.errors = [*field.errors, render(error.message)]
    return True
