"""Reads of paths to a level: their definitions, and which days fulfil each step for whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from skills.enums import VERIFIED_SOURCES, LevelSource
from skills.models import LevelPath, LevelPathStep, LevelRecord, TrainingRecord
from skills.path_rules import PathState, Span, StepKind, path_state

_STATED = (LevelSource.ASSESSMENT, LevelSource.ASSESSOR)
_PROVEN = (LevelSource.EVIDENCE, LevelSource.CERTIFICATE)
_SOURCES: Mapping[str, tuple[LevelSource, ...]] = {
    StepKind.EVIDENCE: _PROVEN,
    StepKind.ASSESSMENT: _STATED,
    StepKind.LEVEL: tuple(sorted(VERIFIED_SOURCES - {LevelSource.PATH})),
}


@dataclass(frozen=True)
class PathStanding:
    """A path as it stands for one person: each step with whether it is fulfilled today."""

    path: LevelPath
    state: PathState
    fulfilled: frozenset[int]  # ids of steps


@dataclass(frozen=True)
class Facts:
    """What may fulfil steps: spans by course, and levels by competency, of each person."""

    courses: Mapping[tuple[int, str], Sequence[Span]]
    levels: Mapping[tuple[int, int], Sequence[tuple[str, int, Span]]]

    def spans(self, person: int, path: LevelPath, step: LevelPathStep) -> list[Span]:
        """Return the spans in which a person fulfils a step."""
        if step.kind == StepKind.COURSE:
            return list(self.courses.get((person, step.course_code or ""), ()))
        wanted = step.level or path.level
        rows = self.levels.get((person, step.competency_id or path.competency_id), ())
        return [
            span for source, level, span in rows if level >= wanted and source in _of(step.kind)
        ]


def _of(kind: str) -> tuple[LevelSource, ...]:
    return _SOURCES[StepKind(kind)]


def paths_in_force(session: Session, competency_id: int | None = None) -> Sequence[LevelPath]:
    """Return the paths in force with their steps, of one competency or of all."""
    statement = (
        select(LevelPath)
        .where(LevelPath.state == "in_force")
        .options(selectinload(LevelPath.steps).joinedload(LevelPathStep.competency))
        .order_by(LevelPath.competency_id, LevelPath.level, LevelPath.id)
    )
    if competency_id is not None:
        statement = statement.where(LevelPath.competency_id == competency_id)
    return session.scalars(statement).all()


def find_path(session: Session, path_id: int) -> LevelPath | None:
    """Return a path of any state, or None."""
    return session.get(LevelPath, path_id)


def facts_of(session: Session, *, paths: Iterable[LevelPath], employee_ids: Sequence[int]) -> Facts:
    """Return what may fulfil the steps of some paths for some people: two statements."""
    steps = [(path, step) for path in paths for step in path.steps]
    courses = {s.course_code for _p, s in steps if s.kind == StepKind.COURSE and s.course_code}
    asked = {s.competency_id or p.competency_id for p, s in steps if s.kind != StepKind.COURSE}
    return Facts(
        _trainings(session, sorted(courses), employee_ids),
        _levels(session, sorted(asked), employee_ids),
    )


def _trainings(
    session: Session, courses: Sequence[str], people: Sequence[int]
) -> dict[tuple[int, str], list[Span]]:
    found: dict[tuple[int, str], list[Span]] = defaultdict(list)
    if not courses:
        return found
    rows = session.execute(
        select(
            TrainingRecord.employee_id,
            TrainingRecord.course_code,
            TrainingRecord.ended_on,
            TrainingRecord.valid_until,
        )
        .where(
            TrainingRecord.course_code.in_(courses),
            TrainingRecord.employee_id.in_(people),
            TrainingRecord.state == "verified",
            TrainingRecord.ended_on.is_not(None),
        )
        .order_by(TrainingRecord.id)
    )
    for person, code, ended, until in rows:
        if code is not None and ended is not None:
            found[person, code].append(Span(ended, until))
    return found


def _levels(
    session: Session, competencies: Sequence[int], people: Sequence[int]
) -> dict[tuple[int, int], list[tuple[str, int, Span]]]:
    found: dict[tuple[int, int], list[tuple[str, int, Span]]] = defaultdict(list)
    if not competencies:
        return found
    rows = session.execute(
        select(
            LevelRecord.employee_id,
            LevelRecord.competency_id,
            LevelRecord.source,
            LevelRecord.level,
            LevelRecord.obtained_on,
            LevelRecord.valid_until,
        )
        .where(
            LevelRecord.competency_id.in_(competencies),
            LevelRecord.employee_id.in_(people),
            LevelRecord.source.in_(_SOURCES[StepKind.LEVEL]),
            LevelRecord.withdrawn_at.is_(None),
        )
        .order_by(LevelRecord.id)
    )
    for person, competency, source, level, since, until in rows:
        found[person, competency].append((source, level, Span(since, until)))
    return found


def state_for(facts: Facts, person: int, path: LevelPath, day: date) -> PathState:
    """Return where a person stands on a path."""
    groups: dict[int, list[Span]] = defaultdict(list)
    for step in path.steps:
        groups[step.group] += facts.spans(person, path, step)
    return path_state(groups, day)


def standings(
    session: Session, *, employee_id: int, competency_id: int, day: date
) -> list[PathStanding]:
    """Return the paths of a competency with where a person stands on each."""
    paths = paths_in_force(session, competency_id)
    if not paths:
        return []
    facts = facts_of(session, paths=paths, employee_ids=[employee_id])
    return [
        PathStanding(
            path,
            state_for(facts, employee_id, path, day),
            frozenset(
                step.id
                for step in path.steps
                if any(span.holds(day) for span in facts.spans(employee_id, path, step))
            ),
        )
        for path in paths
    ]


def people_on_paths(session: Session, path_ids: Sequence[int]) -> dict[int, int]:
    """Return how many people hold a level by each path."""
    names = {f"path:{path_id}": path_id for path_id in path_ids}
    rows = session.execute(
        select(LevelRecord.reference, func.count(LevelRecord.employee_id.distinct()))
        .where(LevelRecord.reference.in_(names), LevelRecord.withdrawn_at.is_(None))
        .group_by(LevelRecord.reference)
    )
    return {names[reference]: count for reference, count in rows if reference in names}
