"""Signing in, with the second factor, and out."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from app.core.accounts import second_factor as factor
from app.core.accounts import sessions, signin, throttling
from app.core.accounts.models import Account
from app.core.audit import record
from app.core.db import db, find_row, transaction
from app.core.errors import DomainError, QuotaExceeded
from app.core.permissions import Permission
from app.web.access import current_actor, public, requires
from app.web.auth import context, device
from app.web.auth.forms import CodeForm, SignInForm, show_error
from app.web.auth.login import enter
from app.web.auth.redirects import safe_next

bp = Blueprint("auth", __name__)


@bp.route("/masuk", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    """Show the sign-in form, or sign in."""
    form = SignInForm()
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")), 303)
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return _sign_in_page(form, status, ended="_user_id" in cookie)
    try:
        return _sign_in(form)
    except QuotaExceeded as error:
        show_error(form, error)
        body, status = _sign_in_page(form, 429)
        return body, status, {"Retry-After": str(error.retry_after)}
    except DomainError as error:
        show_error(form, error)
        return _sign_in_page(form, 422)


def _sign_in_page(form: SignInForm, status: int, *, ended: bool = False) -> tuple[str, int]:
    return render_template("auth/sign_in.html", form=form, ended=ended), status


def _sign_in(form: SignInForm) -> Any:
    who = context.visitor()
    login, password = form.login.data or "", form.password.data or ""
    with transaction(who) as session:
        account = signin.find_account(session, login)
        known = device.known_device(account.id if account else -1)
        attempt = signin.begin(
            session, login=login, address=who.address, device=known[0] if known else None
        )
    if not signin.check(attempt, password):
        with transaction(who) as session:
            signin.refuse(session, attempt)
        form.form_errors.append(_("NIP/e-mail atau kata sandi tidak cocok."))
        return _sign_in_page(form, 422)
    with transaction(who) as session:
        opened = signin.finish(
            session,
            attempt,
            password=password,
            hours=context.settings().session_hours,
            agent=context.agent(),
        )
    enter(opened.token)
    target = safe_next(request.args.get("next"))
    if opened.owes_second_factor:
        return redirect(url_for("auth.second_factor", next=target), 303)
    response = make_response(redirect(target, 303))
    device.remember_device(response, opened.account_id)
    return response


@bp.route("/masuk/kode", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def second_factor() -> Any:
    """Ask for the code of the second factor."""
    form = CodeForm()
    target = safe_next(request.args.get("next"))
    if not current_user.view.owes_second_factor:
        return redirect(target, 303)
    if not form.validate_on_submit():
        return _code_page(form, 422 if request.method == "POST" else 200)
    try:
        token = _check_code(form.code.data or "")
    except QuotaExceeded as error:
        show_error(form, error)
        body, status = _code_page(form, 429)
        return body, status, {"Retry-After": str(error.retry_after)}
    if token is None:
        form.code.errors = [_("Kode tidak cocok atau sudah dipakai.")]
        return _code_page(form, 422)
    account_id = current_user.id
    enter(token)
    response = make_response(redirect(target, 303))
    device.remember_device(response, account_id)
    return response


def _code_page(form: CodeForm, status: int) -> tuple[str, int]:
    return render_template("auth/second_factor.html", form=form), status


def _check_code(code: str) -> str | None:
    """Return the token of the complete session after a right code."""
    counter = (f"totp:{current_user.id}", throttling.ACCOUNT)
    with transaction(current_actor()) as session:
        throttling.take(session, [counter])
    with transaction(current_actor()) as session:
        account = find_row(session, Account, current_user.id)
        right = factor.check(session, account=account, code=code, sealer=context.sealer())
        if not right and not factor.use_recovery_code(session, account=account, code=code):
            record(session, "accounts:second_factor:refuse", account)
            return None
        throttling.forget(session, counter[0])
        sessions.end_session(session, token=current_user.token, reason="renewed")
        token = sessions.open_session(
            session,
            account=account,
            hours=context.settings().session_hours,
            address=request.remote_addr,
            agent=context.agent(),
            second_factor=True,
        )
        signin.record_opened(session, account, request.remote_addr)
        return token


@bp.post("/keluar")
@public
def sign_out() -> Any:
    """End the session here and on the server."""
    if current_user.is_authenticated:
        with transaction(current_actor()) as session:
            sessions.end_session(session, token=current_user.token, reason="sign-out")
            record(session, "accounts:session:close", ("account", current_user.id))
        logout_user()
    cookie.clear()
    db.session.rollback()
    response = make_response(redirect(url_for("auth.sign_in"), 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
