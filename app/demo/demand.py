"""Demand for training: who waits for a course without a date, and seats that were shared out."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.demo.city import City
from app.demo.people import Person
from app.demo.words import words
from app.demo.writing import insert_rows
from courses.models import Session, TrainingInterest
from courses.services.allocation import apply_allocation, plan_allocation
from skills.enums import EmploymentState


def people_below(city: City, head: Person) -> Sequence[Person]:
    """Return the active people whose supervisor somebody is."""
    return [
        person
        for person in city.people
        if person.supervisor is head and person.state is EmploymentState.ACTIVE
    ]


def write_demand(city: City, known: Person) -> dict[str, int]:
    """Write interest in courses, and share out the seats of sessions that say so."""
    count = insert_rows(city.session, TrainingInterest, _interest(city, known))
    _share_seats(city)
    return {"interest": count}


def _interest(city: City, known: Person) -> Iterator[dict[str, Any]]:
    rng, lists = city.rng("interest"), words("sessions")
    active = [p for p in city.people if p.state is EmploymentState.ACTIVE and p is not known]
    for plan in lists["interest"]:
        chosen = rng.sample(active, k=plan["people"] - bool(plan.get("known")))
        for person in [*([known] if plan.get("known") else []), *chosen]:
            moment = city.at(city.days_ago(rng.randint(2, 80)), rng.randint(7, 20))
            yield {
                "course_code": plan["course"],
                "employee_id": city.employee_id(person),
                "note": rng.choice(lists["interest_notes"]),
                "created_at": moment + timedelta(minutes=rng.randint(0, 59)),
            }


def _share_seats(city: City) -> None:
    """Share out by the rule itself, so that every reason is a real one."""
    shared = {
        (plan["course"], plan["capacity"])
        for plan in words("sessions")["sessions"]
        if plan.get("allocated")
    }
    runs = city.session.scalars(
        select(Session).where(Session.seat_method == "fair").order_by(Session.id)
    )
    for run in runs:
        if (run.course.code, run.capacity) in shared:
            plan = plan_allocation(city.session, run=run)
            apply_allocation(city.session, run=run, digest=plan.digest)
            run.allocated_at = city.at(city.day)  # the same seed gives the same city
            for row in plan.rows.values():
                if row.passed_over_at is not None:
                    row.passed_over_at = city.at(city.day)
