"""Level vectors: the levels in force of a person as bytes, loaded at once by the matching index."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from skills.models import Competency, Employee, LevelInForce, ProfileVector


def refresh_vectors(session: Session, *, employee_ids: Sequence[int]) -> None:
    """Write the vectors of some people anew from their levels in force."""
    if not employee_ids:
        return
    width = vector_width(session)
    verified = {person: bytearray(width) for person in employee_ids}
    claimed = {person: bytearray(width) for person in employee_ids}
    rows = session.execute(
        select(
            LevelInForce.employee_id,
            Competency.column,
            LevelInForce.verified_level,
            LevelInForce.claimed_level,
        )
        .join(Competency, Competency.id == LevelInForce.competency_id)
        .where(LevelInForce.employee_id.in_(employee_ids), Competency.column.is_not(None))
    )
    for person, column, has, says in rows:
        verified[person][column] = has or 0
        claimed[person][column] = says or 0
    versions = session.execute(
        select(Employee.id, Employee.profile_version).where(Employee.id.in_(employee_ids))
    )
    values = [
        {
            "employee_id": person,
            "profile_version": version,
            "verified": bytes(verified[person]),
            "claimed": bytes(claimed[person]),
            "facts": {},
        }
        for person, version in versions
    ]
    session.execute(
        delete(ProfileVector)
        .where(ProfileVector.employee_id.in_(employee_ids))
        .execution_options(synchronize_session=False)
    )
    if values:
        session.execute(insert(ProfileVector), values)


def vector_width(session: Session) -> int:
    """Return the number of columns: one per competency ever given a place."""
    highest = session.scalar(select(func.max(Competency.column)))
    return 0 if highest is None else highest + 1
