"""Accounts of any role, signed in without a password."""

import itertools
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import notice, passwords, sessions
from app.core.accounts.models import Account, AccountGrant, AccountState, UserSession
from app.core.actor import RoleName, ScopeKind

_numbers = itertools.count(1)
USUAL_SCOPE = {
    RoleName.EMPLOYEE: ScopeKind.SELF,
    RoleName.SUPERVISOR: ScopeKind.UNIT,
    RoleName.OPD_MANAGER: ScopeKind.OPD,
}


def make_account(
    session: Session,
    role: str | RoleName = RoleName.EMPLOYEE,
    *,
    employee: Any = None,
    scope: str | ScopeKind | None = None,
    opd_id: int | None = None,
    unit_id: int | None = None,
    **fields: Any,
) -> Account:
    """Add an active account with one role.

    Args:
        session: the session of the test; it is flushed.
        role: a role name; everybody with an employee is an `employee` without a grant.
        employee: the `skills.Employee` the account belongs to, where the person is one.
        scope: reach of the role, the usual one of the role by default.
        opd_id: branch of an OPD scope. unit_id: branch of a unit scope.
        fields: further columns of `Account`.
    """
    number, role = next(_numbers), RoleName(role)
    account = Account(
        **{
            "email": f"akun{number}@contoh.test",
            "name": f"Akun {number} ({role.value})",
            "employee_id": employee.id if employee is not None else None,
            "state": AccountState.ACTIVE,
            "created_at": clock.now(),
            "privacy_notice_version": notice.VERSION,
            **fields,
        }
    )
    if role is not RoleName.EMPLOYEE:
        grant = AccountGrant(role=role, since=date(2020, 1, 1), opd_id=opd_id, unit_id=unit_id)
        grant.scope = ScopeKind(scope or USUAL_SCOPE.get(role, ScopeKind.CITY))
        account.grants.append(grant)
    session.add(account)
    session.flush()
    return account


def open_browser_session(session: Session, account: Account, *, hours: int = 12) -> str:
    """Sign the account in, second factor included, and return the token of the session."""
    token = sessions.open_session(
        session, account=account, hours=hours, address="127.0.0.1", agent="test"
    )
    row = session.query(UserSession).filter_by(token_hash=sessions.digest(token)).one()
    row.second_factor_at = clock.now()
    session.flush()
    return token


PASSWORD = "kuda laut membaca peta"


def with_password(session: Session, account: Account, password: str = PASSWORD) -> Account:
    """Give the account a password to sign in with, see `PASSWORD`."""
    account.password_hash = passwords.hash_password(password)
    account.password_changed_at = clock.now()
    session.flush()
    return account
