"""Signing in with NIP or e-mail: count the try, check the password, open the session.

The three steps are apart so that the slow hash runs outside of any transaction.
"""

from dataclasses import dataclass, replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.accounts import passwords, sessions, throttling
from app.core.accounts.codes import digest
from app.core.accounts.models import Account, AccountState
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_


@dataclass(frozen=True)
class Attempt:
    """A counted try; `stored` is the hash to check, None for an unknown login."""

    account_id: int | None
    stored: str | None
    address: str | None
    account_counter: throttling.Counter
    shared_counters: list[throttling.Counter]


@dataclass(frozen=True)
class Opened:
    """What a right password gave: the token and whether the second factor is still owed."""

    token: str
    account_id: int
    owes_second_factor: bool


def normalise_login(typed: str) -> str:
    """Return a NIP without spaces, or an e-mail in lower case."""
    plain = "".join(typed.split())
    return plain.lower()


def find_account(session: Session, login: str) -> Account | None:
    """Return the account of a NIP or an e-mail as somebody typed it."""
    plain = normalise_login(login)
    if not plain:
        return None
    return session.scalar(
        select(Account).where(or_(Account.nip == plain, Account.email == plain)).limit(1)
    )


def begin(
    session: Session, *, login: str, address: str | None, device: tuple[int, str] | None = None
) -> Attempt:
    """Count a try for the account and the address.

    Args:
        device: account id and id of a browser that once signed in to that account. Failures of
            others do not slow it; it has a counter of its own.

    Raises:
        QuotaExceeded: while the account or the address has to wait.
    """
    account = find_account(session, login)
    known = account is not None and device is not None and device[0] == account.id
    shared: list[throttling.Counter] = []
    if known and device is not None:
        key = f"device:{device[0]}:{device[1][:40]}"
    else:
        key = f"account:{account.id}" if account else f"login:{digest(normalise_login(login))}"
        shared = [(f"address:{address}", throttling.ADDRESS)] if address else []
    counter = (key, throttling.ACCOUNT)
    throttling.take(session, [*shared, counter])
    return Attempt(
        account_id=account.id if account else None,
        stored=account.password_hash if account else None,
        address=address,
        account_counter=counter,
        shared_counters=shared,
    )


def check(attempt: Attempt, password: str) -> bool:
    """Return whether the password is right; takes as long for an unknown login."""
    return passwords.verify(attempt.stored, password)


def refuse(session: Session, attempt: Attempt) -> None:
    """Record a wrong password."""
    record(session, "accounts:session:refuse", ("account", attempt.account_id))


def finish(
    session: Session, attempt: Attempt, *, password: str, hours: int, agent: str | None
) -> Opened:
    """Open the session after a right password.

    Raises:
        InvalidInput: for an account that is suspended or closed; only its owner sees this.
    """
    account = session.get_one(Account, attempt.account_id)
    throttling.give_back(session, attempt.shared_counters)
    throttling.forget(session, attempt.account_counter[0])
    if account.state != AccountState.ACTIVE:
        raise InvalidInput(
            N_("Akun ini sedang tidak aktif. Hubungi pengelola kepegawaian di OPD Anda.")
        )
    if account.password_hash and passwords.needs_rehash(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    token = sessions.open_session(
        session, account=account, hours=hours, address=attempt.address, agent=agent
    )
    owes = account.totp_confirmed_at is not None
    if not owes:
        record_opened(session, account, attempt.address)
    return Opened(token=token, account_id=account.id, owes_second_factor=owes)


def record_opened(session: Session, account: Account, address: str | None) -> None:
    """Record a completed sign-in in the name of the person."""
    actor: Actor = replace(sessions.actor_of(account), address=address)
    record(session, "accounts:session:open", account, actor=actor)
