"""Predicates of this package for the policy: courses, sessions, certificates."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import object_session

from app.core.actor import Actor, RoleName
from app.core.permissions import Permission
from app.core.policy import everybody, grant, holds, may, signed_in, system
from courses import planning_access
from courses.models import Certificate
from courses.services import departures
from courses.services.issue_job import FILE_PURPOSE
from skills.access import not_own, own, reaches_person, supervises
from skills.models import Claim, ClaimEvidence

R = RoleName
HANDED_IN = "assignment"  # purpose of files that participants hand in
MATERIAL = "course_material"  # purpose of files that belong to a course
_READERS = (R.ORGANISER, R.OFFICER, R.AUDITOR)


def enrols_people(actor: Actor, obj: Any) -> bool:
    """OPD managers and supervisors propose their own people; what they may pick is scoped."""
    return actor.has(R.OPD_MANAGER, R.SUPERVISOR)


def may_enrol(actor: Actor, employee: Any) -> bool:
    """Whom somebody may enrol or name: the city, the own OPD or unit, the own people."""
    roles = (R.ORGANISER, R.OFFICER, R.OPD_MANAGER, R.SUPERVISOR)
    return supervises(actor, employee) or reaches_person(*roles)(actor, employee)


def reaches_holder(actor: Actor, obj: Any) -> bool:
    """A role of the actor reaches the holder; a record without one belongs to the city."""
    if obj is not None and getattr(obj, "employee", None) is None:
        return holds(*_READERS)(actor, None)
    return reaches_person(*_READERS, R.OPD_MANAGER)(actor, obj)


def certificate_file_reader(actor: Actor, file: Any) -> bool:
    """A certificate's file is read by who may read the certificate or verify a claim with it."""
    if file is None or getattr(file, "purpose", None) != FILE_PURPOSE or not actor.is_signed_in:
        return False
    if file.owner_employee_id is not None and file.owner_employee_id == actor.employee_id:
        return True
    session = object_session(file)
    if session is None:
        return False
    certificate = session.scalar(select(Certificate).where(Certificate.file_id == file.id))
    if certificate is not None and may(actor, Permission.CERTIFICATE_READ, certificate):
        return True
    claims = session.scalars(
        select(Claim)
        .join(ClaimEvidence, ClaimEvidence.claim_id == Claim.id)
        .where(ClaimEvidence.file_id == file.id, Claim.submitted_at.is_not(None))
    )
    return any(may(actor, Permission.CLAIM_VERIFY, claim) for claim in claims)


def material_reader(actor: Actor, file: Any) -> bool:
    """Materials of a course are read by everybody who may look at the catalogue."""
    return actor.is_signed_in and getattr(file, "purpose", None) == MATERIAL


def work_reader(actor: Actor, file: Any) -> bool:
    """What was handed in is read by its owner and by who grades."""
    if file is None or getattr(file, "purpose", None) != HANDED_IN or not actor.is_signed_in:
        return False
    own_work = actor.employee_id is not None and file.owner_employee_id == actor.employee_id
    return own_work or may(actor, Permission.SESSION_MANAGE)


def register() -> None:
    """Put the predicates into the policy."""
    organisers = holds(R.ORGANISER)
    grant(Permission.COURSE_READ, signed_in)
    grant(Permission.COURSE_MANAGE, organisers, holds(R.OFFICER))
    grant(Permission.SESSION_MANAGE, organisers)
    grant(Permission.SESSION_ENROL, organisers, holds(R.OFFICER), enrols_people)
    grant(Permission.ENROLMENT_OWN, own)
    nearest = reaches_person(R.SUPERVISOR, R.OPD_MANAGER)
    grant(Permission.ENROLMENT_APPROVE, not_own(supervises), not_own(nearest))
    grant(Permission.CERTIFICATE_ISSUE, organisers, system)
    grant(Permission.CERTIFICATE_REVOKE, organisers)
    grant(Permission.CERTIFICATE_READ, own, supervises, reaches_holder)
    grant(Permission.CERTIFICATE_CHECK, everybody)
    grant(Permission.FILE_READ, certificate_file_reader, material_reader, work_reader)
    planning_access.register()
    departures.register()
