"""Notices inside the application and the outbox of mails."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.accounts.models import Account
from app.core.db import Base
from app.core.i18n import Message
from app.core.message_json import from_json


class Notification(Base):
    """A notice for one account; the key makes sending it twice harmless."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index("ix_notification_account_id_read_at", "account_id", "read_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(60))
    message: Mapped[dict[str, Any]] = mapped_column(JSON)
    url: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    key: Mapped[str | None] = mapped_column(String(200))

    @property
    def words(self) -> Message:
        """The notice as a message."""
        return from_json(self.message)


class OutboxMail(Base):
    """A mail written in the transaction it speaks of and delivered after it.

    `next_try_at` is None for a mail that was sent or given up.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_next_try_at", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body_text: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str | None] = mapped_column(Text)
    calendar: Mapped[str | None] = mapped_column(Text)  # iCalendar, sent as an attachment
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
