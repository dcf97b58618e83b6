"""The pool: everybody in service as arrays, read once and then kept up to date row by row.

One small query tells whether anybody changed since the last search (a sum over the profile version
of each person); only the rows of those are read again. The arrays belong to the process, never to a
request.
"""

import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from matching.engine.records import Text
from matching.models import Placement
from matching.queries.facts import FACTS, Facts, fact_row, facts_of
from skills.models import (
    DisciplineRecord,
    Employee,
    PortfolioItem,
    Position,
    PositionRecord,
    ProfileVector,
    TrainingRecord,
    Unit,
)
from skills.queries.rights import consenting

_CHUNK = 500
_BLOBS = 10_000
# 2^31 - 1 and two numbers below it without a pattern: products stay within 64 bits.
_PRIME, _MIX_ID, _MIX_VERSION = 2_147_483_647, 1_640_531_527, 1_566_083_941
Fingerprint = tuple[int, int, int]
IN_SERVICE = "active"


@dataclass
class Person:
    """What gates, texts and availability read of one person; nothing else enters a search."""

    id: int
    opd_id: int
    employment_kind: str
    golongan: str | None
    education_level: str | None
    education_field: str | None
    service_start: date | None
    retirement_date: date | None
    position_since: date | None
    position_kind: str | None
    clean_since: date | None  # end of the last disciplinary penalty; None: never had one
    in_discipline: bool  # a penalty without an end
    seats_held: int
    text: Text


@dataclass
class Pool:
    """People in ascending id with their levels: uint8 (n_people, n_competencies), 0 = unknown."""

    versions: dict[int, int] = field(default_factory=dict)
    ids: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    verified: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 0), np.uint8))
    claimed: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 0), np.uint8))
    people: list[Person] = field(default_factory=list)
    facts: Facts = field(default_factory=lambda: np.zeros(0, FACTS))
    revision: int = 0
    fingerprint: Fingerprint | None = None

    def position_of(self, employee_id: int) -> int | None:
        """Return the row of a person, or None."""
        at = int(np.searchsorted(self.ids, employee_id))
        return at if at < len(self.ids) and self.ids[at] == employee_id else None


_pools: dict[str, Pool] = {}
_lock = threading.Lock()


def current_pool(session: Session, *, width: int) -> Pool:
    """Return the pool as the database holds it now.

    Args:
        session: any session of the database.
        width: number of competency columns.
    """
    key = str(session.get_bind().engine.url)
    with _lock:
        pool = _pools.get(key)
        # Taken before the versions: a change between the two is found again at the next search.
        now = _fingerprint(session)
        if pool is None or pool.verified.shape[1] != width or pool.fingerprint != now:
            pool = _pools[key] = _followed(session, pool, width)
            pool.fingerprint = now
        return pool


def _followed(session: Session, pool: Pool | None, width: int) -> Pool:
    """Return the pool as the database holds it, from the one before where the people are the same.

    A search that runs keeps the arrays it began with.
    """
    versions = _versions(session)
    if pool is None or pool.verified.shape[1] != width or pool.versions.keys() != versions.keys():
        made = _build(session, versions, width)
        made.revision = pool.revision + 1 if pool else 1
        return made
    changed = [person for person, version in versions.items() if pool.versions[person] != version]
    if changed:
        pool = _updated(session, pool, changed, width)
        pool.versions = versions
    return pool


def forget_pools() -> None:
    """Drop the arrays (a test starts on another database behind the same address)."""
    with _lock:
        _pools.clear()


def _fingerprint(session: Session) -> Fingerprint:
    """Return how many people are in service and two sums over who they are and their versions.

    A sum of a number per person, mixed by multiplication modulo a prime, changes with any of them;
    the square beside it makes two changes that cancel each other out a matter of 1 in 10^18. The
    database adds up a hundred thousand rows while one would read ten thousand.
    """
    person, version = (cast(c, BigInteger) for c in (Employee.id, Employee.profile_version))
    mixed = (person * _MIX_ID + version * _MIX_VERSION) % _PRIME
    row = session.execute(
        select(
            func.count(),
            func.sum(mixed, type_=BigInteger),
            func.sum((mixed * mixed) % _PRIME, type_=BigInteger),
        ).where(Employee.employment_state == IN_SERVICE)
    ).one()
    return row[0], int(row[1] or 0), int(row[2] or 0)


def _versions(session: Session) -> dict[int, int]:
    rows = session.execute(
        select(Employee.id, Employee.profile_version)
        .where(Employee.employment_state == IN_SERVICE)
        .order_by(Employee.id)
    )
    return dict(rows.all())


def _build(session: Session, versions: dict[int, int], width: int) -> Pool:
    ids = list(versions)
    pool = Pool(
        versions=versions,
        ids=np.array(ids, np.int64),
        verified=np.zeros((len(ids), width), np.uint8),
        claimed=np.zeros((len(ids), width), np.uint8),
    )
    people = _people(session, ids)
    pool.people = [people[person] for person in ids]
    pool.facts = facts_of(pool.people)
    fill_levels(session, pool, ids, width)
    return pool


