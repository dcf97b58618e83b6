"""What is wrong with a cell, in words, and whether its row may still be taken over."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.i18n import Message


class Severity(StrEnum):
    """ERROR keeps the whole row out; WARNING leaves the cell out or only asks for a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class CellProblem:
    """One finding at a field of a row."""

    field: str
    severity: Severity
    message: Message


class CellError(Exception):
    """A cell that cannot be understood; its field and severity are added by the caller.

    Args:
        text: Indonesian sentence marked with `N_`.
        params: values of its places.
    """

    def __init__(self, text: str, **params: Any) -> None:
        self.message = Message(text, params)
        super().__init__(text)
