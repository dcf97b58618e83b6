"""An assignment of the demonstration: handed in by most, graded for some, one returned."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from app.demo.city import City, Person
from app.demo.words import words
from app.demo.writing import insert_rows
from courses.assignments.rules import Cell, Criterion, Rubric, graded_score
from courses.enums import EnrolmentState, SessionState
from courses.models import Assignment, AssignmentRubric, Course, Enrolment, Session, Submission


def write_assignments(city: City, known: Person, grader_id: int) -> dict[str, int]:
    """Write the assignment of a session under way; return counts."""
    text, rng = words("assignments"), city.rng("assignments")
    run = city.session.scalars(
        select(Session)
        .join(Course, Course.id == Session.course_id)
        .where(Course.code == text["course"], Session.state == SessionState.RUNNING)
        .order_by(Session.id)
    ).first()
    if run is None:
        return {"assignment": 0, "hand-in": 0}
    assignment, edition = _assignment(city, run)
    people = city.session.scalars(
        select(Enrolment)
        .where(Enrolment.session_id == run.id, Enrolment.state == EnrolmentState.ENROLLED)
        .order_by(Enrolment.id)
    ).all()
    own = city.employee_id(known)
    mine = [row for row in people if row.employee_id == own]
    others = [row for row in people if row.employee_id != own][: len(people) * 2 // 3]
    rows = [_hand_in(rng, city, assignment, row, place) for place, row in enumerate(others)]
    for row in rows[: len(rows) // 2]:
        row |= _graded(rng, edition, row["submitted_at"], grader_id)
    for person in mine:
        row = _hand_in(rng, city, assignment, person, len(rows))
        rows.append(row | _returned(assignment, edition, row["submitted_at"], grader_id))
    return {"assignment": 1, "hand-in": insert_rows(city.session, Submission, rows)}


def _assignment(city: City, run: Session) -> tuple[Assignment, AssignmentRubric]:
    text = words("assignments")
    assignment = Assignment(
        session_id=run.id,
        title=text["title"],
        brief=text["brief"],
        due_at=city.at(city.day + timedelta(days=text["days"]), 23, 59),
        weight=text["weight"],
        late_percent=text["late_percent"],
        state="published",
    )
    city.session.add(assignment)
    city.session.flush()
    edition = AssignmentRubric(
        assignment_id=assignment.id,
        number=1,
        body=_rubric(text["levels"], text["criteria"]).body(),
        created_at=city.at(city.days_ago(2), 10),
    )
    city.session.add(edition)
    city.session.flush()
    return assignment, edition


def _rubric(levels: Sequence[str], criteria: Sequence[dict[str, Any]]) -> Rubric:
    rows = [
        Criterion(
            row["title"],
            tuple(
                Cell(points, text) for points, text in zip(row["points"], row["texts"], strict=True)
            ),
        )
        for row in criteria
    ]
    return Rubric(tuple(levels), tuple(rows))


def _hand_in(
    rng: Random, city: City, assignment: Assignment, person: Enrolment, place: int
) -> dict[str, Any]:
    works = words("assignments")["works"]
    return {
        "assignment_id": assignment.id,
        "enrolment_id": person.id,
        "number": 1,
        "text": works[place % len(works)],
        "submitted_at": city.at(city.days_ago(1), rng.randint(15, 20), rng.randint(0, 59)),
        "deduction": 0,
        "state": "submitted",
        "rubric_id": None,
        "chosen": [],
        "comment": "",
        "score": None,
        "again_until": None,
        "graded_at": None,
        "graded_by_id": None,
        "version": 1,
    }


def _graded(rng: Random, edition: AssignmentRubric, handed: Any, grader_id: int) -> dict[str, Any]:
    rubric = edition.content
    chosen = [rng.choice((1, 2, 2, 3)) for _row in rubric.criteria]
    return {
        "state": "final",
        "rubric_id": edition.id,
        "chosen": chosen,
        "comment": rng.choice(words("assignments")["comments"]),
        "score": graded_score(rubric, chosen, 0),
        "graded_at": handed + timedelta(hours=1),
        "graded_by_id": grader_id,
        "version": 2,
    }


def _returned(
    assignment: Assignment, edition: AssignmentRubric, handed: Any, grader_id: int
) -> dict[str, Any]:
    return {
        "state": "returned",
        "rubric_id": edition.id,
        "chosen": [2, 2, 0],
        "comment": words("assignments")["returned"],
        "again_until": assignment.due_at + timedelta(days=2),
        "graded_at": handed + timedelta(hours=1),
        "graded_by_id": grader_id,
        "version": 2,
    }
