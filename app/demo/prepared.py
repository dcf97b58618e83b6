"""A few people whom the city prepared: assessed in all that a role asks, at or near its levels.

Without them the demonstration would only show how much is unknown; with them an officer also sees
who is ready, who is nearly there and what separates the two.
"""

from collections.abc import Iterator, Sequence
from random import Random

from app.demo.city import City
from app.demo.levels import Known
from app.demo.people import Person
from app.demo.skill import Ability
from skills.enums import EmploymentState, LevelSource
from skills.reference_files.roles import RoleEntry

_READY, _NEARLY = 2, 3  # people per role
_LATEST, _EARLIEST = 40, 400  # days ago


def prepared_levels(city: City, abilities: dict[int, Ability]) -> Iterator[Known]:
    """Yield the assessment results of people prepared for each role."""
    rng = city.rng("prepared")
    able = _ablest(city, abilities)
    wanted = _READY + _NEARLY
    for number, role in enumerate(city.files.roles.roles):
        for place, person in enumerate(able[number * wanted : (number + 1) * wanted]):
            yield from _results(rng, city, role, person, ready=place < _READY)


def _ablest(city: City, abilities: dict[int, Ability]) -> Sequence[Person]:
    """Return people in ordinary posts by their technical talent, the strongest first."""
    free = [
        person
        for person in city.people
        if person.state is EmploymentState.ACTIVE
        and not person.is_structural
        and (city.day - person.service_start).days > _EARLIEST + 365
    ]
    return sorted(free, key=lambda person: (-abilities[person.number].skill, person.number))


def _results(
    rng: Random, city: City, role: RoleEntry, person: Person, *, ready: bool
) -> Iterator[Known]:
    day = city.days_ago(rng.randint(_LATEST, _EARLIEST))
    short = set() if ready else {rng.randrange(len(role.requirements)) for _time in range(2)}
    for number, item in enumerate(role.requirements):
        level = item.min_level - (number in short)
        if level > 0:
            yield Known(
                person,
                city.competencies[item.competency],
                min(5, level + (ready and rng.random() < 0.3)),
                LevelSource.ASSESSMENT,
                day,
                "asesmen calon admin",
            )
