"""Records with something to mend, snapshots of earlier months, and a SIASN file to reconcile."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from app.core.actor import Actor
from app.demo.city import City
from app.demo.words import pick
from skills.enums import ImportState
from skills.models import Employee, ImportBatch, ImportRow, QualitySnapshot, ReconciliationItem
from skills.quality_rules import DIMENSIONS
from skills.services import reconciliation
from skills.services.data_quality import take_snapshot

_MONTHS = 6
_SHARE = 0.14  # records with a flaw
_FILE = "siasn-rekonsiliasi.xlsx"
_DIFFERENCES = 46
_FLAWS: Mapping[str, float] = {
    "email": 30,
    "stale": 26,
    "supervisor": 12,
    "birth": 10,
    "start": 9,
    "education": 8,
    "rank": 5,
}


def write_quality(city: City, *, kept: set[int], officer: Actor) -> dict[str, int]:
    """Spoil some records, keep earlier snapshots, and begin a reconciliation.

    Args:
        kept: ids of people who can sign in; their records stay whole.
        officer: who decides on the differences.
    """
    rng = city.rng("quality")
    people = city.session.scalars(
        select(Employee)
        .where(Employee.employment_state == "active", Employee.id.not_in(kept))
        .order_by(Employee.id)
    ).all()
    flawed = [person for person in people if rng.random() < _SHARE]
    for person in flawed:
        _spoil(city, rng, person)
    city.session.flush()
    return {
        "flawed record": len(flawed),
        "quality snapshot": _snapshots(city, rng),
        "difference": _reconciliation(city, rng, list(people), officer),
    }


def _spoil(city: City, rng: Random, person: Employee) -> None:
    flaw = pick(rng, _FLAWS)
    if flaw == "email":
        person.official_email = None
    elif flaw == "stale":
        person.updated_at = city.at(city.days_ago(rng.randint(760, 1400)))
    elif flaw == "supervisor":
        person.supervisor_id = None
    elif flaw == "birth" and person.birth_date:
        person.birth_date += timedelta(days=rng.choice((-1, 1, 9)))
    elif flaw == "start" and person.service_start:
        person.service_start += timedelta(days=31)
    elif flaw == "education":
        person.education_field = None
        person.education_level = None
    elif flaw == "rank":
        person.golongan_since = None
        person.golongan = None


def _snapshots(city: City, rng: Random) -> int:
    count = take_snapshot(city.session, day=city.day)
    today = city.session.scalars(
        select(QualitySnapshot).where(QualitySnapshot.day == city.day)
    ).all()
    for row in sorted(today, key=lambda one: one.opd_key):
        drop = rng.uniform(0.6, 1.4)
        for month in range(1, _MONTHS + 1):
            scores = {
                name: round(max(0.0, getattr(row, name) - month * drop * rng.uniform(0.5, 1.2)), 2)
                for name in DIMENSIONS
            }
            city.session.add(
                QualitySnapshot(
                    day=city.days_ago(30 * month),
                    opd_key=row.opd_key,
                    people=row.people,
                    total=round(sum(scores.values()) / len(scores), 2),
                    rule_version=row.rule_version,
                    **scores,
                )
            )
            count += 1
    return count


def _other_day(rng: Random, value: Any) -> str | None:
    return (value + timedelta(days=rng.choice((1, 30, -30, 365)))).isoformat() if value else None


_CHANGES: Mapping[str, Callable[[Random, Any], str | None]] = {
    "education_field": lambda rng, value: f"{value} (S-1)" if value else None,
    "title_back": lambda rng, value: f"{value}." if value else "S.Kom.",
    "birth_date": _other_day,
    "position_since": _other_day,
    "golongan_since": _other_day,
    "graduation_year": lambda rng, value: str(value + rng.choice((-1, 1))) if value else None,
}


def _reconciliation(city: City, rng: Random, people: list[Employee], officer: Actor) -> int:
    session = city.session
    batch = ImportBatch(
        state=ImportState.CHECKED,
        file_name=_FILE,
        summary={"rows": len(people), "counts": {"create": 0, "update": _DIFFERENCES, "error": 0}},
        created_by_id=officer.account_id,
        created_at=city.at(city.days_ago(3), 9),
    )
    session.add(batch)
    session.flush()
    for number, person in enumerate(rng.sample(people, _DIFFERENCES), start=2):
        session.add(_row(rng, batch.id, number, person))
    session.flush()
    count = reconciliation.open_reconciliation(session, batch_id=batch.id)
    _decide(city, rng, batch.id, officer)
    # The dry run is all that is left of the file: it is reconciled, never written as a whole.
    batch.state = ImportState.CANCELLED
    return count


def _row(rng: Random, batch_id: int, number: int, person: Employee) -> ImportRow:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field in rng.sample(sorted(_CHANGES), rng.choice((1, 1, 2))):
        value = getattr(person, field)
        told = _CHANGES[field](rng, value)
        if told is not None:
            before[field] = value.isoformat() if isinstance(value, date) else value
            after[field] = told
    return ImportRow(
        batch_id=batch_id,
        number=number,
        action="update",
        employee_id=person.id,
        label=person.name,
        nip=person.nip,
        before=before,
        after=after,
    )


def _decide(city: City, rng: Random, batch_id: int, officer: Actor) -> None:
    session = city.session
    items = session.scalars(
        select(ReconciliationItem)
        .where(ReconciliationItem.batch_id == batch_id)
        .order_by(ReconciliationItem.id)
    ).all()
    for item in items[: len(items) // 3]:
        choice = rng.choice(("accept", "keep", "correct", "correct"))
        reconciliation.decide(
            session,
            items=[item],
            decision=choice,
            document=f"Ijazah No. {rng.randint(100, 999)}/{rng.randint(2005, 2022)}",
            reason="Sesuai dokumen asli di arsip OPD",
            actor=officer,
        )
        item.decided_at = city.at(city.days_ago(2), 10)
        item.employee.updated_at = city.at(city.day)
