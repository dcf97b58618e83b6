"""Seats of smart-city admins per OPD; some are held by people who fit, the others are vacant."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from app.demo.city import City
from app.demo.people import Person
from app.demo.words import words
from app.demo.writing import follow_ids, insert_rows, last_id
from matching.enums import PlacementKind, SeatState
from matching.models import Placement, Role, Seat
from skills.enums import EmploymentKind, EmploymentState
from skills.models import DisciplineRecord, LevelInForce, Opd
from skills.reference_files.roles import RoleEntry
from skills.rules import months_after, years_before

_FILLED = 0.4
_LEAST_FIT = 0.3  # weighted share of the required levels
_BACKUPS = 0.3
_FORMER = 0.12


@dataclass
class Place:
    """A seat before it is written, with the people of the OPD that fit it, the best first."""

    id: int
    role: RoleEntry
    role_id: int
    opd_code: str
    opd_id: int
    code: str
    places: int
    opened_on: date
    fitting: list[tuple[float, Person]] = field(default_factory=list)
    holders: list[Person] = field(default_factory=list)
    backup: Person | None = None


def write_seats(city: City) -> dict[str, int]:
    """Write seats and placements; levels in force must be there already."""
    rng = city.rng("seats")
    places = list(_places(city, rng))
    _find_fitting(city, places)
    _fill(rng, places)
    insert_rows(city.session, Seat, (_seat_row(city, place) for place in places))
    follow_ids(city.session, Seat)
    rows = [row for place in places for row in _placements(rng, city, place)]
    insert_rows(city.session, Placement, rows)
    filled = sum(len(place.holders) >= place.places for place in places)
    return {"seat": len(places), "filled seat": filled, "placement": len(rows)}


def _places(city: City, rng: Random) -> Iterator[Place]:
    plan = words("seats")
    roles = {row.code: row.id for row in city.session.execute(select(Role.code, Role.id))}
    opd_ids = {row.code: row.id for row in city.session.execute(select(Opd.code, Opd.id))}
    number = last_id(city.session, Seat)
    for opd in city.files.opds:
        for role in city.files.roles.roles:
            if role.code not in plan["every_opd"] and opd.code not in plan["by_role"][role.code]:
                continue
            number += 1
            code = f"{role.code}-{opd.code}"
            yield Place(
                id=number,
                role=role,
                role_id=roles[role.code],
                opd_code=opd.code,
                opd_id=opd_ids[opd.code],
                code=code,
                places=2 if code in plan["two_places"] else 1,
                opened_on=city.days_ago(rng.randint(120, 900)),
            )


def _find_fitting(city: City, places: Sequence[Place]) -> None:
    levels = _verified_levels(city)
    punished = _punished(city)
    staff: dict[str, list[Person]] = defaultdict(list)
    for person in city.people:
        staff[person.opd_code].append(person)
    for place in places:
        scored = [
            (_fit(city, place.role, levels[city.employee_id(person)]), person)
            for person in staff[place.opd_code]
            if passes(city, place.role, person, punished.get(city.employee_id(person)))
        ]
        fitting = [pair for pair in scored if pair[0] >= _LEAST_FIT]
        place.fitting = sorted(fitting, key=lambda pair: (-pair[0], pair[1].number))


def _verified_levels(city: City) -> dict[int, dict[int, int]]:
    rows = city.session.execute(
        select(
            LevelInForce.employee_id, LevelInForce.competency_id, LevelInForce.verified_level
        ).order_by(LevelInForce.employee_id, LevelInForce.competency_id)
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for employee_id, competency_id, level in rows:
        found[employee_id][competency_id] = level or 0
    return found


def _punished(city: City) -> dict[int, date]:
    """Return the end of the last penalty per employee id; a running one ends in the future."""
    rows = city.session.execute(select(DisciplineRecord.employee_id, DisciplineRecord.until))
    found: dict[int, date] = {}
    for employee_id, until in rows:
        found[employee_id] = max(found.get(employee_id, date.min), until or date.max)
    return found


def passes(city: City, role: RoleEntry, person: Person, punished_until: date | None) -> bool:
    """Return whether a person passes the gates of a role."""
    gates = role.gates
    kind = EmploymentKind.PNS if person.kind is EmploymentKind.CPNS else person.kind
    if person.kind not in gates.employment_kinds or person.state is not EmploymentState.ACTIVE:
        return False
    ranks = [row.golongan for row in city.files.golongan if row.employment_kind is kind]
    education = [row.code for row in city.files.education_levels]
    clean_since = years_before(city.day, gates.discipline_clean_years)
    return (
        ranks.index(person.golongan) >= ranks.index(gates.golongan_min[kind])
        and education.index(person.schooling.level) >= education.index(gates.education_min)
        and person.service_start <= years_before(city.day, gates.service_years_min)
        and (punished_until is None or punished_until < clean_since)
        and person.position_class != "JPT_PRATAMA"
    )


def _fit(city: City, role: RoleEntry, levels: Mapping[int, int]) -> float:
    """Return the weighted share of the required levels that is verified, 0 to 1."""
    total = sum(item.weight for item in role.requirements)
    held = sum(
        item.weight
        * min(1.0, levels.get(city.competencies[item.competency].id, 0) / item.min_level)
        for item in role.requirements
    )
    return held / total


def _fill(rng: Random, places: Sequence[Place]) -> None:
    """Give seats to the best that are free, until the share to fill is reached."""
    busy: set[int] = set()
    wanted = round(len(places) * _FILLED)
    order = sorted(places, key=lambda p: -(p.fitting[0][0] if p.fitting else 0) - rng.random())
    for place in order:
        free = [person for _fit_, person in place.fitting if person.number not in busy]
        if not free or wanted <= 0:
            continue
        wanted -= 1
        place.holders.append(free[0])
        busy.add(free[0].number)
        if len(free) > 1 and rng.random() < _BACKUPS:
            place.backup = free[1]
            busy.add(free[1].number)


def _seat_row(city: City, place: Place) -> dict[str, Any]:
    full = len(place.holders) >= place.places
    return {
        "id": place.id,
        "code": place.code,
        "role_id": place.role_id,
        "opd_id": place.opd_id,
        "places": place.places,
        "state": (SeatState.FILLED if full else SeatState.VACANT).value,
        "is_key": place.role.code not in words("seats")["not_key"],
        "term_months": words("seats")["term_months"].get(place.role.code),
        "opened_on": place.opened_on,
        "updated_at": city.at(city.day),
    }


def _placements(rng: Random, city: City, place: Place) -> Iterator[dict[str, Any]]:
    since = city.days_ago(rng.randint(30, 110))
    taken = {person.number for person in (*place.holders, place.backup) if person}
    others = [person for _fit_, person in place.fitting if person.number not in taken]
    if others and rng.random() < _FORMER:
        reason = rng.choice(words("seats")["end_reasons"])
        yield _placement_row(city, place, others[0], "primary", place.opened_on, (since, reason))
    for holder in place.holders:
        yield _placement_row(city, place, holder, PlacementKind.PRIMARY, since)
    if place.backup:
        yield _placement_row(city, place, place.backup, PlacementKind.BACKUP, since)


def _placement_row(
    city: City,
    place: Place,
    person: Person,
    kind: str,
    since: date,
    ended: tuple[date | None, str | None] = (None, None),
) -> dict[str, Any]:
    start = max(since, place.opened_on, person.service_start)
    months = words("seats")["term_months"].get(place.role.code)
    return {
        "seat_id": place.id,
        "employee_id": city.employee_id(person),
        "kind": str(kind),
        "since": start,
        "planned_until": months_after(start, months) - timedelta(days=1) if months else None,
        "until": ended[0],
        "end_reason": ended[1],
        "created_at": city.at(since),
    }
