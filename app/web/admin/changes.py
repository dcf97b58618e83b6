"""Changes of one account: roles, state, protection, sessions, slip."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.core.accounts import activation, grants, lifecycle, scope, second_factor, sessions
from app.core.accounts.models import Account
from app.core.actor import RoleName, ScopeKind
from app.core.audit import record
from app.core.db import Session, transaction
from app.core.errors import DomainError, NotAllowed, NotFound
from app.core.permissions import Permission
from app.web.access import current_actor, requires
from app.web.admin.accounts import account_page, bp, grant_form
from app.web.admin.forms import GrantForm
from app.web.auth.context import sealer
from app.web.auth.forms import show_error
from app.web.i18n import render


@contextmanager
def _changing(account_id: int) -> Iterator[tuple[Session, Account]]:
    """Open a transaction on an account that the signed-in person may change."""
    actor = current_actor()
    with transaction(actor) as session:
        yield session, scope.load_managed(session, account_id, by=actor)


def _back(account_id: int) -> Any:
    return redirect(url_for("admin.account", account_id=account_id), 303)


@bp.post("/akun/<int:account_id>/peran")
@requires(Permission.ACCOUNT_MANAGE)
def add_grant(account_id: int) -> Any:
    """Give a role."""
    form = grant_form()
    if not form.validate_on_submit():
        return account_page(account_id, form=form, status=422)
    try:
        with _changing(account_id) as (session, account):
            grants.grant_role(session, account=account, wish=_wish(form), by=current_actor())
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        show_error(form, error)
        return account_page(account_id, form=form, status=422)
    flash(_("Peran diberikan dan berlaku mulai permintaan berikutnya."), "success")
    return _back(account_id)


def _wish(form: GrantForm) -> grants.Wish:
    scope_kind = ScopeKind(form.scope.data)
    return grants.Wish(
        role=RoleName(form.role.data),
        scope=scope_kind,
        opd_id=int(form.opd_id.data) if form.opd_id.data else None,
        unit_id=int(form.unit_id.data)
        if form.unit_id.data and scope_kind is ScopeKind.UNIT
        else None,
        since=form.since.data,
        until=form.until.data,
    )


@bp.post("/akun/<int:account_id>/peran/<int:grant_id>/cabut")
@requires(Permission.ACCOUNT_MANAGE)
def revoke_grant(account_id: int, grant_id: int) -> Any:
    """Take a role away at once."""
    with _changing(account_id) as (session, account):
        grants.revoke_role(session, account=account, grant_id=grant_id, by=current_actor())
    flash(_("Peran dicabut."), "success")
    return _back(account_id)


@bp.post("/akun/<int:account_id>/status")
@requires(Permission.ACCOUNT_MANAGE)
def change_state(account_id: int) -> Any:
    """Suspend, let in again or close."""
    wish, reason = request.form.get("wish"), request.form.get("reason", "")
    try:
        with _changing(account_id) as (session, account):
            if wish == "suspend":
                lifecycle.suspend(session, account=account, reason=reason)
            elif wish == "reactivate":
                lifecycle.reactivate(session, account=account)
            elif wish == "close":
                lifecycle.close(session, account=account, reason=reason)
            else:
                raise NotFound
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        flash(render(error.message), "error")
        return _back(account_id)
    flash(_("Status akun diubah."), "success")
    return _back(account_id)


@bp.post("/akun/<int:account_id>/dua-langkah/atur-ulang")
@requires(Permission.ACCOUNT_MANAGE)
def reset_second_factor(account_id: int) -> Any:
    """Take the second factor off after a phone was lost; all sessions end."""
    reason = " ".join(request.form.get("reason", "").split())[: lifecycle.REASON_LENGTH]
    if not reason:
        flash(_("Tulis alasannya; alasan ikut tercatat."), "error")
        return _back(account_id)
    with _changing(account_id) as (session, account):
        second_factor.clear(session, account=account, reason=reason)
        sessions.end_sessions(session, account_id=account.id, reason="second factor reset")
    flash(_("Verifikasi dua langkah dihapus. Semua sesi akun ini diakhiri."), "success")
    return _back(account_id)


@bp.post("/akun/<int:account_id>/sesi/akhiri")
@requires(Permission.ACCOUNT_MANAGE)
def end_sessions(account_id: int) -> Any:
    """End all sessions of the account."""
    with _changing(account_id) as (session, account):
        count = sessions.end_sessions(session, account_id=account.id, reason="administrator")
        record(session, "accounts:session:end", account, count=count)
    flash(_("%(count)s sesi diakhiri.", count=count), "success")
    return _back(account_id)


@bp.post("/akun/<int:account_id>/slip")
@requires(Permission.ACCOUNT_MANAGE)
def make_slip(account_id: int) -> Any:
    """Make a slip for this account, also after a forgotten password."""
    with _changing(account_id) as (session, account):
        batch = activation.make_slip(session, account=account, by=current_actor(), sealer=sealer())
        batch_id = batch.id
    return redirect(url_for("admin.slips", batch_id=batch_id), 303)
