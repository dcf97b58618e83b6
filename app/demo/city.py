"""What all parts of the loader share: the staff, the day, and ids of the reference data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.demo.people import Person
from app.demo.words import stream
from skills.models import Competency, Position
from skills.reference_files import ReferenceFiles

SOURCE = "demo"


@dataclass(frozen=True)
class CompetencyFacts:
    """What the loader needs of a competency."""

    id: int
    code: str
    name: str
    kind: str
    two_stage: bool
    shelf_life_months: int | None

    @property
    def area(self) -> str:
        """First part of the code."""
        return self.code.split("-")[0]


@dataclass(frozen=True)
class City:
    """The city while it is written; all dates follow from `day`."""

    session: Session
    files: ReferenceFiles
    seed: int
    day: date
    people: Sequence[Person]
    competencies: Mapping[str, CompetencyFacts]
    positions: Mapping[str, Position]
    first_employee_id: int
    first_unit_id: int

    def rng(self, part: str) -> Random:
        """Return the random stream of a part."""
        return stream(self.seed, part)

    def at(self, day: date, hour: int = 8, minute: int = 0) -> datetime:
        """Return a moment of a day in the city."""
        return datetime.combine(day, time(hour, minute), tzinfo=clock.timezone())

    def days_ago(self, days: int) -> date:
        """Return the date some days before the day of the city."""
        return self.day - timedelta(days=days)

    def employee_id(self, person: Person) -> int:
        """Return the id of a person's row."""
        return self.first_employee_id + person.number - 1

    def unit_id(self, person: Person) -> int:
        """Return the id of the unit the person works in."""
        return self.first_unit_id + person.post.unit.number - 1

    def position_facts(self, person: Person) -> Any:
        """Return the position of a person."""
        return self.positions[person.post.entry.name]


def competency_facts(session: Session) -> dict[str, CompetencyFacts]:
    """Return all competencies by code, in the order of the dictionary."""
    rows = session.scalars(
        select(Competency).where(~Competency.is_area).order_by(Competency.position, Competency.id)
    )
    return {
        row.code: CompetencyFacts(
            row.id, row.code, row.name, row.kind, row.two_stage, row.shelf_life_months
        )
        for row in rows
    }
