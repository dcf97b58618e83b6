"""Assignments with a rubric of two criteria by three levels."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session as DbSession

from app.core import clock
from courses.assignments.rules import Cell, Criterion, Rubric
from courses.models import Assignment, Session
from courses.services.assignment_setup import AssignmentInput, create_assignment

RUBRIC = Rubric(
    ("Kurang", "Cukup", "Baik"),
    (
        Criterion("Isi", (Cell(0, "tidak menjawab"), Cell(20), Cell(40))),
        Criterion("Bahasa", (Cell(0), Cell(5), Cell(10))),
    ),
)


def make_assignment(
    session: DbSession, run: Session, *, state: str = "published", hours: int = 48, **fields: Any
) -> Assignment:
    """Add an assignment that is due in some hours; late work loses a tenth."""
    usual = {
        "title": "Rencana aksi",
        "brief": "Tulis rencana aksi unit Anda.",
        "due_at": clock.now() + timedelta(hours=hours),
        "weight": 50,
        "late_percent": 10,
        "rubric": RUBRIC,
    }
    row = create_assignment(session, run=run, values=AssignmentInput(**{**usual, **fields}))
    row.state = state
    session.flush()
    return row
