"""Input of calibration meetings."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app.core import clock
from app.core.errors import DomainError
from app.web.forms_base import BaseForm
from app.web.i18n import render
from app.web.talent.words import method_name
from matching.box_rules import Method


class MeetingForm(BaseForm):
    """A meeting over the boxes of a period and method."""

    name = StringField(_l("Nama rapat"), validators=[DataRequired(), Length(max=200)])
    period = SelectField(_l("Periode"), coerce=int, validators=[InputRequired()])
    method_code = SelectField(_l("Cara penilaian"), validators=[InputRequired()])
    members = TextAreaField(
        _l("Peserta"),
        description=_l("Nama dan jabatan, dipisahkan koma."),
        validators=[DataRequired(), Length(max=2000)],
    )
    held_on = DateField(_l("Tanggal rapat"), validators=[InputRequired()])

    def offer(self, years: Sequence[int], methods: Sequence[Method]) -> None:
        """Offer the periods that were computed and the methods; today is the usual day."""
        self.period.choices = [(year, str(year)) for year in years]
        self.method_code.choices = [(method.code, method_name(method)) for method in methods]
        if not self.is_submitted():
            self.held_on.data = clock.today()

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the service at its field."""
        field = getattr(self, error.field or "name")
        field.errors = [*field.errors, render(error.message)]
