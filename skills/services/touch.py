"""Tell matching that people changed: their version is raised, and the index reads them again."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from skills.models import Employee

_CHUNK = 500


def touch_people(session: Session, *, employee_ids: Sequence[int]) -> None:
    """Raise the profile version of some people.

    Called by everything that changes what matching reads: levels, education, position, texts,
    discipline, placements, employment state.
    """
    for start in range(0, len(employee_ids), _CHUNK):
        session.execute(
            update(Employee)
            .where(Employee.id.in_(employee_ids[start : start + _CHUNK]))
            .values(profile_version=Employee.profile_version + 1)
            .execution_options(synchronize_session=False)
        )
