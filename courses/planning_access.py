"""Predicates of planning: needs, proposals, the year plan, accounts of hours and their proofs."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import object_session

from app.core.actor import Actor, RoleName
from app.core.permissions import Permission
from app.core.policy import grant, holds, holds_for_opd, may
from courses.models import JpClaim
from skills.access import not_own, own, reaches_person, supervises
from skills.models import Employee, TrainingRecord

R = RoleName
PROOF = "jp_proof"  # purpose of files that prove learning elsewhere
_CITY = (R.ORGANISER, R.OFFICER, R.EXECUTIVE, R.AUDITOR)


@dataclass(frozen=True)
class Reach:
    """Whose needs and hours somebody reads: all (None), some OPD, a supervisor's people, some."""

    opd_ids: frozenset[int] | None
    supervisor_id: int | None = None
    people: frozenset[int] = frozenset()

    def clause(self) -> ColumnElement[bool]:
        """Return the condition on `Employee` for the people within reach."""
        if self.opd_ids is None:
            return true()
        parts: list[ColumnElement[bool]] = [
            Employee.opd_id.in_(self.opd_ids),
            Employee.id.in_(self.people),
        ]
        if self.supervisor_id is not None:
            parts.append(Employee.supervisor_id == self.supervisor_id)
        return or_(*parts)


def reach_of(actor: Actor) -> Reach:
    """Return the reach of an actor by its roles; a supervisor reaches the own people."""
    roles = (*_CITY, R.OPD_MANAGER)
    chief = actor.employee_id if actor.has(R.SUPERVISOR) else None
    if not actor.has(*roles):
        return Reach(frozenset(), chief)
    return Reach(actor.opd_ids(*roles), chief)


def proposed_it(actor: Actor, obj: Any) -> bool:
    """The actor made the proposal, or could make one at all."""
    if obj is None:
        return actor.has(R.SUPERVISOR, R.OPD_MANAGER, R.OFFICER)
    return actor.account_id is not None and obj.created_by_id == actor.account_id


def manages_an_opd(actor: Actor, obj: Any) -> bool:
    """The actor manages the staff of an OPD; the plan is that of the whole city."""
    return actor.has(R.OPD_MANAGER)


def proof_reader(actor: Actor, file: Any) -> bool:
    """A proof of hours is read by its owner and by who may verify the claim it belongs to."""
    if file is None or getattr(file, "purpose", None) != PROOF or not actor.is_signed_in:
        return False
    if file.owner_employee_id is not None and file.owner_employee_id == actor.employee_id:
        return True
    session = object_session(file)
    if session is None:
        return False
    claim = session.scalar(
        select(JpClaim)
        .join(TrainingRecord, TrainingRecord.id == JpClaim.record_id)
        .where(TrainingRecord.file_id == file.id)
    )
    return claim is not None and may(actor, Permission.JP_VERIFY, claim)


def register() -> None:
    """Put the predicates into the policy."""
    readers = reaches_person(*_CITY, R.OPD_MANAGER)
    grant(Permission.NEED_READ, supervises, holds(*_CITY), holds_for_opd(R.OPD_MANAGER))
    grant(Permission.PROPOSAL_MAKE, proposed_it)
    grant(Permission.PROPOSAL_DECIDE, holds(R.ORGANISER, R.OFFICER))
    grant(Permission.PLAN_READ, holds(*_CITY), manages_an_opd)
    grant(Permission.PLAN_ADOPT, holds(R.OFFICER, R.EXECUTIVE))
    grant(Permission.PLAN_MANAGE, holds(R.ORGANISER, R.OFFICER))
    grant(Permission.JP_CLAIM, own)
    grant(Permission.JP_READ, supervises, readers)
    grant(Permission.JP_VERIFY, not_own(reaches_person(R.ORGANISER, R.OFFICER)))
    grant(Permission.FILE_READ, proof_reader)
