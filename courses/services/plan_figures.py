"""What a year plan costs and what it would do: figures kept with its items while it is a draft."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from courses.models import Course, PlanItem, PlanItemProposal, ProposalPerson, YearPlan
from courses.plan_suggestion import Ledger, PlannedCourse, place_course
from courses.queries.plan_ledger import plan_ledger


def plan_cost(plan: YearPlan) -> int:
    """Return the rupiah of all seats of a plan."""
    return sum(row.sessions * row.seats * row.cost for row in plan.items)


def plan_hours(plan: YearPlan) -> int:
    """Return the hours of all sessions of a plan."""
    return sum(row.sessions * row.jp for row in plan.items)


def refresh_figures(session: DbSession, plan: YearPlan) -> Ledger:
    """Say anew of each item whom it serves, in the order the items were added.

    A gap or an hour that an earlier item closes is not counted again, so that the figures of the
    items add up. The ledger is returned with all items written into it.
    """
    items = sorted(plan.items, key=lambda row: row.id)
    found = plan_ledger(
        session, year=plan.year, day=clock.today(), courses=[item.course for item in items]
    )
    proposed = proposed_people(session, [item.id for item in items])
    for item in items:
        planned = place_course(
            found, course_id=item.course_id, sessions=item.sessions, seats=item.seats
        )
        write_figures(item, planned, proposed.get(item.id, 0))
    session.flush()
    return found


def write_figures(item: PlanItem, planned: PlannedCourse, proposed: int = 0) -> None:
    """Keep with an item what it would do."""
    item.needed = max(planned.needed, proposed)
    item.levels, item.short_people = planned.levels, planned.short
    item.duty_hours, item.above_people = planned.duty_hours, planned.above


def add_suggested(
    plan: YearPlan, chosen: Sequence[PlannedCourse], courses: Mapping[int, Course]
) -> None:
    """Add suggested courses to a plan, spread over its quarters in the order of their worth."""
    for place, row in enumerate(chosen):
        course = courses[row.course_id]
        item = PlanItem(
            course_id=course.id,
            sessions=row.sessions,
            seats=row.seats,
            jp=course.jp,
            cost=course.cost,
            quarter=1 + place * 4 // len(chosen),
        )
        write_figures(item, row)
        plan.items.append(item)


def proposed_people(session: DbSession, item_ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many people of proposals each item has taken."""
    rows = session.execute(
        select(PlanItemProposal.item_id, func.count())
        .join(ProposalPerson, ProposalPerson.proposal_id == PlanItemProposal.proposal_id)
        .where(PlanItemProposal.item_id.in_(item_ids))
        .group_by(PlanItemProposal.item_id)
    )
    return {row[0]: row[1] for row in rows}
