"""Proposals for training: made from needs, for people within reach."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, NotFound
from app.core.i18n import N_, Message
from courses.enums import ProposalState
from courses.models import Course, ProposalPerson, TrainingProposal
from courses.planning_access import reach_of
from skills.models import Competency, Employee

MOST_PEOPLE = 200


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
