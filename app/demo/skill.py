"""What people can really do: a hidden skill per person, from which every record follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from app.demo.city import City, CompetencyFacts
from app.demo.people import Person
from app.demo.words import pick
from skills.reference_files import ReferenceFiles

AREAS = ("PB", "AR", "DI", "KS", "AP", "IN")
_EXPERT = ("TEK-PRAKOM", "TEK-SANDIMAN", "TEK-KASI-TIK", "TEK-KABID-TIK", "TEK-STATISTISI")
_TALENTED = ("TEK-ANALIS-SI",)
_EVERYDAY = frozenset({"AP-02", "DI-02", "PB-03", "KS-04"})  # what clerks also do


@dataclass(frozen=True)
class Ability:
    """The truth about a person, which no record tells wholly.

    Args:
        skill: digital skill, 0 to 1.
        affinity: the same per technical area.
        asked: level per competency that the standard of the own post asks.
    """

    skill: float
    affinity: Mapping[str, float]
    asked: Mapping[str, int]

    @property
    def strongest(self) -> str:
        """The area the person is best at."""
        return max(AREAS, key=lambda area: self.affinity[area])


def abilities(city: City) -> dict[int, Ability]:
    """Return the ability per person number."""
    rng = city.rng("skill")
    standards = _technical_standards(city.files)
    return {one.number: _ability(rng, city, one, standards) for one in city.people}


def _technical_standards(files: ReferenceFiles) -> dict[str, dict[str, int]]:
    return {
        entry.code: {item.competency: item.min_level for item in entry.requirements}
        for entry in files.standards.technical
    }


def _ability(
    rng: Random, city: City, person: Person, standards: Mapping[str, Mapping[str, int]]
) -> Ability:
    code = person.post.entry.technical_standard or ""
    if code.startswith(_EXPERT):
        base = 0.6
    elif code.startswith(_TALENTED) or person.post.entry.code == "GURU-TIK":
        base = 0.52
    else:
        base = 0.36 if code else 0.18
    base += 0.15 if person.schooling.computing else 0.0
    base += 0.07 if person.opd_code == "017" else 0.0
    age = (city.day - person.birth_date).days / 365.25
    base += max(-0.07, min(0.07, (38 - age) * 0.005))
    skill = _between(base + rng.gauss(0, 0.11))
    affinity = {area: _between(skill + rng.gauss(0, 0.1)) for area in AREAS}
    return Ability(skill, affinity, standards.get(code, {}))


def true_level(rng: Random, ability: Ability, competency: CompetencyFacts) -> int:
    """Return the real level in a technical or digital competency, 0 for none."""
    strength = ability.affinity.get(competency.area, ability.skill)
    lift = 0.9 if competency.kind == "DIGITAL" else 0.3
    level = round(lift + 4.1 * strength + rng.gauss(0, 0.4))
    asked = ability.asked.get(competency.code)
    if asked:
        level = max(level, asked + pick(rng, {-1: 35, 0: 48, 1: 17}))
    return max(0, min(5, level))


def chance_known(ability: Ability, competency: CompetencyFacts) -> float:
    """Return how likely the profile says anything about a technical competency."""
    if competency.code in ability.asked:
        return 0.68
    strength = ability.affinity[competency.area]
    likely = 0.34 if strength > 0.55 else 0.14 if strength > 0.38 else 0.025
    return likely + (0.1 if competency.code in _EVERYDAY else 0.0)


def claimed_level(rng: Random, level: int) -> int:
    """Return what somebody says of a real level: often right, sometimes too much."""
    return max(1, min(5, level + pick(rng, {-1: 6, 0: 56, 1: 31, 2: 7})))


def _between(value: float) -> float:
    return max(0.02, min(0.98, value))
