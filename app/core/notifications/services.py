"""Notices for accounts: write, count, read."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core import clock, mail
from app.core.accounts.models import Account, AccountState
from app.core.db import AnySession, affected_rows
from app.core.errors import NotFound
from app.core.i18n import N_, Message
from app.core.message_json import to_json
from app.core.notifications.models import Notification

log = structlog.get_logger()

SUBJECT = N_("Pemberitahuan e-karir")


def notify(
    session: Session,
    *,
    account_id: int | None = None,
    employee_id: int | None = None,
    kind: str,
    message: Message,
    url: str | None = None,
    email: bool = False,
    key: str | None = None,
    calendar: str | None = None,
) -> int | None:
    """Leave a notice for an account, in the transaction it speaks of.

    Args:
        account_id: the receiver, or
        employee_id: the person; without an open account nobody is told.
        kind: what the notice is about, e.g. `evidence`; chooses its icon.
        message: the notice in words.
        url: page it leads to, a path of this application.
        email: also send a mail where the account has an address.
        key: the same key tells the same account once only.
        calendar: dates as iCalendar, attached to the mail.

    Returns:
        The id of the new notice; None where nobody was told or the key was used before.
    """
    account = _receiver(session, account_id, employee_id)
    if account is None:
        return None
    notice_id = _insert(session, account.id, kind, message, _local(url), key)
    if notice_id is not None and email and account.email:
        mail.queue_mail(
            session,
            to=account.email,
            subject=Message(SUBJECT),
            text=message,
            url=url,
            language=account.language,
            key=f"notice:{account.id}:{key}" if key else None,
            calendar=calendar,
        )
    return notice_id


def _receiver(session: Session, account_id: int | None, employee_id: int | None) -> Account | None:
    if (account_id is None) == (employee_id is None):
        raise ValueError("name either the account or the employee")
    who = Account.id == account_id if account_id else Account.employee_id == employee_id
    return session.scalar(select(Account).where(who, Account.state != AccountState.CLOSED))


def _local(url: str | None) -> str | None:
    if url and (not url.startswith("/") or url.startswith(("//", "/\\"))):
        raise ValueError("a notice leads to a page of this application only")
    return url


def _insert(
    session: Session, account_id: int, kind: str, message: Message, url: str | None, key: str | None
) -> int | None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(Notification)
        .values(
            account_id=account_id,
            kind=kind,
            message=to_json(message),
            url=url,
            created_at=clock.now(),
            key=key,
        )
        .on_conflict_do_nothing(index_elements=["account_id", "key"])
        .returning(Notification.id)
    )
    return session.scalar(statement)


@dataclass(frozen=True)
class NoticePage:
    """One page of notices, newest first; fields as the pagination component reads them."""

    items: Sequence[Notification]
    page: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))


def list_notices(
    session: AnySession,
    *,
    account_id: int,
    unread_only: bool = False,
    page: int = 1,
    size: int = 25,
) -> NoticePage:
    """Return the notices of an account, newest first."""
    mine = [Notification.account_id == account_id]
    if unread_only:
        mine.append(Notification.read_at.is_(None))
    total = session.scalar(select(func.count()).select_from(Notification).where(*mine)) or 0
    rows = session.scalars(
        select(Notification)
        .where(*mine)
        .order_by(Notification.created_at.desc(), Notification.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    ).all()
    return NoticePage(rows, page, size, total)


def unread_count(session: AnySession, *, account_id: int) -> int:
    """Return how many notices an account has not read."""
    unread = (Notification.account_id == account_id, Notification.read_at.is_(None))
    return session.scalar(select(func.count()).select_from(Notification).where(*unread)) or 0


def badge_count(session: AnySession, *, account_id: int) -> int:
    """Return `unread_count`, or 0 while the database does not answer: error pages show it too."""
    try:
        return unread_count(session, account_id=account_id)
    except SQLAlchemyError as error:
        session.rollback()
        log.warning("badge_unavailable", error=type(error).__name__)
        return 0


def mark_read(session: Session, *, account_id: int, notice_id: int) -> Notification:
    """Note that the account has read a notice of its own.

    Raises:
        NotFound: no such notice, or somebody else's.
    """
    notice = session.get(Notification, notice_id)
    if notice is None or notice.account_id != account_id:
        raise NotFound
    notice.read_at = notice.read_at or clock.now()
    session.flush()
    return notice


def mark_all_read(session: Session, *, account_id: int) -> int:
    """Note that the account has read all its notices; return how many were new."""
    return affected_rows(
        session,
        update(Notification)
        .where(Notification.account_id == account_id, Notification.read_at.is_(None))
        .values(read_at=clock.now()),
    )
