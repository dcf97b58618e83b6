"""Proposals for training: made from needs, taken into the year plan or declined with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition, NotFound
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import ProposalState
from courses.models import (
    Course,
    PlanItem,
    PlanItemProposal,
    ProposalPerson,
    TrainingProposal,
    YearPlan,
)
from courses.planning_access import reach_of
from courses.services.year_plan import ItemInput, put_item
from skills.models import Competency, Employee

MOST_PEOPLE = 200
_USUAL_SEATS = 30


@dataclass(frozen=True)
class ProposalInput:
    """What is proposed: the competency, for whom, and why; priority 1 is the most urgent."""

    competency_id: int
    employee_ids: tuple[int, ...]
    reason: str
    priority: int = 2
    course_id: int | None = None


def propose_training(
    session: DbSession, *, actor: Actor, values: ProposalInput
) -> list[TrainingProposal]:
    """Propose training for people within the actor's reach; one proposal an OPD.

    Somebody who waits in an open proposal for the same competency is left out.

    Raises:
        NotFound: a person out of reach, or an unknown competency or course.
        InvalidInput: nobody, too many, or no reason.
        Conflict: everybody is proposed already.
    """
    people = _people(session, actor, values)
    competency = session.get(Competency, values.competency_id)
    if competency is None or competency.is_area:
        raise NotFound
    if values.course_id is not None and session.get(Course, values.course_id) is None:
        raise NotFound
    waiting = _waiting(session, values)
    by_opd: dict[int, list[Employee]] = {}
    for person in people:
        if person.id not in waiting:
            by_opd.setdefault(person.opd_id, []).append(person)
    if not by_opd:
        raise Conflict(N_("Orang ini sudah diusulkan untuk kompetensi yang sama."))
    made = [_proposal(actor, values, opd_id, rows) for opd_id, rows in sorted(by_opd.items())]
    session.add_all(made)
    session.flush()
    for row in made:
        ids = [person.employee_id for person in row.people]
        record(session, "courses:proposal:make", row, people=ids, competency=competency.code)
    return made


def _people(session: DbSession, actor: Actor, values: ProposalInput) -> Sequence[Employee]:
    wanted = set(values.employee_ids)
    if not wanted:
        raise InvalidInput(N_("Pilih paling sedikit satu orang."), field="employee_ids")
    if len(wanted) > MOST_PEOPLE:
        raise InvalidInput(
            Message(N_("Paling banyak %(most)s orang dalam satu usulan."), {"most": MOST_PEOPLE}),
            field="employee_ids",
        )
    if not values.reason.strip():
        raise InvalidInput(N_("Tulis alasannya: apa yang belum dapat dikerjakan."), field="reason")
    if not 1 <= values.priority <= 3:
        raise InvalidInput(N_("Prioritas antara 1 dan 3."), field="priority")
    found = session.scalars(
        select(Employee)
        .where(
            Employee.id.in_(wanted),
            Employee.employment_state == "active",
            reach_of(actor).clause(),
        )
        .order_by(Employee.id)
    ).all()
    if len(found) != len(wanted):
        raise NotFound
    return found


def _waiting(session: DbSession, values: ProposalInput) -> set[int]:
    return set(
        session.scalars(
            select(ProposalPerson.employee_id)
            .join(TrainingProposal)
            .where(
                TrainingProposal.state == ProposalState.SUBMITTED,
                TrainingProposal.competency_id == values.competency_id,
                ProposalPerson.employee_id.in_(values.employee_ids),
            )
        )
    )


def _proposal(
    actor: Actor, values: ProposalInput, opd_id: int, people: Sequence[Employee]
) -> TrainingProposal:
    return TrainingProposal(
        opd_id=opd_id,
        competency_id=values.competency_id,
        course_id=values.course_id,
        priority=values.priority,
        reason=values.reason.strip()[:500],
        state=ProposalState.SUBMITTED,
        created_at=clock.now(),
        created_by_id=actor.account_id,
        created_by_label=actor.label,
        people=[ProposalPerson(employee_id=person.id) for person in people],
    )


def _check_open(proposal: TrainingProposal, version: int | None) -> None:
    if proposal.state != ProposalState.SUBMITTED or proposal.version != version:
        raise InvalidTransition(N_("Usulan ini sudah berubah. Muat ulang lalu periksa lagi."))


def take_proposal(
    session: DbSession,
    *,
    actor: Actor,
    proposal: TrainingProposal,
    plan: YearPlan,
    course: Course,
    version: int | None,
) -> PlanItem:
    """Take a proposal into a draft plan: its people get seats in the course.

    Raises:
        InvalidTransition: it was answered before, or the plan is no draft.
        InvalidInput: the course does not teach the competency.
    """
    _check_open(proposal, version)
    if all(row.competency_id != proposal.competency_id for row in course.competencies):
        raise InvalidInput(N_("Pelatihan ini tidak mengajarkan kompetensi yang diusulkan."))
    item = next((row for row in plan.items if row.course_id == course.id), None)
    count = len(proposal.people)
    before = seats_taken(session, item) if item is not None else 0
    seats = item.seats if item is not None else min(_USUAL_SEATS, max(1, count))
    sessions = max(item.sessions if item is not None else 1, -(-(before + count) // seats))
    values = ItemInput(
        sessions=sessions,
        seats=seats,
        cost=item.cost if item is not None else course.cost,
        quarter=item.quarter if item is not None else 1,
        note=item.note if item is not None else "",
    )
    item = put_item(session, plan=plan, course=course, values=values)
    item.needed = max(item.needed, before + count)
    session.add(PlanItemProposal(proposal_id=proposal.id, item_id=item.id))
    _answer(proposal, actor, ProposalState.TAKEN, "")
    session.flush()
    _close(session, proposal, "take", N_("Usulan pelatihan %(name)s masuk rencana %(year)s."), plan)
    return item


def seats_taken(session: DbSession, item: PlanItem) -> int:
    """Return how many people of proposals an item has taken."""
    rows = session.scalars(
        select(ProposalPerson.id)
        .join(PlanItemProposal, PlanItemProposal.proposal_id == ProposalPerson.proposal_id)
        .where(PlanItemProposal.item_id == item.id)
    )
    return len(rows.all())


def decline_proposal(
    session: DbSession,
    *,
    actor: Actor,
    proposal: TrainingProposal,
    reason: str,
    version: int | None,
) -> None:
    """Decline a proposal with a reason; who made it is told.

    Raises:
        InvalidTransition: it was answered before.
        InvalidInput: no reason.
    """
    _check_open(proposal, version)
    if not reason.strip():
        raise InvalidInput(N_("Tulis alasannya agar pengusul tahu."), field="reason")
    _answer(proposal, actor, ProposalState.DECLINED, reason.strip()[:500])
    session.flush()
    text = N_("Usulan pelatihan %(name)s ditolak: %(answer)s")
    _close(session, proposal, "decline", text, None)


def _answer(proposal: TrainingProposal, actor: Actor, state: ProposalState, answer: str) -> None:
    proposal.state, proposal.answer = state, answer
    proposal.decided_at, proposal.decided_by_label = clock.now(), actor.label


def _close(
    session: DbSession, proposal: TrainingProposal, step: str, text: str, plan: YearPlan | None
) -> None:
    people = [row.employee_id for row in proposal.people]
    record(session, f"courses:proposal:{step}", proposal, people=people)
    if proposal.created_by_id is None:
        return
    params = {"name": proposal.competency.name, "answer": proposal.answer}
    notify(
        session,
        account_id=proposal.created_by_id,
        kind="session",
        message=Message(text, {**params, "year": plan.year if plan else ""}),
        url="/usulan",
        key=f"proposal:{proposal.id}",
    )
