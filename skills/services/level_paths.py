"""Keep the paths to a level: how many would gain by a new one is shown before it counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from skills.models import Competency, Employee, LevelInForce, LevelPath, LevelPathStep
from skills.path_rules import StepKind
from skills.queries.level_paths import facts_of, state_for
from skills.rules import LEVELS
from skills.services.level_policy import recompute_in_job

_CHUNK = 500


@dataclass(frozen=True)
class StepInput:
    """A step as a form says it; steps of one group are alternatives."""

    group: int
    kind: str
    course_code: str | None = None
    competency_id: int | None = None
    level: int | None = None


@dataclass(frozen=True)
class PathPreview:
    """Who fulfils a path today, and whom it would raise."""

    people: int
    raised: int


def new_path(
    session: Session, *, competency: Competency, level: int, name: str, steps: Sequence[StepInput]
) -> LevelPath:
    """Return a path from what a form says, not yet kept.

    Raises:
        InvalidInput: no level, no name, no step, or a step that lacks its course or competency.
    """
    if level not in LEVELS:
        raise InvalidInput(N_("Level harus antara 1 dan 5."), field="level")
    if not name.strip() or len(name) > 200:
        raise InvalidInput(N_("Beri jalur ini nama, paling panjang 200 huruf."), field="nama")
    if not steps:
        raise InvalidInput(N_("Tambahkan paling sedikit satu langkah."), field="jenis-1")
    path = LevelPath(
        competency_id=competency.id, level=level, name=name.strip(), created_at=clock.now()
    )
    path.steps = [_step(session, competency, number, one) for number, one in enumerate(steps, 1)]
    return path


def _step(session: Session, of: Competency, number: int, given: StepInput) -> LevelPathStep:
    field = f"jenis-{number}"
    if given.kind not in set(StepKind):
        raise InvalidInput(N_("Pilih jenis langkah dari daftar."), field=field)
    if given.level is not None and given.level not in LEVELS:
        raise InvalidInput(N_("Level harus antara 1 dan 5."), field=field)
    if given.kind == StepKind.COURSE:
        if not given.course_code:
            raise InvalidInput(N_("Pilih pelatihannya."), field=field)
        return LevelPathStep(group=given.group, kind=given.kind, course_code=given.course_code)
    other = session.get(Competency, given.competency_id) if given.competency_id else None
    if given.kind == StepKind.LEVEL and (other is None or other.is_area or other.id == of.id):
        raise InvalidInput(N_("Pilih kompetensi lain untuk langkah ini."), field=field)
    return LevelPathStep(
        group=given.group,
        kind=given.kind,
        competency_id=other.id if other and given.kind == StepKind.LEVEL else None,
        level=given.level,
    )


def preview_path(session: Session, *, path: LevelPath) -> PathPreview:
    """Return who fulfils a path today, without keeping it."""
    today, found = clock.today(), list[int]()
    ids = list(session.scalars(select(Employee.id).order_by(Employee.id)))
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        facts = facts_of(session, paths=[path], employee_ids=chunk)
        found += [one for one in chunk if state_for(facts, one, path, today).span is not None]
    held: dict[int, int | None] = {}
    for start in range(0, len(found), _CHUNK):
        rows = session.execute(
            select(LevelInForce.employee_id, LevelInForce.verified_level).where(
                LevelInForce.employee_id.in_(found[start : start + _CHUNK]),
                LevelInForce.competency_id == path.competency_id,
            )
        )
        held.update({row[0]: row[1] for row in rows})
    raised = sum((held.get(one) or 0) < path.level for one in found)
    return PathPreview(len(found), raised)


def keep_path(session: Session, *, path: LevelPath, competency: Competency, actor: Actor) -> int:
    """Put a path into force and start the job that recomputes everybody it may concern.

    Returns:
        The id of the job.
    """
    session.add(path)
    session.flush()
    record(
        session,
        "skills:path:create",
        path,
        competency_id=competency.id,
        level=path.level,
        steps=len(path.steps),
    )
    return recompute_in_job(session, actor=actor, competency=competency, everybody=True)


def retire_path(session: Session, *, path: LevelPath, competency: Competency, actor: Actor) -> int:
    """Let a path no longer lead to its level; levels that hang on it fall back in the job.

    Raises:
        InvalidInput: it is retired already.
    """
    if path.state == "retired":
        raise InvalidInput(Message(N_("Jalur ini sudah tidak dipakai.")))
    path.state = "retired"
    session.flush()
    record(session, "skills:path:retire", path, competency_id=competency.id)
    return recompute_in_job(session, actor=actor, competency=competency, everybody=True)
