"""Shape and wording of the forms of accounts; the rules are in the services."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

from app.core.accounts.passwords import MAX_LENGTH
from app.core.errors import DomainError
from app.web.forms_base import BaseForm
from app.web.i18n import render

_given = DataRequired(_l("Wajib diisi."))


class SignInForm(BaseForm):
    """Who comes in."""

    login = StringField(_l("NIP atau e-mail"), [_given, Length(max=254)])
    password = PasswordField(_l("Kata sandi"), [_given, Length(max=MAX_LENGTH)])


class CodeForm(BaseForm):
    """The code of the second factor, or a recovery code."""

    code = StringField(_l("Kode"), [_given, Length(max=40)])


class ForgotForm(BaseForm):
    """Who wants a link."""

    login = StringField(_l("NIP atau e-mail"), [_given, Length(max=254)])


class NewPasswordForm(BaseForm):
    """A new password, twice."""

    password = PasswordField(_l("Kata sandi baru"), [_given])
    repeat = PasswordField(
        _l("Ulangi kata sandi baru"),
        [_given, EqualTo("password", _l("Kedua kata sandi tidak sama."))],
    )


class ActivationForm(NewPasswordForm):
    """NIP, code of the slip and the password."""

    login = StringField(_l("NIP atau e-mail"), [_given, Length(max=254)])
    code = StringField(_l("Kode aktivasi"), [_given, Length(max=40)])


class ChangePasswordForm(NewPasswordForm):
    """The present password and the new one."""

    present = PasswordField(_l("Kata sandi sekarang"), [_given, Length(max=MAX_LENGTH)])


class NoticeForm(BaseForm):
    """The word that the notice was read."""

    read = BooleanField(
        _l("Saya sudah membaca pemberitahuan privasi ini"),
        [DataRequired(_l("Centang setelah membacanya."))],
    )


def show_error(form: BaseForm, error: DomainError) -> None:
    """Put the sentence of a refusal beside its field, or over the form."""
    text = render(error.message)
    target: Any = form[error.field] if error.field in form else None
    if target is None:
        form.form_errors.append(text)
    else:
        target.errors = [*target.errors, text]
