"""Change the policy of a competency: first shown as a difference, then applied to everybody."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import changed_fields, record
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.daily import daily
from app.core.jobs.models import Job, JobState
from app.core.jobs.registry import job_kind
from app.core.jobs.services import enqueue
from skills.enums import VERIFIED_SOURCES, LevelSource
from skills.models import Competency, Employee, LevelRecord
from skills.rules import LevelPolicy, PolicyMode
from skills.services.levels import LevelChange, preview_levels, recompute_levels
from skills.services.shelf_life import run_daily

RECOMPUTE, EXPIRE = "skills.recompute", "skills.expire"
_CHUNK = 500


@dataclass(frozen=True)
class PolicyPreview:
    """How the levels in force of one competency would differ under another policy."""

    people: int
    raised: int
    lowered: int
    lost: int
    gained: int
    changes: Sequence[LevelChange]


def checked_policy(*, mode: str, years: int | None, sources: Sequence[str] = ()) -> LevelPolicy:
    """Return a policy from what a form says.

    Raises:
        InvalidInput: an unknown mode, an age limit that is missing or beyond 1 to 20 years, or
            an order of sources that is empty or names one twice.
    """
    try:
        chosen = PolicyMode(mode)
    except ValueError as error:
        raise InvalidInput(N_("Pilih aturan dari daftar."), field="mode") from error
    if chosen is PolicyMode.PRIORITY:
        return LevelPolicy(chosen, sources=_checked_sources(sources))
    if chosen is not PolicyMode.BEST_WITHIN:
        return LevelPolicy(chosen)
    if years is None or not 1 <= years <= 20:
        raise InvalidInput(N_("Isi batas umur bukti antara 1 dan 20 tahun."), field="years")
    return LevelPolicy(chosen, years)


def _checked_sources(names: Sequence[str]) -> tuple[LevelSource, ...]:
    chosen = [name for name in names if name]
    if not chosen:
        raise InvalidInput(N_("Pilih sumber yang paling kuat."), field="source_1")
    if len(set(chosen)) < len(chosen) or not set(chosen) <= VERIFIED_SOURCES:
        raise InvalidInput(N_("Sebuah sumber hanya dapat dipilih sekali."), field="source_2")
    return tuple(LevelSource(name) for name in chosen)


def preview_policy(session: Session, *, competency_id: int, policy: LevelPolicy) -> PolicyPreview:
    """Return what a policy would change, without changing it."""
    people = people_with_history(session, competency_id)
    changes = list(
        preview_levels(
            session, employee_ids=people, policies={competency_id: policy}, day=clock.today()
        )
    )
    kinds = Counter(_kind(change) for change in changes)
    return PolicyPreview(
        people=len(people),
        raised=kinds["raised"],
        lowered=kinds["lowered"],
        lost=kinds["lost"],
        gained=kinds["gained"],
        changes=changes,
    )


def _kind(change: LevelChange) -> str:
    if change.after is None:
        return "lost"
    if change.before is None:
        return "gained"
    return "raised" if change.after > change.before else "lowered"


def people_with_history(session: Session, competency_id: int) -> list[int]:
    """Return the people of whom anything is recorded in a competency."""
    return list(
        session.scalars(
            select(LevelRecord.employee_id)
            .where(LevelRecord.competency_id == competency_id)
            .distinct()
            .order_by(LevelRecord.employee_id)
        )
    )


def change_policy(
    session: Session, *, actor: Actor, competency: Competency, policy: LevelPolicy
) -> int:
    """Put a policy into force and start the job that recomputes everybody it concerns.

    Returns:
        The id of the job.
    """
    competency.policy, competency.policy_years = policy.mode.value, policy.years
    competency.policy_sources = [source.value for source in policy.sources]
    changes = changed_fields(competency, "policy", "policy_years", "policy_sources")
    session.flush()
    record(session, "skills:competency:policy", competency, changes=changes)
    return recompute_in_job(session, actor=actor, competency=competency)


def recompute_in_job(
    session: Session, *, actor: Actor, competency: Competency, everybody: bool = False
) -> int:
    """Start the job that recomputes those with a history in a competency; return its id.

    Args:
        everybody: also those without one (a path may give a level to somebody new).
    """
    job = enqueue(
        session,
        kind=RECOMPUTE,
        title=Message(N_("Hitung ulang level %(name)s"), {"name": competency.name}),
        actor=actor,
        params={} if everybody else {"competency_id": competency.id},
    )
    return job.id


@job_kind(RECOMPUTE, timeout=1800)
def recompute(context: JobContext) -> dict[str, Any]:
    """Recompute those with a history in one competency, or everybody."""
    with context.transaction() as session:
        people = _concerned(session, context.params.get("competency_id"))
    changed = 0
    for start in range(0, len(people), _CHUNK):
        context.raise_if_cancelled()
        with context.transaction() as session:
            chunk = people[start : start + _CHUNK]
            changed += len(recompute_levels(session, employee_ids=chunk))
            context.progress(start + len(chunk), len(people))
    text = N_("%(people)s orang dihitung ulang; %(changed)s level berubah.")
    return {"message": Message(text, {"people": len(people), "changed": changed})}


def _concerned(session: Session, competency_id: int | None) -> list[int]:
    if competency_id is not None:
        return people_with_history(session, competency_id)
    return list(session.scalars(select(Employee.id).order_by(Employee.id)))


def is_recomputing(session: Session) -> bool:
    """Return whether a job is bringing levels up to date, so that numbers may be stale."""
    found = session.scalar(
        select(Job.id)
        .where(Job.kind == RECOMPUTE, Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
        .limit(1)
    )
    return found is not None


@job_kind(EXPIRE, timeout=1800)
def expire(context: JobContext) -> dict[str, Any]:
    """Run the daily shelf life."""
    with context.transaction() as session:
        done = run_daily(session)
    text = N_("%(fallen)s level berakhir, %(reminded)s pengingat.")
    return {"message": Message(text, {"fallen": done.fallen, "reminded": done.reminded})}


daily(EXPIRE, N_("Level yang berakhir dan pengingat hari ini"))
