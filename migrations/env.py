"""Alembic environment: the metadata of the running application, batch mode for SQLite."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, DateTime

from app.core.db import Base, UtcDateTime, db


def render_item(kind: str, obj: Any, _context: Any) -> str | bool:
    """Write our column types as plain ones: a migration imports nothing of the application."""
    if kind == "type" and isinstance(obj, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(
    _ctx: Any, _col: Any, _meta_col: Any, inspected: Any, metadata: Any
) -> bool | None:
    """Treat our moment type as the plain one it is stored as."""
    if isinstance(metadata, UtcDateTime) and isinstance(inspected, DateTime):
        return False
    return None


def run() -> None:
    """Run the migrations on the application's database."""
    engine = db.engine
    with engine.connect() as connection:
        _check_references(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=compare_type,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        _check_references(connection, "ON")


def _check_references(connection: Connection, state: str) -> None:
    """Switch foreign keys of SQLite: a batch rewrite drops and recreates tables.

    On the driver's own connection, because inside a transaction the switch does nothing.
    """
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA foreign_keys={state}")


run()
