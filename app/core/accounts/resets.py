"""A new password by mail: one link, used once, for an hour; the second factor stays."""

import secrets
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import own, throttling
from app.core.accounts.codes import digest
from app.core.accounts.models import Account, AccountState, CodeKind, OneTimeCode
from app.core.accounts.onetime import is_open, use_up, withdraw
from app.core.accounts.signin import find_account
from app.core.actor import ANONYMOUS, Actor
from app.core.audit import record
from app.core.errors import NotFound, QuotaExceeded
from app.core.i18n import N_

VALID_MINUTES = 60
_BYTES = 32

# Sends the mail of a link: (account, token, minutes).
Mailer = Callable[[Account, str, int], None]


def request_by_login(session: Session, *, login: str, mailer: Mailer) -> None:
    """Mail a link to the account of a login, if there is one that has an address.

    Nothing tells the caller whether there was; too many wishes are passed over in silence too.
    """
    account = find_account(session, login)
    if account is None or account.email is None or account.state != AccountState.ACTIVE:
        return
    try:
        throttling.take(session, [(f"reset:{account.id}", throttling.MAILS)])
    except QuotaExceeded:
        return
    mailer(account, make_token(session, account=account, by=ANONYMOUS), VALID_MINUTES)


def make_token(session: Session, *, account: Account, by: Actor) -> str:
    """Return a new token for a link; earlier ones of the account stop working."""
    moment = clock.now()
    withdraw(session, account_ids=[account.id], kind=CodeKind.RESET)
    token = secrets.token_urlsafe(_BYTES)
    session.add(
        OneTimeCode(
            kind=CodeKind.RESET,
            code_hash=digest(token),
            account_id=account.id,
            created_at=moment,
            expires_at=moment + timedelta(minutes=VALID_MINUTES),
            created_by_id=by.account_id,
        )
    )
    record(session, "accounts:reset:request", account)
    return token


def find(session: Session, *, token: str) -> OneTimeCode:
    """Return the open code of a link.

    Raises:
        NotFound: for a link that never was, was used, or has expired.
    """
    row = session.scalar(
        select(OneTimeCode).where(
            OneTimeCode.code_hash == digest(token),
            OneTimeCode.kind == CodeKind.RESET,
            *is_open(),
            OneTimeCode.expires_at > clock.now(),
        )
    )
    if row is None or row.account.state != AccountState.ACTIVE:
        raise NotFound(N_("Tautan ini sudah dipakai atau kedaluwarsa. Minta tautan baru."))
    return row


def redeem(session: Session, *, token: str, password: str) -> Account:
    """Set the password with the token of a link; all sessions end.

    Raises:
        NotFound: see `find`.
        InvalidInput: when the rules of passwords refuse it; the link stays open.
    """
    row = find(session, token=token)
    account = row.account
    own.set_password(session, account=account, password=password)
    use_up(session, row)
    record(session, "accounts:reset:use", account)
    return account
