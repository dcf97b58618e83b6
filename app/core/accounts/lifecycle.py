"""Accounts from the first day to the last: made, suspended, let in again, closed."""

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import grants, passwords, sessions
from app.core.accounts.models import Account, AccountState
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_

REASON_LENGTH = 300


def create_account(
    session: Session,
    *,
    name: str,
    nip: str | None = None,
    email: str | None = None,
    employee_id: int | None = None,
) -> Account:
    """Make an account without a password; a slip or a mail opens it.

    Raises:
        InvalidInput: for a missing name, a wrong NIP or e-mail, or neither of both.
        Conflict: when NIP, e-mail or person have an account already.
    """
    account = Account(
        name=_name(name),
        nip=clean_nip(nip),
        email=clean_email(email),
        employee_id=employee_id,
        state=AccountState.PENDING,
        created_at=clock.now(),
    )
    if account.nip is None and account.email is None:
        raise InvalidInput(N_("Isi NIP atau alamat e-mail."), field="nip")
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise Conflict(N_("NIP atau e-mail ini sudah memiliki akun."), field="nip") from error
    record(session, "accounts:account:create", account, people=_person(account))
    return account


def set_first_password(session: Session, *, account: Account, password: str) -> None:
    """Give an account a password made by somebody else, to be changed at the first sign-in.

    Raises:
        InvalidInput: when the rules of passwords refuse it.
        InvalidTransition: for a suspended or closed account.
    """
    if account.state not in (AccountState.PENDING, AccountState.ACTIVE):
        raise InvalidTransition(N_("Aktifkan kembali akun ini lebih dahulu."))
    passwords.check_rules(password, context=context_of(account))
    account.password_hash = passwords.hash_password(password)
    account.password_changed_at = clock.now()
    account.must_change_password = True
    account.state = AccountState.ACTIVE
    sessions.end_sessions(session, account_id=account.id, reason="password")
    record(session, "accounts:password:assign", account)


def suspend(session: Session, *, account: Account, reason: str) -> None:
    """Shut an account for now and end its sessions.

    Raises:
        InvalidInput: without a reason.
        InvalidTransition: unless it is active or waits for its activation.
        Conflict: for the last administrator.
    """
    if account.state not in (AccountState.ACTIVE, AccountState.PENDING):
        raise InvalidTransition(N_("Hanya akun aktif yang dapat ditangguhkan."))
    grants.keep_an_admin(session, leaving=account)
    _change_state(session, account, AccountState.SUSPENDED, _reason(reason))


def reactivate(session: Session, *, account: Account) -> None:
    """Let a suspended account in again.

    Raises:
        InvalidTransition: unless it is suspended.
    """
    if account.state != AccountState.SUSPENDED:
        raise InvalidTransition(N_("Akun ini tidak sedang ditangguhkan."))
    state = AccountState.ACTIVE if account.password_hash else AccountState.PENDING
    _change_state(session, account, state, None)


def close(session: Session, *, account: Account, reason: str) -> None:
    """Close an account for good: the person left. Roles end, sessions end, the row stays.

    Raises:
        InvalidInput: without a reason.
        InvalidTransition: when it is closed already.
        Conflict: for the last administrator.
    """
    if account.state == AccountState.CLOSED:
        raise InvalidTransition(N_("Akun ini sudah ditutup."))
    grants.keep_an_admin(session, leaving=account)
    moment = clock.now()
    for row in account.grants:
        if row.revoked_at is None:
            row.revoked_at = moment
    _change_state(session, account, AccountState.CLOSED, _reason(reason))


def close_for_employee(session: Session, *, employee_id: int, reason: str) -> bool:
    """Close the account of a person who retired or left; say whether there was one."""
    account = session.scalar(select(Account).where(Account.employee_id == employee_id))
    if account is None or account.state == AccountState.CLOSED:
        return False
    close(session, account=account, reason=reason)
    return True


def context_of(account: Account) -> list[str]:
    """Return the words that must not make up the password of an account."""
    return [word for word in (account.name, account.nip, account.email) if word]


def clean_nip(typed: str | None) -> str | None:
    """Return 18 digits, or None for nothing.

    Raises:
        InvalidInput: at the field `nip`.
    """
    plain = "".join((typed or "").split())
    if not plain:
        return None
    if len(plain) != 18 or not plain.isascii() or not plain.isdigit():
        raise InvalidInput(N_("NIP terdiri dari 18 angka."), field="nip")
    return plain


def clean_email(typed: str | None) -> str | None:
    """Return an address in lower case, or None for nothing.

    Raises:
        InvalidInput: at the field `email`.
    """
    plain = (typed or "").strip()
    if not plain:
        return None
    try:
        found = validate_email(plain, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise InvalidInput(N_("Alamat e-mail tidak sah."), field="email") from error
    return found.normalized.lower()


def _change_state(
    session: Session, account: Account, state: AccountState, reason: str | None
) -> None:
    before = account.state
    account.state = state
    account.state_reason = reason
    if state != AccountState.ACTIVE:
        sessions.end_sessions(session, account_id=account.id, reason=str(state))
    record(
        session,
        "accounts:account:state",
        account,
        changes={"state": (before, state)},
        people=_person(account),
        reason=reason,
    )


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > 200:
        raise InvalidInput(N_("Isi nama, paling panjang 200 karakter."), field="name")
    return name


def _reason(typed: str) -> str:
    reason = " ".join(typed.split())
    if not reason:
        raise InvalidInput(N_("Tulis alasannya; alasan ikut tercatat."), field="reason")
    return reason[:REASON_LENGTH]


def _person(account: Account) -> list[int]:
    return [account.employee_id] if account.employee_id is not None else []
