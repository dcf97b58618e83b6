"""The one refusal of this package, always with a sentence that says what to do next."""

from typing import Any

from app.core.errors import InvalidInput
from app.core.i18n import Message


class SpreadsheetError(InvalidInput):
    """A file that cannot or must not be read as a spreadsheet.

    Args:
        text: Indonesian sentence marked with `N_`.
        params: values of its places.
    """

    def __init__(self, text: str, **params: Any) -> None:
        super().__init__(Message(text, params))


def megabytes(size: int) -> str:
    """Return a size in bytes as megabytes with a decimal comma, as Indonesian readers write it."""
    return f"{size / 1_048_576:.1f}".replace(".", ",")
