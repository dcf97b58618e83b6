"""A role follows its standard: a new version put into force is what the role asks from then on.

A version of a role that was used is followed by a new one; scouting runs keep what they read.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import record
from matching.models import Role
from matching.services.roles import next_version
from skills.models import Standard
from skills.services.standards import register_adopter


def follow_standard(session: Session, standard: Standard) -> None:
    """Let the roles of a standard ask its new version."""
    if standard.kind != "role":
        return
    older = select(Standard.id).where(Standard.code == standard.code)
    roles = session.scalars(
        select(Role).where(Role.standard_id.in_(older), Role.state != "retired").order_by(Role.id)
    ).all()
    for old in roles:
        role = next_version(session, old)
        before, role.standard_id = role.standard_id, standard.id
        record(
            session, "matching:role:standard", role, changes={"standard_id": (before, standard.id)}
        )
    session.flush()


def register() -> None:
    """Follow from now on."""
    register_adopter("roles", follow_standard)
