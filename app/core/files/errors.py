"""The one refusal of this package."""

from typing import Any

from app.core.errors import InvalidInput
from app.core.i18n import Message


class FileRefused(InvalidInput):
    """A file that is not kept, with a sentence that says what to do.

    Args:
        text: Indonesian sentence marked with `N_`.
        params: values of its places.
    """

    def __init__(self, text: str, **params: Any) -> None:
        super().__init__(Message(text, params))
