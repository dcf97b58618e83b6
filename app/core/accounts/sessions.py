"""Server-side sessions: opened at sign-in, resumed by token, ended at once everywhere."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.models import Account, AccountGrant, AccountState, UserSession
from app.core.actor import Actor, Grant, RoleName, ScopeKind

_TOUCH_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class SessionView:
    """A resumed session: who, in which language, with what still to be done first."""

    session_id: int
    account_id: int
    name: str
    language: str
    must_change_password: bool
    second_factor_done: bool
    has_second_factor: bool
    actor: Actor


def digest(secret: str) -> str:
    """Return what is stored of a random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(
    session: Session, *, account: Account, hours: int, address: str | None, agent: str | None
) -> str:
    """Open a session for the account and return its token."""
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    session.add(
        UserSession(
            token_hash=digest(token),
            account_id=account.id,
            created_at=moment,
            last_seen_at=moment,
            expires_at=moment + timedelta(hours=hours),
            address=address,
            agent=(agent or "")[:200],
        )
    )
    account.last_sign_in_at = moment
    session.flush()
    return token


def resume(
    session: Session, *, token: str, address: str | None, request_id: str | None, idle_minutes: int = 480
) -> SessionView | None:
    """Return the session of a token, or None when it ended, expired or idled too long."""
    row = session.scalar(select(UserSession).where(UserSession.token_hash == digest(token)))
    moment = clock.now()
    if row is None or row.ended_at is not None or row.expires_at <= moment:
        return None
    if moment - row.last_seen_at > timedelta(minutes=idle_minutes):
        return None
    if row.account.state != AccountState.ACTIVE:
        return None
    actor = replace(actor_of(row.account), address=address, request_id=request_id)
    return SessionView(
        session_id=row.id,
        account_id=row.account_id,
        name=row.account.name,
        language=row.account.language,
        must_change_password=row.account.must_change_password,
        second_factor_done=row.second_factor_at is not None,
        has_second_factor=row.account.totp_confirmed_at is not None,
        actor=actor,
    )


def end_sessions(
    session: Session, *, account_id: int, reason: str, keep_token: str | None = None
) -> int:
    """End all open sessions of an account, save the one kept; return how many."""
    statement = (
        update(UserSession)
        .where(UserSession.account_id == account_id, UserSession.ended_at.is_(None))
        .values(ended_at=clock.now(), end_reason=reason)
    )
    if keep_token:
        statement = statement.where(UserSession.token_hash != digest(keep_token))
    return session.execute(statement).rowcount


def actor_of(account: Account) -> Actor:
    """Return the actor of an account with the grants in force today.

    Everybody bound to an employee is an `employee` for themselves without a row saying so.
    """
    day = clock.today()
    grants = [_grant(row) for row in account.grants if row.since <= day and (row.until is None or day <= row.until)]
    if account.employee_id is not None:
        grants.insert(0, Grant(RoleName.EMPLOYEE, ScopeKind.SELF))
    return Actor(
        account_id=account.id,
        employee_id=account.employee_id,
        label=account.name,
        grants=tuple(grants),
    )


def _grant(row: AccountGrant) -> Grant:
    return Grant(RoleName(row.role), ScopeKind(row.scope), row.opd_id, row.unit_id)
