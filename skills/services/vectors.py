"""Level vectors: the levels in force of a person as bytes, loaded at once by the matching index."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from skills.models import Competency, Employee, LevelInForce, ProfileVector

Pair = tuple[int, int]  # employee id, competency id
Said = tuple[int | None, int | None]  # verified level, claimed level


def refresh_vectors(session: Session, *, employee_ids: Sequence[int]) -> None:
    """Write the vectors of some people anew from their levels in force."""
    if not employee_ids:
        return
    rows = session.execute(
        select(
            LevelInForce.employee_id,
            LevelInForce.competency_id,
            LevelInForce.verified_level,
            LevelInForce.claimed_level,
        ).where(LevelInForce.employee_id.in_(employee_ids))
    )
    levels = {(person, competency): (has, says) for person, competency, has, says in rows}
    write_vectors(session, employee_ids=employee_ids, levels=levels)


def write_vectors(
    session: Session, *, employee_ids: Sequence[int], levels: Mapping[Pair, Said]
) -> None:
    """Write the vectors of some people from levels at hand.

    Args:
        levels: (employee, competency) to (verified, claimed); other people in it are ignored.
    """
    columns = {
        row.id: row.column
        for row in session.execute(
            select(Competency.id, Competency.column).where(Competency.column.is_not(None))
        )
    }
    width = max(columns.values(), default=-1) + 1
    verified = {person: bytearray(width) for person in employee_ids}
    claimed = {person: bytearray(width) for person in employee_ids}
    for (person, competency), (has, says) in levels.items():
        column = columns.get(competency)
        if column is not None and person in verified:
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
