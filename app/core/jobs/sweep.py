"""What a killed worker or a lost message left behind is put back into the queue."""

from datetime import timedelta

import structlog
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.jobs import process
from app.core.jobs.claims import LEASE
from app.core.jobs.models import Job, JobState, WorkerHeartbeat
from app.core.jobs.queue import JobQueue

log = structlog.get_logger()

_FORGET = timedelta(days=1)


def sweep(queue: JobQueue, *, trust_clock: bool = True) -> int:
    """Free the jobs of dead workers and send the message of every waiting job that has none.

    Args:
        queue: where messages go.
        trust_clock: whether the age of a sign of life means anything; after a jump of the clock
            only processes seen to be gone lose their jobs.

    Returns:
        How many messages were sent.
    """
    session = db.session()
    running = session.scalars(select(Job).where(Job.state == JobState.RUNNING)).all()
    abandoned = any(_is_abandoned(job, trust_clock) for job in running)
    session.rollback()
    if abandoned:
        with transaction(SYSTEM) as own:
            _free_abandoned(own, trust_clock)
    waiting = session.scalars(
        select(Job.id).where(Job.state == JobState.QUEUED).order_by(Job.id)
    ).all()
    session.rollback()
    pending = queue.pending() if waiting else set()
    missing = [job_id for job_id in waiting if job_id not in pending]
    for job_id in missing:
        queue.schedule(job_id)
    return len(missing)


def _free_abandoned(session: Session, trust_clock: bool) -> None:
    # A locked row belongs to a run that commits at this moment: it is alive.
    running = session.scalars(
        select(Job).where(Job.state == JobState.RUNNING).with_for_update(skip_locked=True)
    ).all()
    for job in running:
        if _is_abandoned(job, trust_clock):
            log.warning("job_abandoned", job=job.id, worker=job.claimed_by)
            if job.claimed_by:
                process.kill(job.claimed_by)
            job.state, job.claimed_by = JobState.QUEUED, None


def _is_abandoned(job: Job, trust_clock: bool) -> bool:
    if process.is_local(job.claimed_by) and not process.is_alive(job.claimed_by or ""):
        return True
    if not trust_clock or job.heartbeat_at is None:
        return False
    return abs(clock.now() - job.heartbeat_at) > LEASE


def beat(name: str) -> None:
    """Note that the worker of that name is alive, and forget those long gone."""
    moment = clock.now()
    with transaction(SYSTEM) as session:
        row = session.get(WorkerHeartbeat, name)
        if row is None:
            session.add(WorkerHeartbeat(name=name, seen_at=moment))
        else:
            row.seen_at = moment
        session.execute(
            delete(WorkerHeartbeat).where(
                or_(
                    WorkerHeartbeat.seen_at < moment - _FORGET,
                    WorkerHeartbeat.seen_at > moment + _FORGET,
                )
            )
        )


def forget(name: str) -> None:
    """Remove the sign of life of a worker that ends in order."""
    with transaction(SYSTEM) as session:
        session.execute(delete(WorkerHeartbeat).where(WorkerHeartbeat.name == name))
