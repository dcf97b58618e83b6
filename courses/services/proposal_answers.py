"""Answers to proposals: taken into the year plan, declined with a reason, and taken back again."""

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput, InvalidTransition
from app.core.i18n import N_
from courses.enums import PlanState, ProposalState
from courses.models import Course, PlanItem, PlanItemProposal, TrainingProposal, YearPlan
from courses.queries.plan_ledger import plan_policy
from courses.services.plan_figures import proposed_people, refresh_figures
from courses.services.proposal_links import reopen, tell_proposer
from courses.services.year_plan import ItemInput, add_item, change_item, find_item, lock_plan


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
    known = find_item(plan, course.id)
    before = known.sessions if known is not None else None
    item = _seated(session, plan, course, known, len(proposal.people))
    session.add(
        PlanItemProposal(
            proposal_id=proposal.id,
            item_id=item.id,
            sessions_before=before,
            sessions_after=item.sessions,
        )
    )
    _answer(proposal, actor, ProposalState.TAKEN, "")
    session.flush()
    refresh_figures(session, plan)
    _record(session, proposal, "take")
    tell_proposer(
        session,
        proposal,
        N_("Usulan pelatihan %(name)s masuk rencana %(year)s."),
        {"year": plan.year},
    )
    return item


def _seated(
    session: DbSession, plan: YearPlan, course: Course, known: PlanItem | None, count: int
) -> PlanItem:
    """Return the item of a course with sessions enough for so many more people."""
    if known is None:
        seats = min(plan_policy(session).seats, max(1, count))
        values = ItemInput(sessions=-(-count // seats) or 1, seats=seats, cost=course.cost)
        return add_item(session, plan=plan, course=course, values=values)
    taken = proposed_people(session, [known.id]).get(known.id, 0)
    sessions = max(known.sessions, -(-(taken + count) // known.seats))
    values = _values(known, sessions)
    return change_item(session, item=known, values=values, version=known.version)


def _values(item: PlanItem, sessions: int) -> ItemInput:
    return ItemInput(sessions, item.seats, item.cost, item.quarter, item.note)


def undo_answer(
    session: DbSession, *, actor: Actor, proposal: TrainingProposal, version: int | None
) -> None:
    """Take an answer back: the proposal waits again, the plan loses what it gained by it.

    Sessions that the proposal added go away as far as other proposals do not need them; an item
    that was made for it alone and was not touched since goes as a whole.

    Raises:
        InvalidTransition: it has no answer, has changed, or its plan is no draft any more.
    """
    if proposal.state == ProposalState.SUBMITTED or proposal.version != version:
        raise InvalidTransition(N_("Usulan ini sudah berubah. Muat ulang lalu periksa lagi."))
    link = session.scalar(
        select(PlanItemProposal).where(PlanItemProposal.proposal_id == proposal.id)
    )
    if link is not None:
        _take_out(session, link)
    reopen(session, proposal)
    _record(session, proposal, "undo")
    tell_proposer(
        session,
        proposal,
        N_("Jawaban atas usulan pelatihan %(name)s ditarik oleh %(by)s; usulan menunggu lagi."),
        {"by": actor.label},
    )


def _take_out(session: DbSession, link: PlanItemProposal) -> None:
    item = session.get_one(PlanItem, link.item_id)
    plan = item.plan
    lock_plan(session, plan)
    if plan.state != PlanState.DRAFT:
        raise InvalidTransition(
            N_("Rencana itu bukan draf lagi. Kembalikan rencana menjadi draf lebih dahulu.")
        )
    session.delete(link)
    session.flush()
    left = proposed_people(session, [item.id]).get(item.id, 0)
    untouched = item.sessions == link.sessions_after
    if link.sessions_before is None and untouched and not left:
        plan.items.remove(item)
    elif untouched and link.sessions_before is not None:
        item.sessions = max(link.sessions_before, -(-left // item.seats))
        item.version += 1
    session.flush()
    refresh_figures(session, plan)


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
    _record(session, proposal, "decline")
    text = N_("Usulan pelatihan %(name)s ditolak: %(answer)s")
    tell_proposer(session, proposal, text, {"answer": proposal.answer})


def _answer(proposal: TrainingProposal, actor: Actor, state: ProposalState, answer: str) -> None:
    proposal.state, proposal.answer = state, answer
    proposal.decided_at, proposal.decided_by_label = clock.now(), actor.label


def _record(session: DbSession, proposal: TrainingProposal, step: str) -> None:
    people = [row.employee_id for row in proposal.people]
    record(session, f"courses:proposal:{step}", proposal, people=people)
