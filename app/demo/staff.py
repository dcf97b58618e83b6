"""Units, employees, their degrees, positions, performance and discipline as rows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

from app.demo.city import SOURCE, City
from app.demo.organisation import UnitPlan
from app.demo.people import Person, by_rank
from app.demo.words import pick
from app.demo.writing import follow_ids, insert_rows
from skills.models import (
    DisciplineRecord,
    EducationRecord,
    Employee,
    PositionRecord,
    SkpRecord,
    Unit,
)
from skills.rules import months_after

# A typical distribution: nearly everybody is "good"; weights per predicate.
_SKP: Mapping[str, Mapping[str, float]] = {
    "strong": {"SANGAT_BAIK": 46, "BAIK": 53, "BUTUH_PERBAIKAN": 1},
    "usual": {"SANGAT_BAIK": 12, "BAIK": 84, "BUTUH_PERBAIKAN": 3.4, "KURANG": 0.6},
    "weak": {"BAIK": 62, "BUTUH_PERBAIKAN": 28, "KURANG": 8, "SANGAT_KURANG": 2},
}
_FORMS = {"strong": 16, "usual": 80, "weak": 4}
_SKP_YEARS = 3


def write_units(city: City, units: Sequence[UnitPlan]) -> int:
    """Write the units, parents first."""
    first = city.first_unit_id
    count = insert_rows(city.session, Unit, (_unit_row(unit, first) for unit in units))
    follow_ids(city.session, Unit)
    return count


def _unit_row(unit: UnitPlan, first: int) -> dict[str, Any]:
    return {
        "id": first + unit.number - 1,
        "opd_id": unit.opd.opd_id,
        "parent_id": first + unit.parent.number - 1 if unit.parent else None,
        "code": f"{unit.opd.code}-{unit.number:04d}",
        "name": unit.name,
    }


def write_employees(city: City) -> int:
    """Write the employees, supervisors before those they supervise."""
    ordered = by_rank(city.people)
    count = insert_rows(city.session, Employee, (_employee_row(city, one) for one in ordered))
    follow_ids(city.session, Employee)
    return count


def _employee_row(city: City, person: Person) -> dict[str, Any]:
    position, highest = city.position_facts(person), person.schooling.degrees[-1]
    moment = city.at(city.day)
    return {
        "id": city.employee_id(person),
        "nip": person.nip,
        "name": person.name,
        "title_front": person.schooling.title_front,
        "title_back": person.schooling.title_back,
        "birth_date": person.birth_date,
        "sex": person.sex.value,
        "official_email": person.email,
        "employment_kind": person.kind.value,
        "employment_state": person.state.value,
        "golongan": person.golongan,
        "golongan_since": person.golongan_since,
        "position_id": position.id,
        "position_kind": position.kind,
        "position_since": person.position_since,
        "eselon": person.post.entry.eselon,
        "education_level": highest.level,
        "education_field": highest.field,
        "graduation_year": highest.year,
        "school": highest.school,
        "service_start": person.service_start,
        "retirement_date": person.retirement_date,
        "opd_id": person.post.unit.opd.opd_id,
        "unit_id": city.unit_id(person),
        "supervisor_id": city.employee_id(person.supervisor) if person.supervisor else None,
        "created_at": moment,
        "updated_at": moment,
    }


def write_histories(city: City) -> dict[str, int]:
    """Write degrees, positions held, performance and discipline; return counts."""
    rng = city.rng("histories")
    return {
        "education": insert_rows(city.session, EducationRecord, _education(city)),
        "position record": insert_rows(city.session, PositionRecord, _positions(city, rng)),
        "skp": insert_rows(city.session, SkpRecord, _performance(city)),
        "discipline": insert_rows(city.session, DisciplineRecord, _discipline(city)),
    }


def _education(city: City) -> Iterator[dict[str, Any]]:
    for person in city.people:
        for degree in person.schooling.degrees:
            yield {
                "employee_id": city.employee_id(person),
                "level": degree.level,
                "field": degree.field,
                "school": degree.school,
                "year": degree.year,
                "source": SOURCE,
            }


def _positions(city: City, rng: Random) -> Iterator[dict[str, Any]]:
    for person in city.people:
        yield _position_row(city, person, person.post.entry.name, person.position_since, None)
        until = person.position_since
        for name in _earlier_positions(person, rng):
            since = months_after(until, -rng.randint(18, 84))
            if since <= person.service_start:
                since = person.service_start
            if until <= since:
                break
            yield _position_row(city, person, name, since, until)
            until = since


def _earlier_positions(person: Person, rng: Random) -> list[str]:
    """Return names of positions held before, the latest first."""
    name = person.post.entry.name
    steps = {
        "JPT_PRATAMA": ["Sekretaris Perangkat Daerah", "Kepala Bidang", "Kepala Seksi"],
        "ADMINISTRATOR": ["Kepala Seksi", "Penelaah Teknis Kebijakan"],
        "PENGAWAS": ["Penelaah Teknis Kebijakan"],
        "JF_AHLI_MADYA": [name.replace("Madya", "Muda"), name.replace("Madya", "Pertama")],
        "JF_AHLI_MUDA": [name.replace("Muda", "Pertama")],
        "JF_PENYELIA": [name.replace("Penyelia", "Mahir"), name.replace("Penyelia", "Terampil")],
        "JF_MAHIR": [name.replace("Mahir", "Terampil")],
    }
    found = steps.get(person.position_class, [])
    if not found and rng.random() < 0.35:
        found = [rng.choice(("Pengadministrasi Umum", "Pengolah Data dan Informasi"))]
    return [one for one in found if one != name]


def _position_row(
    city: City, person: Person, name: str, since: date, until: date | None
) -> dict[str, Any]:
    return {
        "employee_id": city.employee_id(person),
        "position_name": name,
        "opd_name": person.post.unit.opd.name,
        "unit_name": person.post.unit.name if until is None else None,
        "since": since,
        "until": until,
        "source": SOURCE,
    }


def _performance(city: City) -> Iterator[dict[str, Any]]:
    """Yield the predicates of the last years that are closed, from the second year of service."""
    rng = city.rng("performance")
    for person in city.people:
        weights = _SKP[pick(rng, _FORMS)]
        for year in range(city.day.year - _SKP_YEARS, city.day.year):
            predicate = pick(rng, weights)
            if person.service_start.year < year and rng.random() > 0.015:
                yield {
                    "employee_id": city.employee_id(person),
                    "year": year,
                    "predicate": predicate,
                    "source": SOURCE,
                }


def _discipline(city: City) -> Iterator[dict[str, Any]]:
    rng = city.rng("discipline")
    severities = {"light": 56, "medium": 26, "heavy": 8, "in_progress": 10}
    for person in city.people:
        if rng.random() > 0.012 or person.position_class == "JPT_PRATAMA":
            continue
        severity = pick(rng, severities)
        recent = severity == "in_progress"
        since = city.days_ago(rng.randint(20, 150) if recent else rng.randint(60, 2500))
        since = max(since, person.service_start)
        until = None if recent else months_after(since, 6 if severity == "light" else 12)
        yield {
            "employee_id": city.employee_id(person),
            "severity": severity,
            "since": since,
            "until": until,
        }
