"""What people do with their own account: password, language, privacy notice, sessions."""

from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import passwords, sessions, throttling
from app.core.accounts.lifecycle import context_of
from app.core.accounts.models import Account
from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_

LANGUAGES = ("id", "en")


def set_password(
    session: Session, *, account: Account, password: str, keep_token: str | None = None
) -> None:
    """Set the password and end all other sessions.

    Args:
        keep_token: the session that stays.

    Raises:
        InvalidInput: at the field `password` when the rules refuse it.
    """
    passwords.check_rules(password, context=context_of(account))
    account.password_hash = passwords.hash_password(password)
    account.password_changed_at = clock.now()
    account.must_change_password = False
    ended = sessions.end_sessions(
        session, account_id=account.id, reason="password", keep_token=keep_token
    )
    throttling.forget(session, f"account:{account.id}")
    record(session, "accounts:password:change", account, ended_sessions=ended)


def change_password(
    session: Session, *, account: Account, present: str, password: str, keep_token: str
) -> None:
    """Replace the own password.

    Raises:
        InvalidInput: for a wrong present password, or a new one that is the same or refused.
    """
    if not passwords.verify(account.password_hash, present):
        raise InvalidInput(N_("Kata sandi sekarang tidak cocok."), field="present")
    if passwords.verify(account.password_hash, password):
        raise InvalidInput(N_("Kata sandi baru sama dengan yang lama."), field="password")
    set_password(session, account=account, password=password, keep_token=keep_token)


def acknowledge_notice(session: Session, *, account: Account, version: str) -> None:
    """Store that the person has read the privacy notice of this version."""
    before = account.privacy_notice_version
    account.privacy_notice_version = version
    account.privacy_acknowledged_at = clock.now()
    record(
        session,
        "accounts:notice:acknowledge",
        account,
        changes={"privacy_notice_version": (before, version)},
    )


def choose_language(session: Session, *, account: Account, language: str) -> None:
    """Set the language of the interface.

    Raises:
        InvalidInput: for a language that is not offered.
    """
    if language not in LANGUAGES:
        raise InvalidInput(N_("Bahasa ini tidak tersedia."), field="language")
    account.language = language
