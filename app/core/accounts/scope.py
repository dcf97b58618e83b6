"""Whose accounts somebody may manage, as an object that the policy understands."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.accounts import people
from app.core.accounts.models import Account
from app.core.accounts.sessions import has_ended
from app.core.actor import Actor, RoleName, ScopeKind
from app.core.errors import NotAllowed, NotFound
from app.core.i18n import N_
from app.core.permissions import Permission
from app.core.policy import authorize

# What an OPD's personnel manager may hand out, inside the own OPD.
OPD_MANAGER_GRANTS = frozenset({RoleName.SUPERVISOR})


@dataclass(frozen=True)
class ManagedAccount:
    """An account as an object of the policy.

    `opd_id` is the OPD whose personnel manager may manage it. It is None for people outside of an
    OPD and for everybody whose roles that manager could not have granted: resetting the account
    of an officer would otherwise be a way to become one.
    """

    account: Account
    opd_id: int | None


def managed(session: Session, account: Account) -> ManagedAccount:
    """Return the account as an object of the policy."""
    home = session.scalar(
        select(people.employee.c.opd_id).where(people.employee.c.id == account.employee_id)
    )
    higher = holds_higher(account, home)
    return ManagedAccount(account=account, opd_id=None if higher else home)


def holds_higher(account: Account, home: int | None) -> bool:
    """Return whether the account has, or will have, a role the manager of its OPD cannot give."""
    return any(
        RoleName(row.role) not in OPD_MANAGER_GRANTS or row.opd_id not in (None, home)
        for row in account.grants
        if row.revoked_at is None and not has_ended(row)
    )


def load_managed(session: Session, account_id: int, *, by: Actor, change: bool = True) -> Account:
    """Return an account that the actor may manage.

    Args:
        change: whether something is to be changed; nobody changes the own account this way.

    Raises:
        NotFound: for a foreign account, the same whether it exists or not.
        NotAllowed: for a change of the own account.
    """
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    if not by.is_system:
        authorize(by, Permission.ACCOUNT_MANAGE, managed(session, account))
    if change and by.account_id == account.id:
        raise NotAllowed(N_("Akun sendiri tidak dapat diubah di sini. Minta administrator lain."))
    return account


def manages_city(actor: Actor) -> bool:
    """Return whether the actor manages the accounts of the whole city."""
    return actor.is_system or any(
        grant.scope is ScopeKind.CITY for grant in actor.reach(RoleName.ADMIN)
    )


def managed_opd_ids(actor: Actor) -> frozenset[int] | None:
    """Return the OPD whose accounts the actor manages, None for the whole city."""
    if manages_city(actor):
        return None
    return actor.opd_ids(RoleName.OPD_MANAGER) or frozenset()
