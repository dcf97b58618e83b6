"""Counting what a statement changed."""

from typing import Any, cast

from sqlalchemy import CursorResult, UpdateBase
from sqlalchemy.orm import Session


def affected(session: Session, statement: UpdateBase) -> int:
    """Run an UPDATE or DELETE and return the number of rows it touched."""
    return cast(CursorResult[Any], session.execute(statement)).rowcount
