"""The own account: overview, password, sessions, language."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import current_user

from app.core.accounts import directory, own, sessions, throttling
from app.core.accounts import second_factor as factor
from app.core.accounts.models import Account
from app.core.audit import record
from app.core.db import db, find_row, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission
from app.web.access import current_actor, requires
from app.web.auth.context import settings
from app.web.auth.forms import ChangePasswordForm, show_error
from app.web.auth.redirects import safe_next

bp = Blueprint("account", __name__, url_prefix="/akun")


def own_account() -> Account:
    """Return the account of the signed-in person, for reading."""
    return find_row(db.session(), Account, current_user.id)


@bp.get("")
@requires(Permission.ACCOUNT_OWN)
def index() -> Any:
    """Show the own account, its protection and its sessions."""
    account = own_account()
    session = db.session()
    return render_template(
        "account/index.html",
        account=account,
        opd=directory.home_of(session, account),
        places=directory.place_names(session, account),
        grants=[row for row in account.grants if sessions.in_force(row)],
        open_sessions=sessions.open_sessions(session, account_id=account.id),
        codes_left=factor.recovery_codes_left(session, account_id=account.id),
        must_have_factor=settings().require_second_factor and factor.is_required(current_actor()),
    )


@bp.route("/kata-sandi", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def password() -> Any:
    """Change the own password; at the first sign-in nothing else is open before."""
    form = ChangePasswordForm()
    forced = current_user.view.must_change_password
    if form.validate_on_submit():
        try:
            _change_password(form)
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Kata sandi diganti. Sesi Anda di peramban lain diakhiri."), "success")
            target = safe_next(request.args.get("next"), url_for("account.index"))
            return redirect(target if forced else url_for("account.index"), 303)
    page = render_template("account/password.html", form=form, forced=forced)
    return page, 422 if request.method == "POST" else 200


def _change_password(form: ChangePasswordForm) -> None:
    count_try()
    with transaction(current_actor()) as session:
        account = find_row(session, Account, current_user.id)
        own.change_password(
            session,
            account=account,
            present=form.present.data or "",
            password=form.password.data or "",
            keep_token=current_user.token,
        )
        throttling.forget(session, f"present:{account.id}")


def count_try() -> None:
    """Count a try of the present password: a borrowed screen must not become a guessing game.

    Raises:
        QuotaExceeded: while the account has to wait.
    """
    with transaction(current_actor()) as session:
        throttling.take(session, [(f"present:{current_user.id}", throttling.ACCOUNT)])


@bp.post("/sesi/<int:session_id>/akhiri")
@requires(Permission.ACCOUNT_OWN)
def end_session(session_id: int) -> Any:
    """End one of the own sessions."""
    with transaction(current_actor()) as session:
        found = sessions.end_one(
            session, account_id=current_user.id, session_id=session_id, reason="own"
        )
        if not found:
            raise NotFound
        record(session, "accounts:session:end", ("account", current_user.id), count=1)
    flash(_("Sesi diakhiri."), "success")
    return redirect(url_for("account.index") + "#sesi", 303)


@bp.post("/sesi/akhiri-lain")
@requires(Permission.ACCOUNT_OWN)
def end_other_sessions() -> Any:
    """End all own sessions but this one."""
    with transaction(current_actor()) as session:
        count = sessions.end_sessions(
            session, account_id=current_user.id, reason="own", keep_token=current_user.token
        )
        record(session, "accounts:session:end", ("account", current_user.id), count=count)
    flash(_("%(count)s sesi lain diakhiri.", count=count), "success")
    return redirect(url_for("account.index") + "#sesi", 303)


@bp.post("/bahasa")
@requires(Permission.ACCOUNT_OWN)
def language() -> Any:
    """Set the language of the own account."""
    with transaction(current_actor()) as session:
        account = find_row(session, Account, current_user.id)
        own.choose_language(session, account=account, language=request.form.get("language", ""))
    cookie.pop("lang", None)
    return redirect(url_for("account.index"), 303)
