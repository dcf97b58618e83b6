"""The own second factor: switch it on, keep recovery codes, switch it off."""

import json
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import current_user

from app.core.accounts import passwords, sessions, throttling
from app.core.accounts import second_factor as factor
from app.core.accounts.models import Account
from app.core.accounts.sealing import Unsealable
from app.core.db import find_row, transaction
from app.core.errors import DomainError, InvalidInput
from app.core.i18n import N_
from app.core.permissions import Permission
from app.web.access import current_actor, requires
from app.web.account.forms import ConfirmCodeForm, PresentPasswordForm
from app.web.account.routes import bp, count_try, own_account
from app.web.auth.context import sealer, settings
from app.web.auth.forms import show_error
from app.web.auth.qr import qr_picture

_SHOWN_ONCE = "recovery"


@bp.route("/dua-langkah", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def second_factor() -> Any:
    """Show the QR code of the seed and switch the second factor on with a first code."""
    if current_user.view.has_second_factor:
        return render_template("account/second_factor_on.html", form=PresentPasswordForm())
    form = ConfirmCodeForm()
    if form.validate_on_submit():
        try:
            fresh = _confirm(form.code.data or "")
        except DomainError as error:
            show_error(form, error)
        else:
            return _show_codes(fresh)
    with transaction(current_actor()) as session:
        account = find_row(session, Account, current_user.id)
        seed = factor.start(session, account=account, sealer=sealer())
        address = factor.address_of(seed, account=account, issuer=_issuer())
    page = render_template(
        "account/second_factor.html", form=form, seed=seed, qr=qr_picture(address), address=address
    )
    return page, 422 if request.method == "POST" else 200


def _issuer() -> str:
    return f"e-karir {settings().city_name}"


def _confirm(code: str) -> list[str]:
    with transaction(current_actor()) as session:
        throttling.take(session, [(f"totp:{current_user.id}", throttling.ACCOUNT)])
    with transaction(current_actor()) as session:
        account = find_row(session, Account, current_user.id)
        fresh = factor.confirm(session, account=account, code=code, sealer=sealer())
        sessions.mark_second_factor(session, session_id=current_user.view.session_id)
        throttling.forget(session, f"totp:{current_user.id}")
        return fresh


def _show_codes(fresh: list[str]) -> Any:
    # Sealed, because the cookie is signed but readable; taken out when the page is shown.
    cookie[_SHOWN_ONCE] = sealer().seal(json.dumps(fresh)).decode()
    return redirect(url_for("account.recovery_codes"), 303)


@bp.route("/kode-cadangan", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def recovery_codes() -> Any:
    """Show new recovery codes once; a POST with the password makes new ones."""
    form = PresentPasswordForm()
    if request.method == "POST":
        return _renew_codes(form)
    sealed = cookie.pop(_SHOWN_ONCE, None)
    if sealed is None:
        return redirect(url_for("account.second_factor"), 303)
    try:
        fresh = json.loads(sealer().open(sealed.encode()))
    except Unsealable:
        return redirect(url_for("account.second_factor"), 303)
    return render_template("account/recovery_codes.html", codes=fresh, account=own_account())


def _renew_codes(form: PresentPasswordForm) -> Any:
    if not form.validate_on_submit():
        return render_template("account/second_factor_on.html", form=form), 422
    try:
        count_try()
        with transaction(current_actor()) as session:
            account = _with_password(find_row(session, Account, current_user.id), form)
            throttling.forget(session, f"present:{account.id}")
            fresh = factor.renew_recovery_codes(session, account=account)
    except DomainError as error:
        show_error(form, error)
        return render_template("account/second_factor_on.html", form=form), 422
    return _show_codes(fresh)


@bp.post("/dua-langkah/matikan")
@requires(Permission.ACCOUNT_OWN)
def disable_second_factor() -> Any:
    """Switch the own second factor off, with the password."""
    form = PresentPasswordForm()
    if not form.validate_on_submit():
        return render_template("account/second_factor_on.html", form=form), 422
    try:
        count_try()
        with transaction(current_actor()) as session:
            account = _with_password(find_row(session, Account, current_user.id), form)
            throttling.forget(session, f"present:{account.id}")
            required = settings().require_second_factor
            factor.disable(session, account=account, by=current_actor(), required=required)
    except DomainError as error:
        show_error(form, error)
        return render_template("account/second_factor_on.html", form=form), 422
    flash(_("Verifikasi dua langkah dimatikan."), "warning")
    return redirect(url_for("account.index"), 303)


def _with_password(account: Account, form: PresentPasswordForm) -> Account:
    if not passwords.verify(account.password_hash, form.present.data or ""):
        raise InvalidInput(N_("Kata sandi sekarang tidak cocok."), field="present")
    return account
