"""Proposals for training: made for people within reach, and taken back by who made them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition, NotFound
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import ProposalState
from courses.models import Course, ProposalPerson, TrainingProposal
from courses.queries.team_proposals import live_proposals
from skills.models import Competency, Employee

MOST_PEOPLE = 200
PRIORITIES = (1, 2, 3)
SHORTEST_REASON, LONGEST_REASON = 5, 500


@dataclass(frozen=True)
class Wish:
    """What somebody proposes: a competency, maybe a course, how urgent (1 is most) and why."""

    competency_id: int
    reason: str
    priority: int = 2
    course_id: int | None = None


def propose_training(
    session: DbSession,
    *,
    actor: Actor,
    people: Sequence[Employee],
    wish: Wish,
    pass_over_known: bool = False,
) -> list[TrainingProposal]:
    """Propose that people learn something, one proposal an OPD; they are told.

    Args:
        people: within the actor's reach (the caller has checked).
        pass_over_known: leave out who is proposed for the competency already, as long as
            somebody is left; otherwise that is refused with their names.

    Raises:
        NotFound: an unknown competency.
        InvalidInput: nobody, too many, somebody who has left, no reason, a course that does not
            teach it.
        Conflict: they are proposed for this competency already.
    """
    competency = _check(session, people, wish)
    known = live_proposals(
        session, employee_ids=[row.id for row in people], competency_id=wish.competency_id
    )
    taken = [row for row in people if (row.id, wish.competency_id) in known]
    if taken and (not pass_over_known or len(taken) == len(people)):
        names = ", ".join(row.name for row in taken)
        raise Conflict(
            Message(N_("Sudah diusulkan sebelumnya: %(names)s."), {"names": names}), field="orang"
        )
    made = _made(actor, people, wish, without={row.id for row in taken})
    session.add_all(made)
    session.flush()
    for proposal in made:
        _tell_people(session, actor, proposal, competency)
    return made


def _check(session: DbSession, people: Sequence[Employee], wish: Wish) -> Competency:
    if not people:
        raise InvalidInput(N_("Pilih paling sedikit satu orang."), field="orang")
    if len(people) > MOST_PEOPLE:
        raise InvalidInput(
            Message(N_("Paling banyak %(most)s orang dalam satu usulan."), {"most": MOST_PEOPLE}),
            field="orang",
        )
    gone = [row.name for row in people if row.employment_state != "active"]
    if gone:
        names = {"name": ", ".join(gone)}
        raise InvalidInput(Message(N_("%(name)s tidak berstatus aktif."), names), field="orang")
    if wish.priority not in PRIORITIES:
        raise InvalidInput(N_("Pilih tingkat kepentingan."), field="priority")
    if not SHORTEST_REASON <= len(wish.reason.strip()) <= LONGEST_REASON:
        raise InvalidInput(
            N_("Tulis alasannya secara singkat: apa yang belum dapat dikerjakan."), field="reason"
        )
    competency = session.get(Competency, wish.competency_id)
    if competency is None or competency.is_area:
        raise NotFound
    if wish.course_id is not None:
        course = session.get(Course, wish.course_id)
        taught = {row.competency_id for row in course.competencies} if course else set()
        if wish.competency_id not in taught:
            raise InvalidInput(N_("Pilih pelatihan dari daftar."), field="course_id")
    return competency


def _made(
    actor: Actor, people: Sequence[Employee], wish: Wish, *, without: Collection[int]
) -> list[TrainingProposal]:
    by_opd: dict[int, list[Employee]] = {}
    for person in sorted(people, key=lambda row: row.id):
        if person.id not in without:
            by_opd.setdefault(person.opd_id, []).append(person)
    return [
        TrainingProposal(
            opd_id=opd_id,
            competency_id=wish.competency_id,
            course_id=wish.course_id,
            priority=wish.priority,
            reason=wish.reason.strip(),
            state=ProposalState.SUBMITTED,
            created_at=clock.now(),
            created_by_id=actor.account_id,
            created_by_label=actor.label[:200],
            people=[ProposalPerson(employee_id=person.id) for person in rows],
        )
        for opd_id, rows in sorted(by_opd.items())
    ]


def _tell_people(
    session: DbSession, actor: Actor, proposal: TrainingProposal, competency: Competency
) -> None:
    people = [row.employee_id for row in proposal.people]
    record(
        session,
        "courses:proposal:make",
        proposal,
        people=people,
        competency=competency.code,
        priority=proposal.priority,
    )
    for employee_id in people:
        notify(
            session,
            employee_id=employee_id,
            kind="enrolment",
            message=Message(
                N_("%(name)s mengusulkan Anda mengikuti pelatihan %(competency)s."),
                {"name": actor.label, "competency": competency.name},
            ),
            url=f"/profil#kompetensi-{competency.id}",
            key=f"proposal:{proposal.id}",
        )


def withdraw_proposal(session: DbSession, *, proposal: TrainingProposal) -> None:
    """Take back a proposal that nobody has answered yet: it is gone, the audit trail keeps it.

    Raises:
        InvalidTransition: it was answered or merged before.
    """
    if proposal.state != ProposalState.SUBMITTED:
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
