"""Reading the audit trail: filters, pages by key, one event with its people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import people
from app.core.audit import AuditEvent, AuditPerson

PAGE = 50
_MOST_PEOPLE = 200  # matches of a name that are looked for at once


@dataclass(frozen=True)
class TrailFilter:
    """Which events: by tag, who, on whom (name or NIP), and days in the city."""

    tag: str = ""
    actor: str = ""
    person: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class TrailPage:
    """Events, newest first, and the keys of the pages beside this one."""

    events: Sequence[AuditEvent]
    people: dict[int, int]
    newer: int | None
    older: int | None


def page(
    session: Session,
    wanted: TrailFilter,
    *,
    before: int | None = None,
    after: int | None = None,
    size: int = PAGE,
) -> TrailPage:
    """Return a page of the trail by key, so that the thousandth page is as quick as the first.

    Args:
        before: events older than this id.
        after: events newer than this id (the page just above it).
    """
    statement = _filtered(session, wanted)
    if after is not None:
        above = statement.where(AuditEvent.id > after).order_by(AuditEvent.id)
        events = list(reversed(session.scalars(above.limit(size)).all()))
    else:
        if before is not None:
            statement = statement.where(AuditEvent.id < before)
        events = list(session.scalars(statement.order_by(AuditEvent.id.desc()).limit(size)))
    if not events:
        return TrailPage((), {}, None, None)
    first, last = events[0].id, events[-1].id
    return TrailPage(
        events=events,
        people=_count_people(session, [event.id for event in events]),
        newer=first if _exists(session, wanted, AuditEvent.id > first) else None,
        older=last if _exists(session, wanted, AuditEvent.id < last) else None,
    )


def stream(session: Session, wanted: TrailFilter, *, limit: int) -> Iterator[AuditEvent]:
    """Yield the newest events up to the limit, a thousand at a time."""
    key, left = None, limit
    while left > 0:
        statement = _filtered(session, wanted)
        if key is not None:
            statement = statement.where(AuditEvent.id < key)
        batch = session.scalars(
            statement.order_by(AuditEvent.id.desc()).limit(min(1000, left))
        ).all()
        if not batch:
            return
        key, left = batch[-1].id, left - len(batch)
        yield from batch


def event(session: Session, event_id: int) -> AuditEvent | None:
    """Return one event."""
    return session.get(AuditEvent, event_id)


def people_of(session: Session, event_id: int, *, limit: int = 200) -> list[tuple[int, str, str]]:
    """Return (id, name, NIP) of the people an event speaks of, by name."""
    person = people.employee.c
    rows = session.execute(
        select(AuditPerson.employee_id, person.name, person.nip)
        .outerjoin(people.employee, person.id == AuditPerson.employee_id)
        .where(AuditPerson.event_id == event_id)
        .order_by(person.name)
        .limit(limit)
    )
    return [(row[0], row[1] or "", row[2] or "") for row in rows]


def tags(session: Session) -> list[str]:
    """Return the tags in use, by alphabet; each found by one jump in the index."""
    found: list[str] = []
    tag = session.scalar(select(AuditEvent.tag).order_by(AuditEvent.tag).limit(1))
    while tag is not None:
        found.append(tag)
        tag = session.scalar(
            select(AuditEvent.tag).where(AuditEvent.tag > tag).order_by(AuditEvent.tag).limit(1)
        )
    return found


def _filtered(session: Session, wanted: TrailFilter) -> Select[AuditEvent]:
    statement = select(AuditEvent).where(*_plain_conditions(wanted))
    if wanted.person.strip():
        ids = _matching_people(session, wanted.person)
        concerned = select(AuditPerson.event_id).where(AuditPerson.employee_id.in_(ids))
        statement = statement.where(AuditEvent.id.in_(concerned))
    return statement


def _plain_conditions(wanted: TrailFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.tag:
        found.append(AuditEvent.tag.startswith(wanted.tag, autoescape=True))
    if wanted.actor.strip():
        found.append(AuditEvent.actor_label.icontains(wanted.actor.strip(), autoescape=True))
    if wanted.subject:
        kind, _colon, number = wanted.subject.partition(":")
        found.append(AuditEvent.subject_kind == kind)
        if number.isdigit():
            found.append(AuditEvent.subject_id == int(number))
    if wanted.since:
        found.append(AuditEvent.at >= _start(wanted.since))
    if wanted.until:
        found.append(AuditEvent.at < _start(wanted.until + timedelta(days=1)))
    return found


def _matching_people(session: Session, text: str) -> Sequence[Any]:
    person = people.employee.c
    digits = "".join(text.split())
    match = (
        person.nip.startswith(digits, autoescape=True)
        if digits.isdigit()
        else or_(person.name.icontains(text.strip(), autoescape=True))
    )
    return session.scalars(select(person.id).where(match).limit(_MOST_PEOPLE)).all()


def _count_people(session: Session, ids: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    rows = session.scalars(select(AuditPerson.event_id).where(AuditPerson.event_id.in_(ids)))
    for event_id in rows:
        found[event_id] = found.get(event_id, 0) + 1
    return found


def _exists(session: Session, wanted: TrailFilter, condition: ColumnElement[bool]) -> bool:
    statement = _filtered(session, wanted).where(condition).with_only_columns(AuditEvent.id)
    return session.scalar(statement.limit(1)) is not None


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.timezone()).astimezone(UTC)
