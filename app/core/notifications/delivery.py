"""Delivery of the outbox by the worker, outside every transaction.

Delivery is at least once. A mail is sent twice only when the worker is killed between the answer
of the mail server and its own commit; its Message-ID is the same then, so that mailboxes fold it.
"""

import os
import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.notifications.models import OutboxMail

if TYPE_CHECKING:
    from config import Settings

log = structlog.get_logger()

TIMEOUT = 5  # seconds for every step with the mail server
_BATCH = 20
_LEASE = timedelta(minutes=5)  # a mail taken by a worker that died is free again after this
# Minutes until the next try; after the last one the mail is given up and stays visible.
_PAUSES = (1, 5, 15, 60, 240, 720, 1440)


def deliver_due(settings: "Settings") -> int:
    """Send what is due and return how many mails left.

    Without a mail server mails wait in the outbox; outside production they are also written to
    the folder `outbox` of the instance, as a developer reads them.
    """
    if not settings.mail_server and settings.is_production:
        return 0
    due = _take_due()
    if not due:
        return 0
    if not settings.mail_server:
        return sum(_note(mail_id, _write_file(settings, mail_id)) for mail_id in due)
    return _send_all(settings, due)


def _take_due() -> list[int]:
    moment = clock.now()
    if not _anything_due():
        return []
    with transaction(SYSTEM) as session:
        rows = session.scalars(
            select(OutboxMail)
            .where(OutboxMail.sent_at.is_(None), OutboxMail.next_try_at <= moment)
            .order_by(OutboxMail.id)
            .limit(_BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.attempts += 1
            row.next_try_at = moment + _LEASE
        return [row.id for row in rows]


def _anything_due() -> bool:
    """Look without the write lock: this is asked every two seconds."""
    session = db.session()
    due = select(OutboxMail.id).where(OutboxMail.next_try_at <= clock.now()).limit(1)
    found = session.scalar(due) is not None
    session.rollback()
    return found


def _send_all(settings: "Settings", due: list[int]) -> int:
    try:
        server = _connect(settings)
    except (OSError, smtplib.SMTPException) as error:
        for mail_id in due:
            _note(mail_id, repr(error))
        return 0
    try:
        return sum(_note(mail_id, _send(server, settings, mail_id)) for mail_id in due)
    finally:
        server.close()


def _connect(settings: "Settings") -> smtplib.SMTP:
    server = smtplib.SMTP(settings.mail_server, settings.mail_port, timeout=TIMEOUT)
    try:
        if settings.mail_use_tls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_username:
            server.login(settings.mail_username, settings.mail_password)
    except BaseException:
        server.close()
        raise
    return server


def _send(server: smtplib.SMTP, settings: "Settings", mail_id: int) -> str | None:
    """Send one mail; return what went wrong, or None."""
    try:
        server.send_message(build(settings, _read(mail_id)))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return repr(error)
    return None


def _write_file(settings: "Settings", mail_id: int) -> str | None:
    folder: Path = settings.instance / "outbox"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        message = build(settings, _read(mail_id))
        # Owner only: mails carry links for a new password.
        descriptor = os.open(
            folder / f"{mail_id:06d}.eml", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600
        )
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(bytes(message))
    except (OSError, ValueError) as error:
        return repr(error)
    return None


def _read(mail_id: int) -> OutboxMail:
    session = db.session()
    row = session.get_one(OutboxMail, mail_id, populate_existing=True)
    session.expunge(row)
    session.rollback()
    return row


def build(settings: "Settings", row: OutboxMail) -> EmailMessage:
    """Return the mail of an outbox row, ready to send."""
    message = EmailMessage()
    domain = parseaddr(settings.mail_sender)[1].rpartition("@")[2] or "localhost"
    message["From"] = settings.mail_sender
    message["To"] = row.to
    message["Subject"] = row.subject
    message["Date"] = format_datetime(clock.local(row.created_at))
    message["Message-ID"] = f"<outbox-{row.id}-{row.created_at:%Y%m%d%H%M%S%f}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row.body_text)
    if row.body_html:
        message.add_alternative(row.body_html, subtype="html")
    if row.calendar:
        message.add_attachment(row.calendar, subtype="calendar", filename="jadwal.ics")
    return message


def _note(mail_id: int, error: str | None) -> bool:
    """Write down how the try ended; return whether the mail left."""
    moment = clock.now()
    with transaction(SYSTEM) as session:
        row = session.get_one(OutboxMail, mail_id, populate_existing=True)
        if error is None:
            row.sent_at, row.next_try_at, row.error = moment, None, None
            return True
        row.error = error[:500]
        left = row.attempts <= len(_PAUSES)
        row.next_try_at = moment + timedelta(minutes=_PAUSES[row.attempts - 1]) if left else None
    log.warning("mail_not_sent", mail=mail_id, error=error)
    return False
