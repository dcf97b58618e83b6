"""The order of a waiting list."""

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import Session as DbSession

from courses.enums import EnrolmentState
from courses.models import Enrolment

# Who is next: by the result of an allocation where there was one, otherwise who came first.
LAST_RANK = 1_000_000
LINE = (
    func.coalesce(Enrolment.allocation_rank, LAST_RANK),
    Enrolment.waiting_since,
    Enrolment.id,
)


def place_in_line(session: DbSession, enrolment: Enrolment) -> int:
    """Return the place on the waiting list, from 1."""
    earlier = (
        select(func.count())
        .select_from(Enrolment)
        .where(
            Enrolment.session_id == enrolment.session_id,
            Enrolment.state == EnrolmentState.WAITLISTED,
            tuple_(*LINE)
            < tuple_(
                literal(
                    LAST_RANK if enrolment.allocation_rank is None else enrolment.allocation_rank
                ),
                literal(enrolment.waiting_since, Enrolment.waiting_since.type),
                literal(enrolment.id),
            ),
        )
    )
    return (session.scalar(earlier) or 0) + 1
