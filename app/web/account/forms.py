"""Forms of the own account."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from app.core.accounts.passwords import MAX_LENGTH
from app.web.forms_base import BaseForm

_given = DataRequired(_l("Wajib diisi."))


class ConfirmCodeForm(BaseForm):
    """The first code of the app."""

    code = StringField(_l("Kode enam angka dari aplikasi"), [_given, Length(max=12)])


class PresentPasswordForm(BaseForm):
    """The present password, for what weakens or renews the protection of the account."""

    present = PasswordField(_l("Kata sandi sekarang"), [_given, Length(max=MAX_LENGTH)])
