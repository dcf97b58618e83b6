"""Mail: written to the outbox inside the transaction it speaks of.

The worker delivers it after the commit, see `app.core.notifications.delivery`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.notifications.models import OutboxMail


@dataclass(frozen=True)
class Composed:
    """The words of a mail in the language of its receiver."""

    subject: str
    text: str
    html: str | None = None


Composer = Callable[[Message, Message | str, str | None, str], Composed]


def _plain(subject: Message, text: Message | str, url: str | None, _language: str) -> Composed:
    return Composed(str(subject), f"{text}\n\n{url}" if url else str(text))


_composer: Composer = _plain


def use_composer(composer: Composer) -> None:
    """Let the surface put mails into words and layout; the domain knows neither."""
    global _composer
    _composer = composer


def queue_mail(
    session: Session,
    *,
    to: str,
    subject: Message,
    text: Message | str,
    html: str | None = None,
    key: str | None = None,
    url: str | None = None,
    language: str = "id",
    calendar: str | None = None,
) -> OutboxMail:
    """Put a mail into the outbox; it leaves once the running transaction is committed.

    Args:
        to: one address.
        subject, text: in words; `url` (a path) is added as a link.
        html: replaces the usual layout.
        key: the same key is sent once only; the mail that exists is returned.
        language: of the receiver, `id` or `en`.
        calendar: dates as iCalendar, attached.

    Raises:
        InvalidInput: the address is malformed, or a line break would add a header.
    """
    composed = _composer(subject, text, url, language)
    _check_header(to)
    _check_header(composed.subject)
    _check_address(to)
    if key is not None:
        known = session.scalar(select(OutboxMail).where(OutboxMail.key == key))
        if known is not None:
            return known
    moment = clock.now()
    row = OutboxMail(
        to=to,
        subject=composed.subject[:300],
        body_text=composed.text,
        body_html=html or composed.html,
        calendar=calendar,
        created_at=moment,
        next_try_at=moment,
        key=key,
    )
    session.add(row)
    session.flush()
    return row


def _check_header(value: str) -> None:
    if any(ord(sign) < 32 or sign in "\x7f\x85\u2028\u2029" for sign in value):
        raise InvalidInput(N_("Alamat atau judul surel tidak boleh memuat pindah baris."))


def _check_address(to: str) -> None:
    try:
        Address(addr_spec=to)
    except (ValueError, IndexError) as error:
        raise InvalidInput(N_("Alamat surel tidak sah.")) from error
    if "@" not in to or len(to) > 254:
        raise InvalidInput(N_("Alamat surel tidak sah."))
