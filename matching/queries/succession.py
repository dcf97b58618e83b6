"""Reads of successors."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.models import SeatSuccessor


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
