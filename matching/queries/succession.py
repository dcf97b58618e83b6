"""Reads of successors."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.enums import Readiness, SeatState
from matching.models import Seat, SeatSuccessor
from skills.models import Employee


def find_successor(session: Session, *, seat_id: int, row_id: int) -> SeatSuccessor | None:
    """Return a row of a seat's line, or None."""
    return session.scalar(
        select(SeatSuccessor).where(SeatSuccessor.id == row_id, SeatSuccessor.seat_id == seat_id)
    )


def past_successors(session: Session, seat_id: int) -> list[SeatSuccessor]:
    """Return the rows that have ended, the newest first."""
    return list(
        session.scalars(
            select(SeatSuccessor)
            .where(SeatSuccessor.seat_id == seat_id, SeatSuccessor.until.is_not(None))
            .order_by(SeatSuccessor.until.desc(), SeatSuccessor.id.desc())
        )
    )


def seats_without_ready(session: Session) -> tuple[int, int]:
    """Return how many key seats have no successor in service who is ready, and of how many."""
    ready = (
        select(SeatSuccessor.seat_id)
        .join(Employee, Employee.id == SeatSuccessor.employee_id)
        .where(
            SeatSuccessor.until.is_(None),
            SeatSuccessor.readiness == Readiness.NOW,
            Employee.employment_state == "active",
        )
    )
    key = select(func.count(Seat.id)).where(Seat.state != SeatState.CLOSED, Seat.is_key.is_(True))
    without = session.scalar(key.where(Seat.id.not_in(ready))) or 0
    return without, session.scalar(key) or 0
