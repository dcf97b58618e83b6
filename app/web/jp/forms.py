"""Input of a claim of hours: shape and wording; rules stay in the service."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.validators import Optional as Maybe

from app.core.errors import DomainError
from app.web.forms_base import BaseForm
from app.web.i18n import render
from courses.outside_rules import HIGHEST_JP
from courses.services.jp_account import HIGHEST, OutsideLearning


class LearningForm(BaseForm):
    """Learning outside the platform, as a person or an officer states it."""

    title = StringField(_l("Nama pembelajaran"), validators=[DataRequired(), Length(max=250)])
    organiser = StringField(_l("Penyelenggara"), validators=[DataRequired(), Length(max=200)])
    form_code = SelectField(_l("Bentuk"), validators=[DataRequired()])
    started_on = DateField(_l("Mulai"), validators=[Maybe()])
    ended_on = DateField(_l("Selesai"), validators=[InputRequired()])
    quantity = IntegerField(
        _l("Jumlah sesi, hari, atau kegiatan"),
        default=1,
        validators=[InputRequired(), NumberRange(1, 200)],
    )
    jp = IntegerField(_l("JP"), validators=[InputRequired(), NumberRange(1, HIGHEST)])
    number = StringField(_l("Nomor sertifikat"), validators=[Maybe(), Length(max=120)])
    note = TextAreaField(_l("Catatan"), validators=[Maybe(), Length(max=500)])

    def offer(self, forms: Mapping[str, Mapping[str, Any]], *, english: bool) -> None:
        """Offer the forms of learning."""
        name = "name_en" if english else "name"
        self.form_code.choices = [
            ("", _l("Pilih bentuk")),
            *((code, f"{code} · {row[name]}") for code, row in forms.items()),
        ]

    def values(self) -> OutsideLearning:
        """Return the input as the service takes it."""
        return OutsideLearning(
            title=self.title.data.strip(),
            organiser=(self.organiser.data or "").strip(),
            form_code=self.form_code.data,
            started_on=self.started_on.data or self.ended_on.data,
            ended_on=self.ended_on.data,
            jp=self.jp.data,
            quantity=self.quantity.data,
            number=(self.number.data or "").strip() or None,
            note=(self.note.data or "").strip(),
        )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at its field."""
        field = self[error.field] if error.field in self._fields else self.title
        field.errors = [*field.errors, render(error.message)]


class ClaimHoursForm(LearningForm):
    """A claim with its proof."""

    proof = FileField(_l("Bukti"), validators=[FileRequired(_l("Lampirkan buktinya."))])


class RecordForm(LearningForm):
    """A record of somebody's history, to be corrected or approved as it stands."""

    organiser = StringField(_l("Penyelenggara"), validators=[Maybe(), Length(max=200)])
    jp = IntegerField(_l("JP"), validators=[InputRequired(), NumberRange(1, HIGHEST_JP)])
    note = TextAreaField(
        _l("Alasan"),
        description=_l("Wajib bila ada yang diperbaiki atau bila dikembalikan."),
        validators=[Maybe(), Length(max=500)],
    )
    mark = HiddenField(validators=[InputRequired()])
