"""A form with every kind of field, for the living page."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.web.forms_base import BaseForm


class SampleForm(BaseForm):
    """Sample fields; never saved."""

    class Meta:
        """The sample is never sent, so it carries no token to check."""

        csrf = False

    nip = StringField(
        _l("NIP"),
        validators=[Length(min=18, max=18, message=_l("NIP terdiri dari 18 angka."))],
        description=_l("18 angka, boleh dengan spasi."),
    )
    password = PasswordField(_l("Kata sandi"))
    start = DateField(
        _l("Tanggal mulai"), validators=[InputRequired(_l("Tanggal mulai wajib diisi."))]
    )
    opd = SelectField(
        _l("OPD"),
        default="a",
        choices=[SelectChoice("a", _l("Dinas Contoh")), SelectChoice("b", _l("Badan Contoh"))],
    )
    level = RadioField(
        _l("Level yang diajukan"),
        choices=[
            SelectChoice("1", _l("1 – Paham")),
            SelectChoice("2", _l("2 – Dasar")),
            SelectChoice("3", _l("3 – Menengah")),
        ],
        validators=[InputRequired(_l("Pilih satu level."))],
        validate_choice=False,
    )
    reason = TextAreaField(_l("Alasan"))
    agree = BooleanField(_l("Saya menyatakan data ini benar."))
