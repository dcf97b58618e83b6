"""What the pool will look like on a day if nobody recertifies: levels end, nothing is renewed.

The same rule that lets levels fall back each day is asked about a later day; nothing is written.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.models import Role
from matching.queries.pool import current_pool
from matching.queries.seats import roles_in_force
from matching.scoring import score_people
from matching.services.scoring_rules import scoring_rules
from skills.models import Competency
from skills.services.levels import LevelChange, policies_of, preview_levels
from skills.services.vectors import vector_width

Levels = NDArray[np.uint8]


@dataclass(frozen=True)
class CompetencyForecast:
    """A competency: people with a verified level today and on the day, per level 1 to 5."""

    competency: Competency
    now: Mapping[int, int]
    then: Mapping[int, int]
    fallen: int  # people whose level is lower on the day, or gone

    @property
    def people_now(self) -> int:
        """Everybody with a verified level today."""
        return sum(self.now.values())

    @property
    def people_then(self) -> int:
        """Everybody who still has one on the day."""
        return sum(self.then.values())


@dataclass(frozen=True)
class RoleForecast:
    """A role: people whose verified levels meet its standard today and on the day."""

    role: Role
    now: int
    then: int


@dataclass(frozen=True)
class Forecast:
    """The pool today and on a day."""

    day: date
    people: int
    competencies: Sequence[CompetencyForecast]
    roles: Sequence[RoleForecast]
    changes: Sequence[LevelChange]

    @property
    def fallen(self) -> int:
        """Levels that are lower or gone on the day."""
        return len(self.changes)

    @property
    def people_fallen(self) -> int:
        """People of whom at least one level falls."""
        return len({change.employee_id for change in self.changes})


def forecast(session: Session, *, day: date) -> Forecast:
    """Return the pool of everybody in service as it will be on a day without recertification."""
    pool = current_pool(session, width=vector_width(session))
    ids = [int(person) for person in pool.ids]
    changes = list(
        preview_levels(session, employee_ids=ids, policies=policies_of(session), day=day)
    )
    rows = session.scalars(
        select(Competency).where(Competency.column.is_not(None)).order_by(Competency.name)
    ).all()
    then = _after(pool.verified, pool.ids, {row.id: row.column or 0 for row in rows}, changes)
    fallen = Counter(change.competency_id for change in changes)
    return Forecast(
        day=day,
        people=len(ids),
        competencies=[
            CompetencyForecast(
                row,
                _per_level(pool.verified[:, row.column or 0]),
                _per_level(then[:, row.column or 0]),
                fallen[row.id],
            )
            for row in rows
        ],
        roles=_roles(session, pool.verified, then),
        changes=changes,
    )


def _after(
    verified: Levels,
    ids: NDArray[np.int64],
    columns: Mapping[int, int],
    changes: Sequence[LevelChange],
) -> Levels:
    then = verified.copy()
    by_person: dict[int, list[LevelChange]] = defaultdict(list)
    for change in changes:
        by_person[change.employee_id].append(change)
    for person, found in by_person.items():
        row = int(np.searchsorted(ids, person))
        for change in found:
            if change.competency_id in columns:
                then[row, columns[change.competency_id]] = change.after or 0
    return then


def _per_level(column: Levels) -> dict[int, int]:
    counts = np.bincount(column, minlength=6)
    return {level: int(counts[level]) for level in range(1, 6)}


def _roles(session: Session, now: Levels, then: Levels) -> list[RoleForecast]:
    cut = scoring_rules(session).cuts[0]
    found = []
    for role in roles_in_force(session):
        required = np.zeros(now.shape[1], np.uint8)
        weights = np.zeros(now.shape[1])
        for item in role.standard.items:
            if item.competency.column is not None:
                required[item.competency.column] = item.level
                weights[item.competency.column] = item.weight
        if weights.any():
            found.append(
                RoleForecast(
                    role,
                    *(int((score_people(a, required, weights) >= cut).sum()) for a in (now, then)),
                )
            )
    return found
