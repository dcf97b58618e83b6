"""A supervisor proposes training for people of the own team, and can take the proposal back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.models import Course, ProposalPerson, TrainingProposal
from courses.queries.team_proposals import live_proposals
from skills.models import Competency, Employee

PRIORITIES = (1, 2, 3)
LONGEST_REASON = 500


@dataclass(frozen=True)
class Wish:
    """What somebody proposes: a competency, maybe a course, how urgent and why."""

    competency_id: int
    course_id: int | None
    priority: int
    reason: str


def propose_training(
    session: DbSession, *, actor: Actor, people: Sequence[Employee], wish: Wish
) -> TrainingProposal:
    """Propose that people learn something; they are told, the organiser decides.

    Args:
        people: within the actor's team (the caller has checked), of one OPD.

    Raises:
        InvalidInput: nobody, people of several OPD, no reason, a course that does not teach it.
        Conflict: one of them is proposed for this competency already.
    """
    competency = _check(session, people, wish)
    known = live_proposals(
        session, employee_ids=[row.id for row in people], competency_id=wish.competency_id
    )
    taken = [row.name for row in people if (row.id, wish.competency_id) in known]
    if taken:
        raise Conflict(
            Message(N_("Sudah diusulkan sebelumnya: %(names)s."), {"names": ", ".join(taken)}),
            field="orang",
        )
    proposal = TrainingProposal(
        opd_id=people[0].opd_id,
        competency_id=wish.competency_id,
        course_id=wish.course_id,
        priority=wish.priority,
        reason=wish.reason.strip(),
        state="submitted",
        created_at=clock.now(),
        created_by_id=actor.account_id,
        created_by_label=actor.label[:200],
        people=[ProposalPerson(employee_id=row.id) for row in people],
    )
    session.add(proposal)
    session.flush()
    ids = [row.id for row in people]
    record(session, "courses:proposal:make", proposal, people=ids, priority=wish.priority)
    for row in people:
        notify(
            session,
            employee_id=row.id,
            kind="enrolment",
            message=Message(
                N_("%(name)s mengusulkan Anda mengikuti pelatihan %(competency)s."),
                {"name": actor.label, "competency": competency.name},
            ),
            url=f"/profil#kompetensi-{competency.id}",
            key=f"proposal:{proposal.id}",
        )
    return proposal


def _check(session: DbSession, people: Sequence[Employee], wish: Wish) -> Competency:
    if not people:
        raise InvalidInput(N_("Pilih paling sedikit satu orang."), field="orang")
    if len({row.opd_id for row in people}) > 1:
        raise InvalidInput(N_("Satu usulan memuat orang dari satu OPD."), field="orang")
    if wish.priority not in PRIORITIES:
        raise InvalidInput(N_("Pilih tingkat kepentingan."), field="priority")
    if not 5 <= len(wish.reason.strip()) <= LONGEST_REASON:
        raise InvalidInput(N_("Tulis alasannya secara singkat."), field="reason")
    competency = session.get(Competency, wish.competency_id)
    if competency is None or competency.is_area:
        raise InvalidInput(N_("Kompetensi tidak ada di kamus yang berlaku."))
    if wish.course_id is not None:
        course = session.get(Course, wish.course_id)
        taught = {row.competency_id for row in course.competencies} if course else set()
        if wish.competency_id not in taught:
            raise InvalidInput(N_("Pilih pelatihan dari daftar."), field="course_id")
    return competency


def withdraw_proposal(session: DbSession, *, proposal: TrainingProposal) -> None:
    """Take back a proposal that nobody has answered yet: it is gone, the audit trail keeps it.

    Raises:
        InvalidTransition: it was answered or merged before.
    """
    if proposal.state != "submitted":
        raise InvalidTransition(N_("Usulan ini sudah diproses dan tidak dapat dibatalkan."))
    ids = [row.employee_id for row in proposal.people]
    record(
        session,
        "courses:proposal:withdraw",
        proposal,
        people=ids,
        competency=proposal.competency.code,
        reason=proposal.reason,
    )
    session.delete(proposal)
    session.flush()
