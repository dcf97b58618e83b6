"""Closing a round: what each kind of raters said goes into the history with its source."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidTransition
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.models import Job
from app.core.jobs.registry import job_kind
from app.core.jobs.services import enqueue
from app.core.notifications.services import notify
from skills.assessment_rules import shown_level
from skills.enums import LevelSource, RaterKind, RoundState
from skills.models import AssessmentRound, AssessmentTarget, AssessmentTask, LevelRecord
from skills.rules import months_after
from skills.services.levels import recompute_levels

CLOSE = "skills.assessment_close"
SOURCES: Mapping[RaterKind, LevelSource] = {
    RaterKind.SELF: LevelSource.SELF,
    RaterKind.SUPERVISOR: LevelSource.SUPERVISOR,
    RaterKind.ASSESSOR: LevelSource.ASSESSOR,
    RaterKind.PEER: LevelSource.PEER,
    RaterKind.SUBORDINATE: LevelSource.SUBORDINATE,
}
_CHUNK = 50


def close_round(
    session: Session, *, round_: AssessmentRound, expected_version: int, actor: Actor
) -> Job:
    """End the filling and start the job that writes the levels.

    Raises:
        InvalidTransition: the round is not open. Conflict: it was changed meanwhile.
    """
    if round_.state != RoundState.OPEN:
        raise InvalidTransition(N_("Hanya putaran yang terbuka dapat ditutup."))
    if round_.version != expected_version:
        raise Conflict(N_("Putaran ini baru saja diubah orang lain. Periksa lalu kirim lagi."))
    round_.state = RoundState.CLOSING
    session.flush()
    record(session, "skills:assessment:close", round_)
    return enqueue(
        session,
        kind=CLOSE,
        title=Message(N_("Tutup putaran %(name)s"), {"name": round_.name}),
        actor=actor,
        params={"round_id": round_.id},
        key=f"assessment:{round_.id}:close",
    )


@job_kind(CLOSE, timeout=1800)
def close(context: JobContext) -> dict[str, Any]:
    """Write the levels of every invited person, then close the round; safe to run again."""
    round_id = context.params["round_id"]
    with context.transaction() as session:
        ids = target_ids(session, round_id)
    levels = 0
    for start in range(0, len(ids), _CHUNK):
        context.raise_if_cancelled()
        with context.transaction() as session:
            levels += write_results(session, target_ids=ids[start : start + _CHUNK])
            context.progress(min(start + _CHUNK, len(ids)), len(ids))
    with context.transaction() as session:
        finish_round(session, round_=session.get_one(AssessmentRound, round_id))
    text = N_("%(levels)s level dari %(people)s orang masuk ke riwayat.")
    return {
        "message": Message(text, {"levels": levels, "people": len(ids)}),
        "url": f"/asesmen/putaran/{round_id}/hasil",
        "url_label": Message(N_("Lihat hasil")),
    }


def target_ids(session: Session, round_id: int) -> list[int]:
    """Return the invited people of a round."""
    return list(
        session.scalars(
            select(AssessmentTarget.id)
            .where(AssessmentTarget.round_id == round_id)
            .order_by(AssessmentTarget.id)
        )
    )


def finish_round(session: Session, *, round_: AssessmentRound) -> None:
    """Note that all levels are written."""
    round_.state, round_.closed_at = RoundState.CLOSED, clock.now()
    session.flush()


def write_results(session: Session, *, target_ids: Sequence[int]) -> int:
    """Write the levels of some people into the history; what is there already is left alone.

    Returns:
        Number of rows written.
    """
    targets = session.scalars(
        select(AssessmentTarget)
        .where(AssessmentTarget.id.in_(target_ids))
        .options(selectinload(AssessmentTarget.round))
        .order_by(AssessmentTarget.id)
    ).all()
    if not targets:
        return 0
    tasks = _tasks_of(session, target_ids)
    people = [target.employee_id for target in targets]
    reference = f"round:{targets[0].round_id}"
    known = _known(session, people, reference)
    rows = [
        row
        for target in targets
        for row in _rows(target, tasks.get(target.id, []), reference)
        if (row.employee_id, row.competency_id, row.source) not in known
    ]
    session.add_all(rows)
    session.flush()
    record(session, "skills:assessment:results", targets[0].round, people=people, levels=len(rows))
    recompute_levels(session, employee_ids=people)
    _tell_people(session, targets)
    return len(rows)


def _tasks_of(session: Session, target_ids: Sequence[int]) -> dict[int, list[AssessmentTask]]:
    found: dict[int, list[AssessmentTask]] = defaultdict(list)
    tasks = session.scalars(
        select(AssessmentTask)
        .where(AssessmentTask.target_id.in_(target_ids), AssessmentTask.state == "sent")
        .options(selectinload(AssessmentTask.answers))
        .order_by(AssessmentTask.id)
    )
    for task in tasks:
        found[task.target_id].append(task)
    return found


def _known(session: Session, people: Sequence[int], reference: str) -> set[tuple[int, int, str]]:
    rows = session.execute(
        select(LevelRecord.employee_id, LevelRecord.competency_id, LevelRecord.source).where(
            LevelRecord.employee_id.in_(people), LevelRecord.reference == reference
        )
    )
    return {(row.employee_id, row.competency_id, row.source) for row in rows}


def _rows(
    target: AssessmentTarget, tasks: Sequence[AssessmentTask], reference: str
) -> Iterator[LevelRecord]:
    round_ = target.round
    day = min(round_.ends_on, clock.today())
    for kind, source in SOURCES.items():
        mine = [task for task in tasks if task.kind == kind]
        for competency_id, levels in _levels(mine).items():
            level = shown_level(kind, levels, min_raters=round_.min_raters, raters=len(levels))
            if level is None:
                continue
            lasting = round_.valid_months if kind is RaterKind.ASSESSOR else None
            yield LevelRecord(
                employee_id=target.employee_id,
                competency_id=competency_id,
                level=level,
                source=source,
                reference=reference,
                obtained_on=day,
                valid_until=months_after(day, lasting) if lasting else None,
                recorded_at=clock.now(),
                note=round_.name,
            )


def _levels(tasks: Sequence[AssessmentTask]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for task in tasks:
        for answer in task.answers:
            if answer.level is not None:
                found[answer.competency_id].append(answer.level)
    return found


def _tell_people(session: Session, targets: Sequence[AssessmentTarget]) -> None:
    for target in targets:
        notify(
            session,
            employee_id=target.employee_id,
            kind="assessment",
            message=Message(
                N_("Hasil asesmen %(name)s sudah terbit."), {"name": target.round.name}
            ),
            url=f"/asesmen/hasil/{target.id}",
            key=f"assessment:{target.round_id}:result",
        )
