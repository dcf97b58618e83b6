"""Reads of year plans and proposals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload, selectinload

from courses.enums import PlanState, ProposalState
from courses.models import (
    Course,
    CourseCompetency,
    PlanItem,
    PlanItemSession,
    ProposalPerson,
    Session,
    TrainingProposal,
    YearPlan,
)
from courses.services.plan_figures import plan_cost, plan_hours


@dataclass(frozen=True)
class PlanFigures:
    """What a plan adds up to, beside its bounds."""

    sessions: int
    seats: int
    cost: int
    hours: int
    budget: int
    hour_limit: int
    duty_hours: int

    @property
    def money_left(self) -> int:
        """Rupiah that are left; negative beyond the budget."""
        return self.budget - self.cost

    @property
    def hours_left(self) -> int:
        """Hours that are left; negative beyond the limit."""
        return self.hour_limit - self.hours


def plan_figures(plan: YearPlan) -> PlanFigures:
    """Return the figures of a plan."""
    return PlanFigures(
        sessions=sum(row.sessions for row in plan.items),
        seats=sum(row.sessions * row.seats for row in plan.items),
        cost=plan_cost(plan),
        hours=plan_hours(plan),
        budget=plan.budget,
        hour_limit=plan.hours,
        duty_hours=sum(row.duty_hours for row in plan.items),
    )


def all_plans(session: DbSession) -> Sequence[YearPlan]:
    """Return the plans with their items, the newest first."""
    return session.scalars(
        select(YearPlan)
        .options(selectinload(YearPlan.items))
        .order_by(YearPlan.year.desc(), YearPlan.edition.desc())
    ).all()


def find_plan(session: DbSession, plan_id: int) -> YearPlan | None:
    """Return a plan with its items, courses and what they teach, or None."""
    return session.scalar(
        select(YearPlan)
        .where(YearPlan.id == plan_id)
        .options(
            selectinload(YearPlan.items)
            .joinedload(PlanItem.course)
            .selectinload(Course.competencies)
            .joinedload(CourseCompetency.competency)
        )
    )


def draft_plans(session: DbSession) -> Sequence[YearPlan]:
    """Return the plans that can still be changed, the next year first."""
    return session.scalars(
        select(YearPlan).where(YearPlan.state == PlanState.DRAFT).order_by(YearPlan.year)
    ).all()


def sessions_of_plan(session: DbSession, plan: YearPlan) -> Mapping[int, Sequence[Session]]:
    """Return the sessions drafted from the items of a plan, by item."""
    rows = session.execute(
        select(PlanItemSession.item_id, Session)
        .join(Session, Session.id == PlanItemSession.session_id)
        .where(PlanItemSession.item_id.in_([item.id for item in plan.items]))
        .order_by(Session.starts_on, Session.id)
    )
    found: dict[int, list[Session]] = {}
    for item, run in rows:
        found.setdefault(item, []).append(run)
    return found


def proposals_statement(
    *, account_id: int | None, state: str | None, opd_id: int | None
) -> Select[TrainingProposal]:
    """Return the proposals of a list.

    Args:
        account_id: only those that this account made; None: all.
    """
    statement = select(TrainingProposal).options(
        joinedload(TrainingProposal.opd),
        joinedload(TrainingProposal.competency),
        joinedload(TrainingProposal.course),
        selectinload(TrainingProposal.people).joinedload(ProposalPerson.employee),
    )
    if account_id is not None:
        statement = statement.where(TrainingProposal.created_by_id == account_id)
    if state:
        statement = statement.where(TrainingProposal.state == state)
    if opd_id:
        statement = statement.where(TrainingProposal.opd_id == opd_id)
    return statement


def proposal_counts(session: DbSession, *, account_id: int | None) -> Mapping[str, int]:
    """Return how many proposals are in each state."""
    statement = select(TrainingProposal.state, func.count()).group_by(TrainingProposal.state)
    if account_id is not None:
        statement = statement.where(TrainingProposal.created_by_id == account_id)
    counted = {row[0]: row[1] for row in session.execute(statement)}
    return {state.value: counted.get(state.value, 0) for state in ProposalState}


def find_proposal(session: DbSession, proposal_id: int) -> TrainingProposal | None:
    """Return a proposal, or None."""
    return session.get(TrainingProposal, proposal_id)
