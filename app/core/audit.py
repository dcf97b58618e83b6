"""The audit trail: append-only rows, chained by hash, written in the transaction they describe.

`record` collects events during a transaction; they are chained and inserted just before the commit,
under one short lock, so that two transactions cannot take the same place in the chain. Triggers of
the migration refuse UPDATE and DELETE on the table on both databases.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, insert, inspect, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.db import Base, before_commit, db

GENESIS = "0" * 64
_LOCK = 4_120_110  # any constant number: the advisory lock of the chain on PostgreSQL


class AuditEvent(Base):
    """One event: who did what, on whom, when, from where, and which fields changed how."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_subject", "subject_kind", "subject_id"),
        Index("ix_audit_event_tag_at", "tag", "at"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    tag: Mapped[str] = mapped_column(String(80))
    actor_account_id: Mapped[int | None] = mapped_column(index=True)
    actor_label: Mapped[str] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(64))
    request_id: Mapped[str | None] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    detail: Mapped[str] = mapped_column(default="{}")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditPerson(Base):
    """The people an event speaks of; a list that was read has one row per person shown."""

    __tablename__ = "audit_person"

    event_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    employee_id: Mapped[int] = mapped_column(primary_key=True, index=True, autoincrement=False)


@dataclass(frozen=True)
class _Pending:
    tag: str
    subject_kind: str
    subject_id: int | None
    detail: str
    people: tuple[int, ...]
    actor: Actor


def record(
    session: Session,
    tag: str,
    subject: Any = None,
    *,
    changes: Mapping[str, Sequence[Any]] | None = None,
    people: Sequence[int] = (),
    actor: Actor | None = None,
    **facts: Any,
) -> None:
    """Write an audit event at the end of the running transaction.

    Args:
        session: the session of the running `transaction()`.
        tag: `source:subject:action`, e.g. `skills:claim:verify`.
        subject: a mapped object with an id, a `(kind, id)` pair, or None.
        changes: field to `(before, after)`.
        people: ids of the employees the event speaks of (also those whose data was read).
        actor: replaces the transaction's actor (sign-in happens before there is one).
        facts: further facts, JSON values.
    """
    kind, subject_id = _identify(subject)
    detail: dict[str, Any] = dict(facts)
    if changes:
        detail["changes"] = {name: list(pair) for name, pair in changes.items()}
    session.info.setdefault("audit", []).append(
        _Pending(
            tag=tag,
            subject_kind=kind,
            subject_id=subject_id,
            detail=_canonical(detail),
            people=tuple(sorted(set(people))),
            actor=actor or session.info.get("actor") or SYSTEM,
        )
    )


def record_read(
    session: Session | None,
    tag: str,
    subject: Any = None,
    *,
    people: Iterable[int],
    actor: Actor,
    **facts: Any,
) -> None:
    """Write one event saying whose data was shown; their own data does not count.

    Inside a running `transaction()` the event joins it. Otherwise it gets a short transaction on a
    connection of its own, so that objects loaded for the page are not expired by the commit.

    Args:
        session: the session of the page, or None.
        people: ids of the employees shown.
        actor: who looked.
    """
    shown = sorted({person for person in people if person != actor.employee_id})
    if not shown:
        return
    if session is not None and session.info.get("actor") is not None:
        record(session, tag, subject, people=shown, actor=actor, **facts)
        return
    with Session(db.engine, info={"actor": actor}) as own:
        own.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        record(own, tag, subject, people=shown, **facts)
        _write_pending(own)
        own.commit()


def changed_fields(obj: Any, *names: str) -> dict[str, tuple[Any, Any]]:
    """Return the changed and not yet flushed fields of a mapped object: (before, after)."""
    state = inspect(obj)
    found: dict[str, tuple[Any, Any]] = {}
    for name in names or [column.key for column in state.mapper.column_attrs]:
        history = state.attrs[name].history
        if history.has_changes():
            before = history.deleted[0] if history.deleted else None
            found[name] = (before, getattr(obj, name))
    return found


@before_commit
def _write_pending(session: Session) -> None:
    pending: list[_Pending] = session.info.pop("audit", [])
    if not pending:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = session.execute(
        select(AuditEvent.id, AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1)
    ).first()
    number, chain = (last.id, last.hash) if last else (0, GENESIS)
    rows, people = [], []
    for item in pending:
        number += 1
        row = _row(number, chain, item)
        chain = row["hash"]
        rows.append(row)
        people += [{"event_id": number, "employee_id": person} for person in item.people]
    session.execute(insert(AuditEvent), rows)
    if people:
        session.execute(insert(AuditPerson), people)


def _row(number: int, previous: str, item: _Pending) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": number,
        "at": clock.now().replace(microsecond=0),
        "tag": item.tag,
        "actor_account_id": item.actor.account_id,
        "actor_label": item.actor.label[:200],
        "address": item.actor.address,
        "request_id": item.actor.request_id,
        "subject_kind": item.subject_kind,
        "subject_id": item.subject_id,
        "detail": item.detail,
        "previous_hash": previous,
    }
    row["hash"] = _hash(row, item.people)
    return row


def _hash(row: Mapping[str, Any], people: Sequence[int]) -> str:
    body = {key: row[key] for key in sorted(row) if key not in ("hash", "at")}
    body["at"] = row["at"].isoformat()
    body["people"] = list(people)
    return hashlib.sha256(_canonical(body).encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def _identify(subject: Any) -> tuple[str, int | None]:
    if subject is None:
        return "system", None
    if isinstance(subject, tuple):
        return subject[0], subject[1]
    return subject.__tablename__, subject.id


@dataclass(frozen=True)
class ChainBreak:
    """The first place where the chain does not hold."""

    event_id: int
    reason: str


def verify_chain(session: Session, *, batch: int = 2000) -> tuple[int, ChainBreak | None]:
    """Recompute the whole chain.

    Returns:
        The number of events read and the first break, or None where the chain holds.
    """
    expected, number = GENESIS, 0
    for event, people in _read_chain(session, batch):
        if event.id != number + 1:
            return number, ChainBreak(event.id, f"event {number + 1} is missing")
        row = {column.key: getattr(event, column.key) for column in AuditEvent.__table__.columns}
        if event.previous_hash != expected:
            return number, ChainBreak(event.id, "the link to the event before does not match")
        if _hash(row, people) != event.hash:
            return number, ChainBreak(event.id, "the content was changed")
        expected, number = event.hash, event.id
    return number, None


def _read_chain(session: Session, batch: int) -> Iterator[tuple[AuditEvent, list[int]]]:
    start = 0
    while True:
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.id > start).order_by(AuditEvent.id).limit(batch)
        ).all()
        if not events:
            return
        named: dict[int, list[int]] = {}
        rows = session.execute(
            select(AuditPerson.event_id, AuditPerson.employee_id)
            .where(AuditPerson.event_id.between(events[0].id, events[-1].id))
            .order_by(AuditPerson.event_id, AuditPerson.employee_id)
        )
        for event_id, employee_id in rows:
            named.setdefault(event_id, []).append(employee_id)
        for event in events:
            yield event, named.get(event.id, [])
        start = events[-1].id
        session.expunge_all()
