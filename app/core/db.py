"""The database: base class, column types, session and the one way to commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CursorResult, DateTime, Engine, Executable, MetaData, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Session, registry, scoped_session
from sqlalchemy.types import TypeDecorator

from app.core.actor import Actor

# Named constraints can be dropped in SQLite's batch mode and mapped back to form fields.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept as UTC; SQLite would lose the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime given to a UtcDateTime column")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware UTC moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Declarative base of all tables."""

    # On the registry: a map on the class itself cannot be inherited by Flask-SQLAlchemy's base.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: UtcDateTime}
    )


db = SQLAlchemy(model_class=Base)

AnySession = Session | scoped_session[Any]
DbSession = Session  # under a name of ours, for layers that write no SQL


@contextmanager
def transaction(actor: Actor) -> Iterator[Session]:
    """Commit data and audit rows together, or nothing.

    The actor is written into the audit rows recorded inside. Functions registered with
    `after_commit` run once the data is safe, so that mail never speaks of what was rolled back.
    """
    session: Session = db.session()
    if session.info.get("actor") is not None:
        raise RuntimeError("transactions do not nest")
    _begin_write(session)
    session.info["actor"] = actor
    try:
        yield session
        session.flush()
        for hook in _before_commit:
            hook(session)
        session.commit()
    except BaseException:
        session.rollback()
        session.info.pop("after_commit", None)
        raise
    finally:
        session.info.pop("actor", None)
        session.info.pop("audit", None)
    for callback in session.info.pop("after_commit", []):
        callback()


def _begin_write(session: Session) -> None:
    """Start anew with a write lock: what was read before it may be stale by now."""
    if session.in_transaction():
        session.rollback()
    session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})


_before_commit: list[Any] = []


def before_commit(hook: Any) -> Any:
    """Register a function of the session that runs at the end of each transaction (audit)."""
    _before_commit.append(hook)
    return hook


def after_commit(session: AnySession, callback: Any) -> None:
    """Run the callback after the running transaction has been committed."""
    session.info.setdefault("after_commit", []).append(callback)


def affected_rows(session: AnySession, statement: Executable) -> int:
    """Execute an UPDATE or DELETE and return how many rows it met."""
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def configure_engine(engine: Engine) -> None:
    """Set SQLite to WAL with foreign keys and write locks taken at BEGIN.

    The driver's own transactions start with a read and lose concurrent updates; BEGIN IMMEDIATE
    makes a writer wait instead. Readers in WAL mode are not held up by it.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "busy_timeout=20000",
            "synchronous=NORMAL",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


def find_row(session: AnySession, kind: type[Any], key: Any) -> Any:
    """Return a row by its key, or None; for layers that write no SQL."""
    return session.get(kind, key)
