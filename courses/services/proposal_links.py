"""Proposals whose answer falls away, and what is told to who made them."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core.audit import record
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import ProposalState
from courses.models import PlanItem, PlanItemProposal, TrainingProposal


def reopen(session: DbSession, proposal: TrainingProposal) -> None:
    """Let a proposal wait for an answer again."""
    proposal.state, proposal.answer = ProposalState.SUBMITTED, ""
    proposal.decided_at, proposal.decided_by_label = None, ""
    session.flush()


def release_proposals(session: DbSession, *, item: PlanItem) -> None:
    """Let the proposals that an item answers wait again, before the item goes."""
    rows = session.scalars(
        select(TrainingProposal)
        .join(PlanItemProposal, PlanItemProposal.proposal_id == TrainingProposal.id)
        .where(PlanItemProposal.item_id == item.id)
        .order_by(TrainingProposal.id)
    ).all()
    for link in session.scalars(
        select(PlanItemProposal)
        .where(PlanItemProposal.item_id == item.id)
        .order_by(PlanItemProposal.proposal_id)
    ).all():
        session.delete(link)
    for proposal in rows:
        reopen(session, proposal)
        people = [row.employee_id for row in proposal.people]
        record(session, "courses:proposal:undo", proposal, people=people)
        tell_proposer(
            session,
            proposal,
            N_("Pelatihan untuk usulan %(name)s dikeluarkan dari rencana; usulan menunggu lagi."),
            {},
        )


def tell_proposer(
    session: DbSession, proposal: TrainingProposal, text: str, params: Mapping[str, object]
) -> None:
    """Tell who made a proposal what became of it."""
    if proposal.created_by_id is None:
        return
    notify(
        session,
        account_id=proposal.created_by_id,
        kind="session",
        message=Message(text, {"name": proposal.competency.name, **params}),
        url="/usulan",
        key=f"proposal:{proposal.id}",
    )
