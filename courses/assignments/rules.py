"""Pure rules of assignments: what a rubric is, what is late, what a grading is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.core.errors import InvalidInput
from app.core.i18n import N_, Message

MAX_CRITERIA, MAX_LEVELS, MAX_POINTS = 10, 4, 100


@dataclass(frozen=True)
class Cell:
    """What a criterion asks at one level, and what it earns."""

    points: int
    text: str = ""


@dataclass(frozen=True)
class Criterion:
    """One row of a rubric: a cell for each level, in the order of the levels."""

    title: str
    cells: tuple[Cell, ...]

    @property
    def most(self) -> int:
        """The most points that can be earned here."""
        return max(cell.points for cell in self.cells)


@dataclass(frozen=True)
class Rubric:
    """Criteria by levels."""

    levels: tuple[str, ...]
    criteria: tuple[Criterion, ...]

    @property
    def most(self) -> int:
        """The points of the best grading."""
        return sum(criterion.most for criterion in self.criteria)

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Rubric":
        """Return a rubric from what was kept."""
        return cls(
            tuple(body["levels"]),
            tuple(
                Criterion(row["title"], tuple(Cell(**cell) for cell in row["cells"]))
                for row in body["criteria"]
            ),
        )

    def body(self) -> dict[str, Any]:
        """Return the rubric in the form it is kept in."""
        found = asdict(self)
        return {
            "levels": list(found["levels"]),
            "criteria": [{**row, "cells": list(row["cells"])} for row in found["criteria"]],
        }

    def check(self) -> None:
        """Refuse a rubric that cannot grade.

        Raises:
            InvalidInput: too few or too many rows, no points to earn, points out of range.
        """
        if not 2 <= len(self.levels) <= MAX_LEVELS:
            raise InvalidInput(N_("Rubrik memerlukan 2 sampai 4 tingkat."), field="rubric")
        if not 1 <= len(self.criteria) <= MAX_CRITERIA:
            raise InvalidInput(N_("Rubrik memerlukan 1 sampai 10 kriteria."), field="rubric")
        for row in self.criteria:
            if any(not 0 <= cell.points <= MAX_POINTS for cell in row.cells):
                told = N_("Poin “%(title)s” harus 0 sampai 100.")
                raise InvalidInput(Message(told, {"title": row.title}), field="rubric")
            if not row.most:
                told = N_("“%(title)s” belum punya tingkat yang berpoin.")
                raise InvalidInput(Message(told, {"title": row.title}), field="rubric")


@dataclass(frozen=True)
class Deadline:
    """When work is due, and the percent taken off afterwards; None accepts nothing late."""

    due_at: datetime
    late_percent: int | None

    def deduction(self, at: datetime, again_until: datetime | None = None) -> int | None:
        """Return the percent taken off work handed in at a moment; None when it is refused.

        Args:
            again_until: the date given with a returned try; the later of both counts.
        """
        due = max(self.due_at, again_until) if again_until else self.due_at
        return 0 if at <= due else self.late_percent


def points_by_criterion(rubric: Rubric, chosen: Sequence[int | None]) -> dict[str, int]:
    """Return what a grading earned by the title of the row; rows without a level are left out."""
    return {
        row.title: row.cells[place].points
        for row, place in zip(rubric.criteria, chosen, strict=False)
        if place is not None
    }


def rubric_percent(rubric: Rubric, chosen: Sequence[int | None]) -> float | None:
    """Return what a grading earned in percent of the best one; None while a row is missing."""
    if len(chosen) != len(rubric.criteria) or any(place is None for place in chosen):
        return None
    earned = sum(
        row.cells[place].points
        for row, place in zip(rubric.criteria, chosen, strict=True)
        if place is not None
    )
    return 100.0 * earned / rubric.most


def graded_score(rubric: Rubric, chosen: Sequence[int | None], deduction: int) -> float | None:
    """Return the score after the deduction for lateness, one decimal; None while incomplete."""
    found = rubric_percent(rubric, chosen)
    return None if found is None else round(found * (100 - deduction) / 100, 1)
