"""Getting a password: activation by slip, and a new one by mail."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import mail
from app.core.accounts import activation, resets, throttling
from app.core.accounts.models import Account
from app.core.db import db, transaction
from app.core.errors import DomainError, QuotaExceeded
from app.core.i18n import N_, Message
from app.web.access import public
from app.web.auth import context, device
from app.web.auth.forms import ActivationForm, ForgotForm, NewPasswordForm, show_error
from app.web.auth.routes import bp


@bp.route("/aktivasi", methods=["GET", "POST"])
@public
def activate() -> Any:
    """Open an account with the code of a slip."""
    form = ActivationForm()
    if not form.validate_on_submit():
        return _activation_page(form, 422 if request.method == "POST" else 200)
    try:
        account_id = _activate(form)
    except QuotaExceeded as error:
        show_error(form, error)
        body, status = _activation_page(form, 429)
        return body, status, {"Retry-After": str(error.retry_after)}
    except DomainError as error:
        show_error(form, error)
        return _activation_page(form, 422)
    return _to_sign_in(account_id, _("Akun Anda aktif. Silakan masuk dengan kata sandi baru."))


def _activation_page(form: ActivationForm, status: int) -> tuple[str, int]:
    return render_template("auth/activate.html", form=form), status


def _activate(form: ActivationForm) -> int:
    who = context.visitor()
    login = form.login.data or ""
    with transaction(who) as session:
        activation.begin(session, login=login, address=who.address)
    with transaction(who) as session:
        account = activation.redeem(
            session,
            login=login,
            code=form.code.data or "",
            password=form.password.data or "",
            address=who.address,
        )
        return account.id


@bp.route("/lupa-sandi", methods=["GET", "POST"])
@public
def forgot() -> Any:
    """Mail a link for a new password; the answer is the same for everybody."""
    form = ForgotForm()
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return render_template("auth/forgot.html", form=form, sent=False), status
    who = context.visitor()
    try:
        with transaction(who) as session:
            throttling.take(session, [(f"forgot:{who.address}", throttling.ADDRESS)])
            resets.request_by_login(session, login=form.login.data or "", mailer=_mail_link)
    except QuotaExceeded as error:
        show_error(form, error)
        page = render_template("auth/forgot.html", form=form, sent=False)
        return page, 429, {"Retry-After": str(error.retry_after)}
    return redirect(url_for("auth.forgot_sent"), 303)


@bp.get("/lupa-sandi/terkirim")
@public
def forgot_sent() -> Any:
    """Say that a link is on its way, if there is such an account."""
    return render_template("auth/forgot.html", form=None, sent=True)


def _mail_link(account: Account, token: str, minutes: int) -> None:
    if account.email is None:
        return
    mail.queue_mail(
        db.session(),
        to=account.email,
        subject=Message(N_("Atur ulang kata sandi e-karir")),
        text=Message(
            N_(
                "Ada permintaan untuk mengatur ulang kata sandi akun %(name)s. Buka tautan di"
                " bawah dalam %(minutes)s menit; tautan hanya berlaku sekali. Abaikan surel ini"
                " bila bukan Anda yang meminta: kata sandi Anda tidak berubah."
            ),
            {"name": account.name, "minutes": minutes},
        ),
        url=url_for("auth.reset", token=token),
        language=account.language,
    )


@bp.route("/atur-ulang-sandi/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> Any:
    """Set a new password with the link of a mail."""
    form = NewPasswordForm()
    resets.find(db.session(), token=token)
    if not form.validate_on_submit():
        return _reset_page(form, 422 if request.method == "POST" else 200)
    try:
        with transaction(context.visitor()) as session:
            account = resets.redeem(session, token=token, password=form.password.data or "")
            account_id = account.id
    except DomainError as error:
        show_error(form, error)
        return _reset_page(form, 422)
    return _to_sign_in(account_id, _("Kata sandi sudah diganti. Silakan masuk."))


def _reset_page(form: NewPasswordForm, status: int) -> tuple[str, int]:
    return render_template("auth/reset.html", form=form), status


def _to_sign_in(account_id: int, words: str) -> Any:
    flash(words, "success")
    response = make_response(redirect(url_for("auth.sign_in"), 303))
    device.remember_device(response, account_id)
    return response
