"""Trainings from elsewhere and pieces of work, as the profiles list them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from app.demo.city import SOURCE, City
from app.demo.people import Person
from app.demo.skill import AREAS, Ability
from app.demo.words import words
from app.demo.writing import insert_rows
from skills.enums import EmploymentKind
from skills.models import PortfolioItem, TrainingRecord
from skills.rules import months_after

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_JP_A_DAY = 8
Course = Mapping[str, Any]


def write_trainings(city: City, abilities: Mapping[int, Ability]) -> dict[str, int]:
    """Write trainings and portfolios; return counts."""
    return {
        "training": insert_rows(city.session, TrainingRecord, _trainings(city, abilities)),
        "portfolio": insert_rows(city.session, PortfolioItem, _portfolio(city, abilities)),
    }


def certificate_number(rng: Random, organiser: str, day: date) -> str:
    """Return a number as organisers write them."""
    initials = "".join(word[0] for word in organiser.split() if word[0].isupper())
    form = rng.choice(words("trainings")["number_forms"])
    number = rng.randint(1, 990)
    return str(form.format(n=number, short=initials, roman=_ROMAN[day.month - 1], year=day.year))


def courses_for(competency: str) -> list[Course]:
    """Return the trainings that teach a competency."""
    return [c for c in words("trainings")["courses"] if competency in c.get("competencies", ())]


def _trainings(city: City, abilities: Mapping[int, Ability]) -> Iterator[dict[str, Any]]:
    rng = city.rng("trainings")
    courses = words("trainings")["courses"]
    for person in city.people:
        for course in _attended(rng, courses, person, abilities[person.number]):
            served = (city.day - person.service_start).days
            entry = course["kind"] == "entry"
            ago = served - 60 if entry else rng.randint(15, min(2900, max(20, served)))
            row = _training_row(rng, city, person, course, city.days_ago(max(10, ago)))
            if row["ended_on"] <= city.day:
                yield row


def _attended(
    rng: Random, courses: Sequence[Course], person: Person, ability: Ability
) -> list[Course]:
    chosen = [c for c in courses if c["kind"] == "entry" and person.kind is EmploymentKind.PNS]
    chosen += [c for c in courses if person.position_class in c.get("classes", ())]
    own = {"004": "education", "011": "health"}.get(person.opd_code, "general")
    usual = [c for c in courses if c["kind"] in (own, "general") and "classes" not in c]
    chosen += rng.sample(usual, k=rng.choice((0, 0, 1, 1, 2, 3)))
    digital = [c for c in courses if c["kind"] in ("computing", "security")]
    count = min(len(digital), int(rng.random() * 8 * max(0.0, ability.skill - 0.15) + 0.2))
    fitting = [c for c in digital if ability.strongest in {x[:2] for x in c["competencies"]}]
    chosen += rng.sample(fitting, k=min(len(fitting), (count + 1) // 2))
    chosen += rng.sample([c for c in digital if c not in fitting], k=count // 2)
    return chosen


def _training_row(
    rng: Random, city: City, person: Person, course: Course, day: date
) -> dict[str, Any]:
    kind = "general" if course["kind"] == "entry" else course["kind"]
    organiser = rng.choice(words("trainings")["organisers"][kind])
    length = max(0, min(90, -(-course["jp"] // _JP_A_DAY) - 1))
    months = course.get("valid_months")
    ended = day + timedelta(days=length)
    return {
        "employee_id": city.employee_id(person),
        "title": course["title"],
        "organiser": organiser,
        "form_code": course["form"],
        "number": certificate_number(rng, organiser, day) if rng.random() < 0.9 else None,
        "started_on": day,
        "ended_on": ended,
        "jp": course["jp"],
        "valid_until": months_after(ended, months) if months else None,
        "file_id": None,
        "state": "verified" if rng.random() < 0.7 else "claimed",
        "source": SOURCE,
        "reference": None,
    }


def _portfolio(city: City, abilities: Mapping[int, Ability]) -> Iterator[dict[str, Any]]:
    rng = city.rng("portfolio")
    works = words("trainings")["portfolio"]
    for person in city.people:
        ability = abilities[person.number]
        if ability.skill < 0.42 or rng.random() > 0.75 * ability.skill + 0.1:
            continue
        best = sorted(AREAS, key=lambda area: -ability.affinity[area])[:2]
        for area in best[: rng.choice((1, 1, 2))]:
            work = rng.choice(works[area])
            years = max(1, city.day.year - person.service_start.year)
            yield {
                "employee_id": city.employee_id(person),
                "title": work["title"],
                "description": work["description"],
                "year": city.day.year - rng.randint(0, min(5, years)),
                "link": None,
            }
