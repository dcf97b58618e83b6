"""Start, cancel and retry jobs, and tell how far they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.db import after_commit
from app.core.errors import InvalidTransition, NotFound
from app.core.i18n import N_, Message
from app.core.jobs.models import OPEN, ItemState, Job, JobItem, JobState
from app.core.jobs.queue import queue_of
from app.core.jobs.registry import JobKind, find
from app.core.message_json import jsonable, to_json

_CHUNK = 1000


@dataclass(frozen=True)
class Progress:
    """How far a job is; `percent` is None while its length is unknown."""

    job_id: int
    state: str
    title: Message
    total: int | None
    done: int
    skipped: int
    failed: int
    percent: int | None
    cancel_requested: bool
    error: Message | None

    @property
    def is_open(self) -> bool:
        """Whether the job waits or runs."""
        return self.state in OPEN


def enqueue(
    session: Session,
    *,
    kind: str,
    title: Message,
    actor: Actor,
    params: dict[str, Any] | None = None,
    key: str | None = None,
    items: Iterable[tuple[str, dict[str, Any]]] | None = None,
) -> Job:
    """Write a job that starts once the running transaction is committed.

    Args:
        kind: a name registered with `job_kind` or `item_job_kind`.
        title: what the job does, for the list of jobs.
        actor: in whose name it works.
        params: JSON values for the work.
        key: makes the call idempotent: while a job of that key waits, runs or is done, it is
            returned and nothing new starts; a failed or cancelled one gives the key up.
        items: `(key, payload)` of an itemised job, keys unique within it.

    Raises:
        LookupError: no imported module registers the kind.
    """
    find(kind)
    if key is not None:
        existing = _with_key(session, key)
        if existing is not None:
            return existing
    job = Job(
        kind=kind,
        key=key,
        title=to_json(title),
        params=jsonable(params or {}),
        created_by_id=actor.account_id,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(job)
            session.flush()
    except IntegrityError:
        # Another request took the key between our look and our write.
        existing = _with_key(session, key) if key else None
        if existing is None:
            raise
        return existing
    if items is not None:
        job.total = _write_items(session, job.id, items)
        session.flush()
    record(session, "jobs:job:start", job, kind=kind, total=job.total)
    _schedule(session, job.id)
    return job


def _with_key(session: Session, key: str) -> Job | None:
    job = session.scalar(select(Job).where(Job.key == key).with_for_update())
    if job is not None and job.state in (JobState.FAILED, JobState.CANCELLED):
        job.key = None
        session.flush()
        return None
    return job


def _write_items(session: Session, job_id: int, items: Iterable[tuple[str, dict[str, Any]]]) -> int:
    position, remaining = 0, iter(items)
    while chunk := list(islice(remaining, _CHUNK)):
        rows = [
            {"job_id": job_id, "position": position + n, "key": key, "payload": jsonable(payload)}
            for n, (key, payload) in enumerate(chunk, start=1)
        ]
        session.execute(insert(JobItem), rows)
        position += len(rows)
    return position


def _schedule(session: Session, job_id: int) -> None:
    queue = queue_of()
    after_commit(session, lambda: queue.schedule(job_id))


def cancel(session: Session, *, job_id: int, actor: Actor) -> Job:
    """Ask a job to end: a waiting one ends at once, a running one between two items.

    Raises:
        NotFound: no such job.
        InvalidTransition: it has ended already.
    """
    job = _locked(session, job_id)
    if not job.is_open:
        raise InvalidTransition(N_("Pekerjaan ini sudah berakhir."))
    job.cancel_requested = True
    if job.state == JobState.QUEUED:
        job.state, job.finished_at = JobState.CANCELLED, clock.now()
        _move_items(session, job_id, (ItemState.QUEUED,), ItemState.CANCELLED)
    record(session, "jobs:job:cancel", job, actor=actor)
    session.flush()
    return job


def retry(session: Session, *, job_id: int, actor: Actor) -> Job:
    """Start an ended job again; of an itemised one only what failed or was cancelled.

    Raises:
        NotFound: no such job.
        InvalidTransition: it still runs, or nothing of it failed.
    """
    job = _locked(session, job_id)
    if not can_retry(job):
        raise InvalidTransition(N_("Tidak ada bagian yang perlu diulang pada pekerjaan ini."))
    _move_items(session, job_id, (ItemState.FAILED, ItemState.CANCELLED), ItemState.QUEUED)
    job.state, job.attempts, job.cancel_requested = JobState.QUEUED, 0, False
    job.error, job.finished_at, job.heartbeat_at, job.failed = None, None, None, 0
    if isinstance(find(job.kind), JobKind):
        job.done, job.skipped, job.total = 0, 0, None
    record(session, "jobs:job:retry", job, actor=actor)
    session.flush()
    _schedule(session, job.id)
    return job


def can_retry(job: Job) -> bool:
    """Return whether `retry` is open for the job."""
    ended_badly = job.state in (JobState.FAILED, JobState.CANCELLED)
    return ended_badly or (job.state == JobState.DONE and job.failed > 0)


def progress_of(session: Session, job_id: int) -> Progress:
    """Return how far a job is.

    Raises:
        NotFound: no such job.
    """
    job = session.get(Job, job_id, populate_existing=True)
    if job is None:
        raise NotFound
    return progress(job)


def progress(job: Job) -> Progress:
    """Return how far a loaded job is."""
    worked = job.done + job.skipped + job.failed
    percent = min(100, worked * 100 // job.total) if job.total else None
    if job.state == JobState.DONE:
        percent = 100
    return Progress(
        job_id=job.id,
        state=job.state,
        title=job.title_message,
        total=job.total,
        done=job.done,
        skipped=job.skipped,
        failed=job.failed,
        percent=percent,
        cancel_requested=job.cancel_requested,
        error=job.error_message,
    )


def _locked(session: Session, job_id: int) -> Job:
    job = session.scalar(select(Job).where(Job.id == job_id).with_for_update())
    if job is None:
        raise NotFound
    return job


def _move_items(
    session: Session, job_id: int, before: tuple[ItemState, ...], after: ItemState
) -> None:
    session.execute(
        update(JobItem)
        .where(JobItem.job_id == job_id, JobItem.state.in_(before))
        .values(state=after, attempts=0)
        .execution_options(synchronize_session=False)
    )
