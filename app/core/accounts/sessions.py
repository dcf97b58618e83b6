"""Server-side sessions: opened at sign-in, resumed by token, ended at once everywhere."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, contains_eager

from app.core import clock
from app.core.accounts import people
from app.core.accounts.codes import digest
from app.core.accounts.models import Account, AccountGrant, AccountState, UserSession
from app.core.actor import Actor, Grant, RoleName, ScopeKind
from app.core.db import affected_rows

# Roles that see or decide about others at large: short idle time, second factor.
ELEVATED = (RoleName.OFFICER, RoleName.ORGANISER, RoleName.AUDITOR, RoleName.ADMIN)
# A browser that still owes the second factor gets this long for it.
_PENDING = timedelta(minutes=15)
_TOUCH_EVERY = timedelta(minutes=2)


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
    notice_version: str | None
    last_seen_at: datetime
    actor: Actor

    @property
    def owes_second_factor(self) -> bool:
        """Whether the code of the second factor is still to be given."""
        return self.has_second_factor and not self.second_factor_done

    @property
    def is_stale(self) -> bool:
        """Whether the time last seen should be written anew."""
        return clock.now() - self.last_seen_at > _TOUCH_EVERY


def open_session(
    session: Session,
    *,
    account: Account,
    hours: int,
    address: str | None,
    agent: str | None,
    second_factor: bool = False,
) -> str:
    """Open a session for the account and return its token.

    Where the account has a second factor that was not given yet, the session is a short one.
    """
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    complete = second_factor or account.totp_confirmed_at is None
    session.add(
        UserSession(
            token_hash=digest(token),
            account_id=account.id,
            created_at=moment,
            last_seen_at=moment,
            expires_at=moment + (timedelta(hours=hours) if complete else _PENDING),
            second_factor_at=moment if second_factor else None,
            address=address,
            agent=(agent or "")[:200],
        )
    )
    if complete:
        account.last_sign_in_at = moment
    session.flush()
    return token


def resume(
    session: Session,
    *,
    token: str,
    address: str | None,
    request_id: str | None,
    idle_minutes: int = 480,
    elevated_idle_minutes: int | None = None,
) -> SessionView | None:
    """Return the session of a token, or None when it ended, expired or idled too long.

    Takes two statements: session with account and OPD, and the grants.

    Args:
        elevated_idle_minutes: the idle time of those with an elevated role, where shorter.
    """
    opd = (
        select(people.employee.c.opd_id)
        .where(people.employee.c.id == Account.employee_id)
        .scalar_subquery()
    )
    found = session.execute(
        select(UserSession, opd)
        .join(UserSession.account)
        .options(contains_eager(UserSession.account))
        .where(UserSession.token_hash == digest(token), UserSession.ended_at.is_(None))
    ).first()
    if found is None:
        return None
    row, opd_id = found
    actor = replace(actor_of(row.account, opd_id=opd_id), address=address, request_id=request_id)
    idle = idle_minutes
    if elevated_idle_minutes is not None and actor.has(*ELEVATED):
        idle = min(idle, elevated_idle_minutes)
    return _view(row, actor) if _is_alive(row, timedelta(minutes=idle)) else None


def _is_alive(row: UserSession, idle: timedelta) -> bool:
    moment = clock.now()
    return (
        row.expires_at > moment
        and moment - row.last_seen_at <= idle
        and row.account.state == AccountState.ACTIVE
    )


def _view(row: UserSession, actor: Actor) -> SessionView:
    account = row.account
    return SessionView(
        session_id=row.id,
        account_id=account.id,
        name=account.name,
        language=account.language,
        must_change_password=account.must_change_password,
        second_factor_done=row.second_factor_at is not None,
        has_second_factor=account.totp_confirmed_at is not None,
        notice_version=account.privacy_notice_version,
        last_seen_at=row.last_seen_at,
        actor=actor,
    )


def touch(session: Session, *, session_id: int) -> None:
    """Write that the session was used just now."""
    session.execute(
        update(UserSession).where(UserSession.id == session_id).values(last_seen_at=clock.now())
    )


def mark_second_factor(session: Session, *, session_id: int) -> None:
    """Note that the second factor was given in this session."""
    session.execute(
        update(UserSession).where(UserSession.id == session_id).values(second_factor_at=clock.now())
    )


def end_session(session: Session, *, token: str, reason: str) -> None:
    """End the session of a token."""
    session.execute(
        update(UserSession)
        .where(UserSession.token_hash == digest(token), UserSession.ended_at.is_(None))
        .values(ended_at=clock.now(), end_reason=reason)
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
    return affected_rows(session, statement)


def end_one(session: Session, *, account_id: int, session_id: int, reason: str) -> bool:
    """End one session of the account; say whether there was one to end."""
    statement = (
        update(UserSession)
        .where(
            UserSession.id == session_id,
            UserSession.account_id == account_id,
            UserSession.ended_at.is_(None),
        )
        .values(ended_at=clock.now(), end_reason=reason)
    )
    return affected_rows(session, statement) == 1


def open_sessions(session: Session, *, account_id: int) -> Sequence[UserSession]:
    """Return the sessions of an account that still live, last used first."""
    return session.scalars(
        select(UserSession)
        .where(
            UserSession.account_id == account_id,
            UserSession.ended_at.is_(None),
            UserSession.expires_at > clock.now(),
        )
        .order_by(UserSession.last_seen_at.desc())
    ).all()


def actor_of(account: Account, *, opd_id: int | None = None) -> Actor:
    """Return the actor of an account with the grants in force today.

    Everybody bound to an employee is an `employee` for themselves without a row saying so.

    Args:
        opd_id: the OPD of the employee.
    """
    grants = [_grant(row) for row in account.grants if in_force(row)]
    if account.employee_id is not None:
        grants.insert(0, Grant(RoleName.EMPLOYEE, ScopeKind.SELF))
    return Actor(
        account_id=account.id,
        employee_id=account.employee_id,
        opd_id=opd_id,
        label=account.name,
        grants=tuple(grants),
    )


def has_ended(row: AccountGrant) -> bool:
    """Return whether the last day of a grant is over."""
    return row.until is not None and row.until < clock.today()


def in_force(row: AccountGrant) -> bool:
    """Return whether a grant holds today."""
    return row.revoked_at is None and row.since <= clock.today() and not has_ended(row)


def _grant(row: AccountGrant) -> Grant:
    return Grant(RoleName(row.role), ScopeKind(row.scope), row.opd_id, row.unit_id)
