"""The history of levels: verified and claimed, half empty, some of it expired."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from app.demo.city import City, CompetencyFacts
from app.demo.people import Person
from app.demo.skill import Ability, chance_known, claimed_level, true_level
from app.demo.words import pick
from app.demo.writing import insert_rows
from skills.enums import EmploymentKind, LevelSource
from skills.models import LevelRecord
from skills.rules import months_after

_OPD_WITH_SURVEY = 0.6  # OPD that took part in the survey of digital competence
_ASSESSMENT_MONTHS = 36  # validity of an assessment where the dictionary names none
_CLASS_LEVELS = {"JPT_PRATAMA": 4, "ADMINISTRATOR": 3, "PENGAWAS": 2}


@dataclass(frozen=True)
class Known:
    """One row of the history before it is written."""

    person: Person
    competency: CompetencyFacts
    level: int
    source: LevelSource
    obtained_on: date
    note: str | None = None


def write_levels(city: City, abilities: dict[int, Ability]) -> int:
    """Write the history of everybody, claims apart; return how many rows."""
    return insert_rows(city.session, LevelRecord, _rows(city, abilities))


def _rows(city: City, abilities: dict[int, Ability]) -> Iterator[dict[str, Any]]:
    for known in _everything(city, abilities):
        yield level_row(city, known)


def _everything(city: City, abilities: dict[int, Ability]) -> Iterator[Known]:
    technical = [c for c in city.competencies.values() if c.kind == "TEKNIS"]
    rng = city.rng("technical levels")
    for person in city.people:
        for competency in technical:
            ability = abilities[person.number]
            if rng.random() < chance_known(ability, competency):
                yield from _technical(rng, city, person, ability, competency)
    yield from _digital(city, abilities)
    yield from _managerial(city)


def _technical(
    rng: Random, city: City, person: Person, ability: Ability, competency: CompetencyFacts
) -> Iterator[Known]:
    level = true_level(rng, ability, competency)
    served = (city.day - person.service_start).days
    if not level or served < 60:
        return
    when = rng.randint(20, min(1900, served))
    verified = rng.random() < 0.52
    if verified:
        source = pick(
            rng, {LevelSource.EVIDENCE: 60, LevelSource.ASSESSOR: 25, LevelSource.ASSESSMENT: 15}
        )
        yield Known(person, competency, level, source, city.days_ago(when), "pendataan awal")
    if not verified or rng.random() < 0.25:
        said = city.days_ago(rng.randint(5, when))
        yield Known(person, competency, claimed_level(rng, level), LevelSource.SELF, said)
    if rng.random() < 0.06:
        above = max(1, level - rng.randint(0, 1))
        yield Known(person, competency, above, LevelSource.SUPERVISOR, city.days_ago(when))


def _digital(city: City, abilities: dict[int, Ability]) -> Iterator[Known]:
    """Yield the results of a survey of digital competence in some of the OPD."""
    rng = city.rng("digital levels")
    held = {
        row.code: city.days_ago(rng.randint(60, 620))
        for row in city.files.opds
        if rng.random() < _OPD_WITH_SURVEY
    }
    competencies = [c for c in city.competencies.values() if c.kind == "DIGITAL"]
    for person in city.people:
        day = held.get(person.opd_code)
        if day is None or person.service_start > day or rng.random() > 0.7:
            continue
        for competency in competencies:
            level = true_level(rng, abilities[person.number], competency)
            if level and (competency.area != "KD1" or person.is_structural):
                yield Known(person, competency, level, LevelSource.ASSESSMENT, day)


def _managerial(city: City) -> Iterator[Known]:
    """Yield assessment results of structural posts and of some senior functional ones."""
    rng = city.rng("managerial levels")
    competencies = [
        c for c in city.competencies.values() if c.kind in ("MANAJERIAL", "SOSIAL_KULTURAL")
    ]
    for person in city.people:
        asked = _CLASS_LEVELS.get(person.position_class, 2)
        senior = person.position_class in ("JF_AHLI_MUDA", "JF_AHLI_MADYA")
        chance = 0.82 if person.is_structural else 0.12 if senior else 0.03
        if person.kind is EmploymentKind.CPNS or rng.random() > chance:
            continue
        served = (city.day - person.service_start).days
        day = city.days_ago(rng.randint(40, min(1450, max(41, served))))
        talent = rng.gauss(0, 0.5)
        for competency in competencies:
            level = round(asked + talent + rng.gauss(0, 0.55))
            level = max(1, min(5, level))
            yield Known(person, competency, level, LevelSource.ASSESSMENT, day)


def level_row(
    city: City, known: Known, *, claim_id: int | None = None, account_id: int | None = None
) -> dict[str, Any]:
    """Return the row of a known level; what is verified lasts as long as the dictionary says."""
    competency = known.competency
    months = competency.shelf_life_months
    if known.source is LevelSource.ASSESSMENT and not months:
        months = _ASSESSMENT_MONTHS
    lasting = months and known.source is not LevelSource.SELF
    accepted = known.source is LevelSource.EVIDENCE and claim_id
    return {
        "employee_id": city.employee_id(known.person),
        "competency_id": competency.id,
        "level": known.level,
        "source": known.source.value,
        "claim_id": claim_id,
        "reference": f"claim:{claim_id}:accepted" if accepted else None,
        "obtained_on": known.obtained_on,
        "valid_until": months_after(known.obtained_on, months or 0) if lasting else None,
        "recorded_at": city.at(known.obtained_on),
        "recorded_by_id": account_id,
        "withdrawn_at": None,
        "withdrawn_reason": None,
        "note": known.note,
    }
