"""Predicates of this package for the policy: who may see and do what with people and claims.

An object is anything with `employee_id` (a person's own data) and `opd_id` (the OPD it belongs to);
employees, claims and the small scope objects below qualify.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import object_session

from app.core.actor import Actor, RoleName, ScopeKind
from app.core.permissions import Permission
from app.core.policy import Predicate, grant, holds, holds_for_opd, may, signed_in, system
from skills.enums import RoundState
from skills.models import Claim, ClaimEvidence, OutsideRecord
from skills.services import departures
from skills.services.assessment_forms import is_rater
from skills.services.delegation import scope_of
from skills.services.outside import PURPOSE

R = RoleName
EVIDENCE = "evidence"  # purpose of files that prove claims
# Roles whose work needs talent data of others, within their reach.
READERS = (R.OFFICER, R.ASSESSOR, R.ORGANISER, R.EXECUTIVE, R.AUDITOR)


@dataclass(frozen=True)
class PersonScope:
    """The part of a person that decides about access, for rows that were not loaded whole."""

    employee_id: int
    opd_id: int
    unit_id: int | None = None
    supervisor_id: int | None = None


def own(actor: Actor, obj: Any) -> bool:
    """The object is the actor's own; without an object: the actor is an employee at all."""
    if actor.employee_id is None:
        return False
    return obj is None or getattr(obj, "employee_id", None) == actor.employee_id


def supervises(actor: Actor, obj: Any) -> bool:
    """The actor is the person's supervisor."""
    if not actor.has(R.SUPERVISOR) or actor.employee_id is None:
        return False
    person = getattr(obj, "employee", obj)
    return obj is None or getattr(person, "supervisor_id", None) == actor.employee_id


def reaches_person(*roles: RoleName) -> Predicate:
    """Return a predicate: a role of the actor reaches the person by city, OPD or unit."""

    def predicate(actor: Actor, obj: Any) -> bool:
        grants = actor.reach(*roles)
        if obj is None:
            return bool(grants)
        person = getattr(obj, "employee", obj)
        for item in grants:
            if item.scope is ScopeKind.CITY:
                return True
            if item.scope is ScopeKind.OPD and item.opd_id == person.opd_id:
                return True
            if item.scope is not ScopeKind.UNIT or item.unit_id is None:
                continue
            if item.unit_id == getattr(person, "unit_id", None):
                return True
        return False

    predicate.__name__ = "reaches_person_" + "_or_".join(role.value for role in roles)
    return predicate


def hands_over(actor: Actor, obj: Any) -> bool:
    """The actor verifies claims in a reach that can be handed to a colleague."""
    return scope_of(actor) is not None


def not_own(inner: Predicate) -> Predicate:
    """Return a predicate that is never true for one's own object."""

    def predicate(actor: Actor, obj: Any) -> bool:
        if obj is not None and own(actor, obj):
            return False
        return inner(actor, obj)

    predicate.__name__ = f"{inner.__name__}_not_own"
    return predicate


def evidence_reader(actor: Actor, file: Any) -> bool:
    """Evidence is read by its owner, by who may verify a claim that was sent with it, by auditors.

    A file of a draft is nobody's business but the owner's.
    """
    if file is None or getattr(file, "purpose", None) != EVIDENCE:
        return False
    if file.owner_employee_id is not None and file.owner_employee_id == actor.employee_id:
        return True
    session = object_session(file)
    if session is None or not actor.is_signed_in:
        return False
    sent = session.scalars(
        select(Claim)
        .join(ClaimEvidence, ClaimEvidence.claim_id == Claim.id)
        .where(ClaimEvidence.file_id == file.id, Claim.submitted_at.is_not(None))
    ).all()
    if actor.has(R.AUDITOR):
        return bool(sent)
    return any(may(actor, Permission.CLAIM_VERIFY, claim) for claim in sent)


def outside_reader(actor: Actor, file: Any) -> bool:
    """A proof from elsewhere is read by its owner, by its verifiers once sent, and by auditors."""
    if file is None or getattr(file, "purpose", None) != PURPOSE or not actor.is_signed_in:
        return False
    if file.owner_employee_id is not None and file.owner_employee_id == actor.employee_id:
        return True
    session = object_session(file)
    if session is None:
        return False
    row = session.scalar(
        select(OutsideRecord)
        .where(OutsideRecord.file_id == file.id, OutsideRecord.sent_at.is_not(None))
        .order_by(OutsideRecord.id)
        .limit(1)
    )
    if row is None:
        return False
    return actor.has(R.AUDITOR) or may(actor, Permission.CLAIM_VERIFY, row)


def register() -> None:
    """Put the predicates into the policy."""
    readers = reaches_person(*READERS, R.OPD_MANAGER)
    verifiers = reaches_person(R.ASSESSOR, R.OFFICER)
    grant(Permission.EMPLOYEE_READ, own, supervises, readers)
    grant(Permission.EMPLOYEE_LIST, supervises, readers)
    grant(Permission.EMPLOYEE_EDIT, holds(R.OFFICER), holds_for_opd(R.OPD_MANAGER))
    grant(Permission.EMPLOYEE_IMPORT, holds(R.OFFICER), system)
    grant(Permission.OPD_MANAGE, holds(R.OFFICER))
    grant(Permission.CLAIM_EDIT, own)
    grant(Permission.CLAIM_DELEGATE, hands_over)
    grant(Permission.CLAIM_VERIFY, not_own(verifiers), not_own(supervises))
    grant(Permission.CONTEST_ANSWER, not_own(reaches_person(R.OFFICER)))
    grant(Permission.FILE_READ, evidence_reader, outside_reader)
    _register_assessment()
    grant(
        Permission.QUALITY_READ,
        holds(R.OFFICER, R.AUDITOR, R.EXECUTIVE),
        holds_for_opd(R.OPD_MANAGER),
    )
    grant(Permission.RECONCILIATION_READ, holds(R.OFFICER, R.AUDITOR))
    grant(Permission.REFERENCE_READ, signed_in)
    grant(Permission.REFERENCE_MANAGE, holds(R.OFFICER))
    grant(Permission.TEAM_READ, supervises, reaches_person(R.OPD_MANAGER, R.OFFICER, R.AUDITOR))
    departures.register()


def rates(actor: Actor, task: Any) -> bool:
    """The form is the actor's to fill; without one: the actor can be asked to fill any."""
    if task is None:
        return actor.employee_id is not None or actor.has(R.ASSESSOR)
    return is_rater(actor, task)


def closed(inner: Predicate) -> Predicate:
    """Return a predicate that holds for closed rounds only: no result sways a rater."""

    def predicate(actor: Actor, obj: Any) -> bool:
        if obj is not None and obj.round.state != RoundState.CLOSED:
            return False
        return inner(actor, obj)

    predicate.__name__ = f"{inner.__name__}_when_closed"
    return predicate


def _register_assessment() -> None:
    grant(Permission.ASSESSMENT_MANAGE, holds(R.OFFICER))
    grant(Permission.ASSESSMENT_WATCH, holds(R.OFFICER, R.AUDITOR, R.EXECUTIVE))
    grant(Permission.ASSESSMENT_RATE, rates)
    grant(
        Permission.ASSESSMENT_READ,
        reaches_person(R.OFFICER, R.AUDITOR),
        closed(own),
        closed(supervises),
        closed(reaches_person(R.OPD_MANAGER, R.EXECUTIVE)),
    )