def _updated(session: Session, old: Pool, changed: Sequence[int], width: int) -> Pool:
    """Return the pool with some people read again; a search that runs keeps the old arrays."""
    pool = Pool(
        ids=old.ids,
        verified=old.verified.copy(),
        claimed=old.claimed.copy(),
        people=list(old.people),
        facts=old.facts.copy(),
        revision=old.revision + 1,
    )
    people = _people(session, changed)
    for person in changed:
        at = pool.position_of(person)
        if at is not None:
            pool.people[at] = people[person]
            pool.facts[at] = fact_row(people[person])
            pool.verified[at] = 0
            pool.claimed[at] = 0
    fill_levels(session, pool, changed, width)
    return pool


def fill_levels(session: Session, pool: Pool, ids: Sequence[int], width: int) -> None:
    """Read the levels of some people of a pool from their blobs into its arrays."""
    for start in range(0, len(ids), _BLOBS):
        rows = session.execute(
            select(ProfileVector.employee_id, ProfileVector.verified, ProfileVector.claimed).where(
                ProfileVector.employee_id.in_(ids[start : start + _BLOBS])
            )
        ).all()
        if rows:
            people, verified, claimed = zip(*rows, strict=True)
            at = np.searchsorted(pool.ids, people)
            pool.verified[at] = _matrix(verified, width)
            pool.claimed[at] = _matrix(claimed, width)


def _matrix(blobs: Iterable[bytes], width: int) -> NDArray[np.uint8]:
    # A blob is as long as the dictionary was when it was written; what came later is unknown.
    joined = b"".join(blob[:width].ljust(width, b"\0") for blob in blobs)
    return np.frombuffer(joined, np.uint8).reshape(-1, width)


def _people(session: Session, ids: Sequence[int]) -> dict[int, Person]:
    found: dict[int, Person] = {}
    for chunk in _chunks(ids):
        texts = _texts(session, chunk)
        clean = _discipline(session, chunk)
        held = _seats_held(session, chunk)
        rows = session.execute(
            select(
                Employee.id,
                Employee.opd_id,
                Employee.employment_kind,
                Employee.golongan,
                Employee.education_level,
                Employee.education_field,
                Employee.service_start,
                Employee.retirement_date,
                Employee.position_since,
                Employee.position_kind,
                Position.name.label("position_name"),
                Unit.name.label("unit_name"),
            )
            .outerjoin(Position, Position.id == Employee.position_id)
            .outerjoin(Unit, Unit.id == Employee.unit_id)
            .where(Employee.id.in_(chunk))
        )
        for row in rows:
            until, ongoing = clean.get(row.id, (None, False))
            found[row.id] = Person(
                id=row.id,
                opd_id=row.opd_id,
                employment_kind=row.employment_kind,
                golongan=row.golongan,
                education_level=row.education_level,
                education_field=row.education_field,
                service_start=row.service_start,
                retirement_date=row.retirement_date,
                position_since=row.position_since,
                position_kind=row.position_kind,
                clean_since=until,
                in_discipline=ongoing,
                seats_held=held.get(row.id, 0),
                text=_text(row.position_name, row.unit_name, row.education_field, texts[row.id]),
            )
    return found


def _text(
    position: str | None, unit: str | None, education: str | None, parts: Iterable[str]
) -> Text:
    """Return the searchable text: the job as head; education, past jobs, trainings as body."""
    head = position or ""
    body = [text for text in (unit, education, *parts) if text]
    return Text(head=head, body=". ".join(body))


def _texts(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the texts that a search reads; portfolios only of those who consented to it."""
    found: dict[int, list[str]] = {person: [] for person in ids}
    willing = set(consenting(session, ids, purpose="portfolio_search"))
    sources = (
        (PositionRecord, PositionRecord.position_name),
        (TrainingRecord, TrainingRecord.title),
        (PortfolioItem, PortfolioItem.title + " " + PortfolioItem.description),
    )
    for table, column in sources:
        rows = session.execute(
            select(table.employee_id, column).where(table.employee_id.in_(ids)).order_by(table.id)
        )
        for person, text in rows:
            if table is not PortfolioItem or person in willing:
                found[person].append(text)
    return found


def _discipline(session: Session, ids: Sequence[int]) -> dict[int, tuple[date | None, bool]]:
    rows = session.execute(
        select(
            DisciplineRecord.employee_id,
            func.max(DisciplineRecord.until),
            func.count(DisciplineRecord.id),
            func.count(DisciplineRecord.until),
        )
        .where(DisciplineRecord.employee_id.in_(ids))
        .group_by(DisciplineRecord.employee_id)
    )
    return {person: (until, rows_ > ended) for person, until, rows_, ended in rows}


def _seats_held(session: Session, ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Placement.employee_id, func.count(Placement.id))
        .where(Placement.employee_id.in_(ids), Placement.until.is_(None))
        .group_by(Placement.employee_id)
    )
    return dict(rows.all())


def _chunks(ids: Sequence[int]) -> Iterable[list[int]]:
    for start in range(0, len(ids), _CHUNK):
        yield list(ids[start : start + _CHUNK])


def canonical_person(person: Person) -> str:
    """Return what a search read of a person, as canonical JSON for the frozen inputs."""
    values = {**vars(person), "text": [person.text.head, person.text.body]}
    return json.dumps(
        values, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":")
    )
