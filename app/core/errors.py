"""Errors that a person caused or can mend; anything else is a fault of ours."""

from typing import Any

from app.core.i18n import N_, Message


class DomainError(Exception):
    """A refusal with a sentence for the person and, where known, the form field it belongs to."""

    def __init__(self, message: Message | str, *, field: str | None = None) -> None:
        self.message = message if isinstance(message, Message) else Message(message)
        self.field = field
        super().__init__(str(self.message))


class NotAllowed(DomainError):
    """The signed-in person may not do this."""

    def __init__(self, message: Message | str | None = None) -> None:
        super().__init__(message or N_("Anda tidak berwenang melakukan tindakan ini."))


class NotFound(DomainError):
    """The object does not exist, or may not be known to exist."""

    def __init__(self, message: Message | str | None = None) -> None:
        super().__init__(message or N_("Data tidak ditemukan."))


class InvalidInput(DomainError):
    """A value that the rules refuse."""


class Conflict(DomainError):
    """The state has changed meanwhile, or the value is taken."""


class Stale(Conflict):
    """A form rests on a state that has passed; the page answers 409 and nothing is written."""


def check_version(row: Any, expected: int | None) -> None:
    """Refuse a form that shows an older version of a row.

    Args:
        row: anything with a `version`. expected: what the form showed; None where no form did.

    Raises:
        Stale: somebody saved the row since the form was opened.
    """
    if expected is not None and row.version != expected:
        raise Stale(N_("Data ini sudah diubah orang lain sejak halaman Anda dibuka. Periksa lagi."))


class InvalidTransition(Conflict):
    """A step that is not open from the present state."""


class QuotaExceeded(DomainError):
    """Too many tries, or a limit of size or number is passed."""

    def __init__(self, message: Message | str, *, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after
