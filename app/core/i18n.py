"""Messages for people without a language: the domain says what, the surface finds the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def N_(text: str) -> str:
    """Mark an Indonesian sentence for translation and return it unchanged."""
    return text


@dataclass(frozen=True)
class Message:
    """A sentence with named places, translated only where it is shown.

    Args:
        text: Indonesian sentence marked with `N_`, with `%(name)s` places.
        params: values of the places; a value may itself be a Message.
    """

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the Indonesian sentence with its places filled."""
        return self.text % self.params if self.params else self.text
