"""Errors that a person caused or can mend; anything else is a fault of ours."""

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


class InvalidTransition(Conflict):
    """A step that is not open from the present state."""


class QuotaExceeded(DomainError):
    """Too many tries, or a limit of size or number is passed."""

    def __init__(self, message: Message | str, *, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after
