"""Shape and wording of the forms about OPD."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.web.forms_base import BaseForm
from skills.services.organisation import OpdValues

_given = DataRequired(_l("Wajib diisi."))


class OpdForm(BaseForm):
    """What there is to say about an OPD."""

    name = StringField(_l("Nama"), [_given, Length(max=200)])
    short_name = StringField(_l("Nama pendek"), [_given, Length(max=60)])
    code = StringField(_l("Kode"), [Optional(), Length(max=20)])
    kind = StringField(_l("Jenis"), [_given, Length(max=20)])
    valid_from = DateField(_l("Berlaku sejak"), [Optional()])
    valid_until = DateField(_l("Berlaku sampai"), [Optional()])

    def values(self, code: str = "") -> OpdValues:
        """Return what was given.

        Args:
            code: stands in for an empty one.
        """
        return OpdValues(
            code=self.code.data or code,
            name=self.name.data or "",
            short_name=self.short_name.data or "",
            kind=self.kind.data or "",
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
        )


class UnitForm(BaseForm):
    """A new unit."""

    name = StringField(_l("Nama unit"), [_given, Length(max=250)])
    parent_id = SelectField(_l("Di bawah unit"), coerce=lambda text: int(text) if text else None)


class MergeForm(BaseForm):
    """Into which OPD, from when and why."""

    target_id = SelectField(
        _l("Digabung ke"), [_given], coerce=lambda text: int(text) if text else None
    )
    on = DateField(_l("Mulai tanggal"), [_given])
    reason = TextAreaField(_l("Dasar penggabungan"), [_given, Length(max=300)])
