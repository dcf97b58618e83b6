"""Predicates of this package for the policy: courses, sessions, certificates."""

from typing import Any

from app.core.actor import Actor, RoleName
from app.core.permissions import Permission
from app.core.policy import everybody, grant, holds, signed_in, system
from skills.access import own, reaches_person, supervises

R = RoleName


def enrols_people(actor: Actor, obj: Any) -> bool:
    """OPD managers and supervisors propose their own people; what they may pick is scoped."""
    return actor.has(R.OPD_MANAGER, R.SUPERVISOR)


def register() -> None:
    """Put the predicates into the policy."""
    organisers = holds(R.ORGANISER)
    grant(Permission.COURSE_READ, signed_in)
    grant(Permission.COURSE_MANAGE, organisers, holds(R.OFFICER))
    grant(Permission.SESSION_MANAGE, organisers)
    grant(Permission.SESSION_ENROL, organisers, holds(R.OFFICER), enrols_people)
    grant(Permission.ENROLMENT_OWN, own)
    grant(Permission.CERTIFICATE_ISSUE, organisers, system)
    grant(Permission.CERTIFICATE_REVOKE, organisers)
    grant(
        Permission.CERTIFICATE_READ,
        own,
        supervises,
        reaches_person(R.ORGANISER, R.OFFICER, R.AUDITOR, R.OPD_MANAGER),
    )
    grant(Permission.CERTIFICATE_CHECK, everybody)
