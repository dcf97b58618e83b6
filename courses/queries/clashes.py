"""Who is in another session at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import aliased

from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, Session

_TAKES_PART = (EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED, EnrolmentState.PROPOSED)


@dataclass(frozen=True)
class Clash:
    """Another session of the person at the same time: a warning, never a block."""

    session_title: str
    starts_on: date
    ends_on: date


def clashes(session: DbSession, *, run: Session, employee_ids: Sequence[int]) -> dict[int, Clash]:
    """Return, per person, another session that overlaps in dates."""
    rows = session.execute(
        select(Enrolment.employee_id, Session.title, Session.starts_on, Session.ends_on)
        .join(Session, Session.id == Enrolment.session_id)
        .where(
            Enrolment.employee_id.in_(employee_ids),
            Enrolment.state.in_(_TAKES_PART),
            Session.id != run.id,
            Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
            Session.starts_on <= run.ends_on,
            Session.ends_on >= run.starts_on,
        )
        .order_by(Session.starts_on, Session.id)
    )
    found: dict[int, Clash] = {}
    for employee_id, title, starts, ends in rows:
        found.setdefault(employee_id, Clash(title, starts, ends))
    return found


def clashes_of(session: DbSession, rows: Sequence[Enrolment]) -> dict[int, Clash]:
    """Return, per enrolment, another session of the same person that overlaps in dates."""
    mine, other = aliased(Session), aliased(Enrolment)
    found: dict[int, Clash] = {}
    for number, title, starts, ends in session.execute(
        select(Enrolment.id, Session.title, Session.starts_on, Session.ends_on)
        .join(mine, mine.id == Enrolment.session_id)
        .join(other, other.employee_id == Enrolment.employee_id)
        .join(Session, Session.id == other.session_id)
        .where(
            Enrolment.id.in_([row.id for row in rows]),
            other.state.in_(_TAKES_PART),
            Session.id != mine.id,
            Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
            Session.starts_on <= mine.ends_on,
            Session.ends_on >= mine.starts_on,
        )
        .order_by(Session.starts_on, Session.id)
    ):
        found.setdefault(number, Clash(title, starts, ends))
    return found
