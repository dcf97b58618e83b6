"""What a team view needs to propose training: courses for a gap, and what is proposed already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload, selectinload

from app.core import clock
from courses.enums import ProposalState, SessionState
from courses.models import (
    Course,
    CourseCompetency,
    PlanItem,
    PlanItemProposal,
    ProposalPerson,
    Session,
    TrainingProposal,
    YearPlan,
)


@dataclass(frozen=True)
class CourseChoice:
    """A course that leads towards a level, with the day its next open session begins."""

    course: Course
    to_level: int
    next_starts_on: date | None


def courses_towards(
    session: DbSession, *, competency_id: int, held: int | None, day: date
) -> list[CourseChoice]:
    """Return the courses in force that lead above a level, the soonest session first."""
    upcoming = (
        select(Session.course_id, func.min(Session.starts_on).label("starts_on"))
        .where(Session.state == SessionState.OPEN, Session.starts_on >= day)
        .group_by(Session.course_id)
        .subquery()
    )
    rows = session.execute(
        select(Course, CourseCompetency.to_level, upcoming.c.starts_on)
        .join(CourseCompetency, CourseCompetency.course_id == Course.id)
        .outerjoin(upcoming, upcoming.c.course_id == Course.id)
        .where(
            CourseCompetency.competency_id == competency_id,
            CourseCompetency.to_level > (held or 0),
            Course.state == "in_force",
        )
        .order_by(upcoming.c.starts_on.is_(None), upcoming.c.starts_on, Course.code)
    )
    return [CourseChoice(course, level, starts_on) for course, level, starts_on in rows]


def live_proposals(
    session: DbSession, *, employee_ids: Sequence[int], competency_id: int | None = None
) -> Mapping[tuple[int, int], TrainingProposal]:
    """Return the live proposals by (person, competency), the newest of each.

    One lives while it waits, or stands in a plan of this year or a later one: who was planned for
    a year that is over can be proposed again.
    """
    this_year = clock.today().year
    over = exists(
        select(PlanItemProposal.proposal_id)
        .join(PlanItem, PlanItem.id == PlanItemProposal.item_id)
        .join(YearPlan, YearPlan.id == PlanItem.plan_id)
        .where(PlanItemProposal.proposal_id == TrainingProposal.id, YearPlan.year < this_year)
    )
    live = or_(
        TrainingProposal.state == ProposalState.SUBMITTED,
        (TrainingProposal.state == ProposalState.TAKEN) & ~over,
    )
    statement = (
        select(ProposalPerson.employee_id, TrainingProposal)
        .join(TrainingProposal, TrainingProposal.id == ProposalPerson.proposal_id)
        .where(ProposalPerson.employee_id.in_(employee_ids), live)
        .options(joinedload(TrainingProposal.course))
        .order_by(TrainingProposal.id)
    )
    if competency_id is not None:
        statement = statement.where(TrainingProposal.competency_id == competency_id)
    return {(person, row.competency_id): row for person, row in session.execute(statement)}


def find_proposal(
    session: DbSession, proposal_id: int, *, lock: bool = False
) -> TrainingProposal | None:
    """Return a proposal with its people, or None.

    Args:
        lock: hold the row until the transaction ends, for those who change it.
    """
    if lock:
        session.execute(
            select(TrainingProposal.id).where(TrainingProposal.id == proposal_id).with_for_update()
        )
    return session.scalar(
        select(TrainingProposal)
        .where(TrainingProposal.id == proposal_id)
        .options(selectinload(TrainingProposal.people), joinedload(TrainingProposal.competency))
        .execution_options(populate_existing=lock)
    )
