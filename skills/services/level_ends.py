"""Another end for levels whose evidence lasts longer or shorter than was recorded."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import record
from skills.models import Competency, LevelRecord
from skills.services.levels import recompute_levels


def move_level_ends(
    session: Session, *, reference: str, ends: Callable[[Competency], date | None]
) -> list[int]:
    """Move the last day of the levels that one piece of evidence supports, and recompute.

    Args:
        reference: of the evidence, as given to `record_level`.
        ends: last day by competency, None for none.

    Returns:
        Ids of the people concerned.
    """
    rows = session.scalars(
        select(LevelRecord)
        .where(LevelRecord.reference == reference, LevelRecord.withdrawn_at.is_(None))
        .order_by(LevelRecord.id)
    ).all()
    for row in rows:
        competency = session.get_one(Competency, row.competency_id)
        before, row.valid_until = row.valid_until, ends(competency)
        if before != row.valid_until:
            record(
                session,
                "skills:level:end",
                row,
                people=[row.employee_id],
                changes={"valid_until": (before, row.valid_until)},
                reference=reference,
            )
    session.flush()
    people = sorted({row.employee_id for row in rows})
    recompute_levels(session, employee_ids=people)
    return people
