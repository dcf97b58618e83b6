"""Rows into the database, many at a time."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

_BATCH = 1000


def insert_rows(session: Session, model: Any, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert rows that all name the same columns; return how many."""
    remaining, count = iter(rows), 0
    while batch := list(islice(remaining, _BATCH)):
        session.execute(insert(model.__table__), batch)
        count += len(batch)
    return count


def last_id(session: Session, model: Any) -> int:
    """Return the highest id in use, 0 for an empty table."""
    return session.scalar(select(func.max(model.id))) or 0


def follow_ids(session: Session, *models: Any) -> None:
    """Let PostgreSQL count on from the ids that were given here; SQLite does so by itself."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for model in models:
        session.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
            {"name": model.__tablename__, "last": max(1, last_id(session, model))},
        )
