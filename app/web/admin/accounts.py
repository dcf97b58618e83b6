"""The accounts of others: list, one account, a new one."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.accounts import directory, grants, lifecycle, scope, second_factor, sessions
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission
from app.web.access import check, current_actor, requires
from app.web.admin.forms import ROLE_WORDS, STATE_WORDS, GrantForm, NewAccountForm
from app.web.auth.forms import show_error

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/akun")
@requires(Permission.ACCOUNT_MANAGE)
def accounts() -> Any:
    """List the accounts that the signed-in person manages."""
    session, actor = db.session(), current_actor()
    reach = scope.managed_opd_ids(actor)
    wanted = _wanted(reach)
    return render_template(
        "admin/accounts.html",
        page=directory.list_accounts(session, wanted),
        opds=directory.opd_choices(session, reach),
        roles=[(role.value, word) for role, word in ROLE_WORDS.items() if role != "employee"],
        states=list(STATE_WORDS.items()),
        # Somebody with a higher role is listed for the manager of the OPD, but not opened.
        closed=lambda row: reach is not None and not scope.OPD_MANAGER_GRANTS.issuperset(row.roles),
    )


def _wanted(reach: frozenset[int] | None) -> directory.AccountFilter:
    given = request.args
    return directory.AccountFilter(
        q=given.get("q", ""),
        state=given.get("status", ""),
        role=given.get("peran", ""),
        opd_id=given.get("opd", type=int),
        second_factor=given.get("dua_langkah", ""),
        opd_ids=reach,
        sort=given.get("urut", "nama"),
        page=given.get("halaman", 1, type=int),
        per_page=given.get("per", directory.SIZES[0], type=int),
    )


@bp.route("/akun/baru", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def new_account() -> Any:
    """Make one account, bound to the employee with that NIP where there is one."""
    form = NewAccountForm()
    if form.validate_on_submit():
        try:
            account_id = _create(form)
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Akun dibuat. Terbitkan slip agar dapat diaktifkan."), "success")
            return redirect(url_for("admin.account", account_id=account_id), 303)
    page = render_template("admin/new_account.html", form=form)
    return page, 422 if request.method == "POST" else 200


def _create(form: NewAccountForm) -> int:
    actor = current_actor()
    with transaction(actor) as session:
        nip = lifecycle.clean_nip(form.nip.data)
        person = directory.person_of(session, nip=nip) if nip else None
        reach = scope.managed_opd_ids(actor)
        if reach is not None and (person is None or person.opd_id not in reach):
            raise NotFound
        account = lifecycle.create_account(
            session,
            name=form.name.data or (person.name if person else ""),
            nip=nip,
            email=form.email.data or (person.official_email if person else None),
            employee_id=person.id if person else None,
        )
        return account.id


@bp.get("/akun/<int:account_id>")
@requires(Permission.ACCOUNT_MANAGE)
def account(account_id: int) -> Any:
    """Show one account with its roles, protection and sessions."""
    return account_page(account_id)


def account_page(
    account_id: int, *, form: GrantForm | None = None, status: int = 200
) -> tuple[str, int]:
    """Return the page of one account, with a refused form where given."""
    session, actor = db.session(), current_actor()
    found = directory.find_account(session, account_id)
    if found is None:
        raise NotFound
    check(Permission.ACCOUNT_MANAGE, scope.managed(session, found))
    page = render_template(
        "admin/account.html",
        account=found,
        opd=directory.home_of(session, found),
        grants=[row for row in found.grants if row.revoked_at is None],
        past=[row for row in found.grants if row.revoked_at is not None],
        in_force=sessions.in_force,
        places=directory.place_names(session, found),
        open_sessions=sessions.open_sessions(session, account_id=found.id),
        codes_left=second_factor.recovery_codes_left(session, account_id=found.id),
        form=form or grant_form(),
        is_own=actor.account_id == found.id,
    )
    return page, status


def grant_form() -> GrantForm:
    """Return the form for a role, with what the signed-in person may give."""
    session, actor = db.session(), current_actor()
    reach = scope.managed_opd_ids(actor)
    return GrantForm().offer(
        grants.grantable_roles(actor),
        directory.opd_choices(session, reach),
        directory.unit_choices(session, reach),
    )
