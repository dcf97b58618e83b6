"""The second factor: TOTP codes from an app, and recovery codes for when the phone is gone."""

from collections.abc import Iterable

import pyotp
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import codes
from app.core.accounts.models import Account, CodeKind, OneTimeCode
from app.core.accounts.onetime import is_open, withdraw
from app.core.accounts.sealing import Sealer, Unsealable
from app.core.accounts.sessions import ELEVATED
from app.core.actor import Actor
from app.core.audit import record
from app.core.db import affected_rows
from app.core.errors import Conflict, InvalidInput, NotAllowed
from app.core.i18n import N_

RECOVERY_CODES = 10
_STEP_SECONDS = 30
_WINDOW = 1  # steps before and after, for clocks that differ


def is_required(actor: Actor) -> bool:
    """Return whether the roles of the actor demand a second factor."""
    return actor.has(*ELEVATED)


def start(session: Session, *, account: Account, sealer: Sealer) -> str:
    """Return the seed to put into an app; asking again before it is confirmed gives the same.

    Raises:
        Conflict: when a second factor is in force.
    """
    if account.totp_confirmed_at is not None:
        raise Conflict(N_("Verifikasi dua langkah sudah aktif."))
    if account.totp_secret is not None:
        try:
            return sealer.open(account.totp_secret)
        except Unsealable:
            account.totp_secret = None
    seed = pyotp.random_base32()
    account.totp_secret = sealer.seal(seed)
    session.flush()
    return seed


def address_of(seed: str, *, account: Account, issuer: str) -> str:
    """Return the otpauth address that a QR code carries."""
    login = account.nip or account.email or account.name
    return pyotp.TOTP(seed).provisioning_uri(name=login, issuer_name=issuer)


def confirm(session: Session, *, account: Account, code: str, sealer: Sealer) -> list[str]:
    """Switch the second factor on with a first right code; return the recovery codes.

    Raises:
        Conflict: when it is on already or was never started.
        InvalidInput: for a wrong code.
    """
    if account.totp_confirmed_at is not None or account.totp_secret is None:
        raise Conflict(N_("Mulai lagi pengaturan verifikasi dua langkah."))
    if not _accept(account, code, sealer):
        raise InvalidInput(N_("Kode tidak cocok. Pastikan jam di ponsel Anda tepat."), field="code")
    account.totp_confirmed_at = clock.now()
    record(session, "accounts:second_factor:enable", account)
    return renew_recovery_codes(session, account=account)


def check(session: Session, *, account: Account, code: str, sealer: Sealer) -> bool:
    """Return whether the code of the app is right and was not used before.

    The row is locked, so that a code that was overheard cannot be used in the same moment.
    """
    locked = session.scalars(
        select(Account)
        .where(Account.id == account.id)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    ).one()
    return locked.totp_confirmed_at is not None and _accept(locked, code, sealer)


def use_recovery_code(session: Session, *, account: Account, code: str) -> bool:
    """Use up a recovery code; return whether it was one."""
    used = affected_rows(
        session,
        update(OneTimeCode)
        .where(
            OneTimeCode.account_id == account.id,
            OneTimeCode.kind == CodeKind.RECOVERY,
            OneTimeCode.code_hash == codes.digest_of_code(code),
            *is_open(),
        )
        .values(used_at=clock.now()),
    )
    if used:
        record(session, "accounts:recovery_code:use", account)
    return used == 1


def renew_recovery_codes(session: Session, *, account: Account) -> list[str]:
    """Replace all recovery codes; return the new ones, shown this once."""
    withdraw(session, account_ids=[account.id], kind=CodeKind.RECOVERY)
    fresh = [codes.new_code() for _ in range(RECOVERY_CODES)]
    moment = clock.now()
    session.add_all(
        OneTimeCode(
            kind=CodeKind.RECOVERY,
            code_hash=codes.digest_of_code(code),
            account_id=account.id,
            created_at=moment,
        )
        for code in fresh
    )
    record(session, "accounts:recovery_code:renew", account)
    return fresh


def recovery_codes_left(session: Session, *, account_id: int) -> int:
    """Return how many recovery codes are unused."""
    left = session.scalars(
        select(OneTimeCode.id).where(
            OneTimeCode.account_id == account_id,
            OneTimeCode.kind == CodeKind.RECOVERY,
            *is_open(),
        )
    ).all()
    return len(left)


def disable(session: Session, *, account: Account, by: Actor, required: bool) -> None:
    """Switch the own second factor off.

    Args:
        required: whether this installation demands it of elevated roles.

    Raises:
        NotAllowed: where the roles of the person demand it.
    """
    if required and is_required(by):
        raise NotAllowed(N_("Peran Anda mewajibkan verifikasi dua langkah."))
    clear(session, account=account, reason="own")


def clear(session: Session, *, account: Account, reason: str) -> None:
    """Take the second factor off an account (lost phone); the audit says who did it and why."""
    had = account.totp_confirmed_at is not None
    account.totp_secret = None
    account.totp_confirmed_at = None
    account.totp_last_step = None
    withdraw(session, account_ids=[account.id], kind=CodeKind.RECOVERY)
    record(session, "accounts:second_factor:disable", account, had=had, reason=reason)


def reseal(session: Session, *, accounts: Iterable[Account], sealer: Sealer) -> int:
    """Encrypt the seeds anew with the first key, after a change of key; return how many."""
    count = 0
    for account in accounts:
        if account.totp_secret is not None:
            account.totp_secret = sealer.renew(account.totp_secret)
            count += 1
    return count


def _accept(account: Account, code: str, sealer: Sealer) -> bool:
    if account.totp_secret is None:
        return False
    typed = "".join(code.split())
    totp = pyotp.TOTP(sealer.open(account.totp_secret))
    present = int(clock.now().timestamp()) // _STEP_SECONDS
    last = -1 if account.totp_last_step is None else account.totp_last_step
    for step in range(present - _WINDOW, present + _WINDOW + 1):
        right = pyotp.utils.strings_equal(typed, totp.generate_otp(step))
        if right and step > last:
            account.totp_last_step = step
            return True
    return False
