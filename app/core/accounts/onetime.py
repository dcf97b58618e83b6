"""Rows of one-time secrets: used once, withdrawn together."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.models import CodeKind, OneTimeCode
from app.core.db import affected_rows
from app.core.errors import Conflict
from app.core.i18n import N_


def is_open() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a code that was neither used nor withdrawn."""
    return (OneTimeCode.used_at.is_(None), OneTimeCode.revoked_at.is_(None))


def use_up(session: Session, row: OneTimeCode) -> None:
    """Mark a code as used, once.

    Raises:
        Conflict: when it was used in the same moment elsewhere.
    """
    statement = update(OneTimeCode).where(OneTimeCode.id == row.id, *is_open())
    if not affected_rows(session, statement.values(used_at=clock.now(), sealed=None)):
        raise Conflict(N_("Kode ini baru saja dipakai."))


def withdraw(session: Session, *, account_ids: Iterable[int], kind: CodeKind) -> int:
    """Withdraw the open codes of a kind; return how many."""
    statement = update(OneTimeCode).where(
        OneTimeCode.account_id.in_(list(account_ids)), OneTimeCode.kind == kind, *is_open()
    )
    return affected_rows(session, statement.values(revoked_at=clock.now(), sealed=None))
