"""Who may work on a job: taken, kept alive and given back by conditional updates.

The claim number is the fence. Every commit of a run changes the row only where the number is
still its own, so a run that was taken for dead and goes on all the same cannot commit anything.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import affected_rows, transaction
from app.core.jobs.models import Job, JobState
from app.core.jobs.process import identity

LEASE = timedelta(seconds=60)
MAX_RUNS = 10  # runs in a row that ended without any progress: the job itself is the poison


class LostClaim(BaseException):
    """Another run has the job by now; nothing of this one may be committed."""


class Cancelled(BaseException):
    """Somebody asked the job to end."""


class HandBack(BaseException):
    """The worker is asked to stop; the job waits for the next one."""


@dataclass(frozen=True)
class Claim:
    """The right of one run to work on a job."""

    job_id: int
    number: int


def take(job_id: int) -> Claim | None:
    """Start a run of a waiting job; return None when it is not waiting (any more)."""
    moment = clock.now()
    with transaction(SYSTEM) as session:
        taken = affected_rows(
            session,
            update(Job)
            .where(Job.id == job_id, Job.state == JobState.QUEUED)
            .values(
                state=JobState.RUNNING,
                claim=Job.claim + 1,
                attempts=Job.attempts + 1,
                claimed_by=identity(),
                heartbeat_at=moment,
                finished_at=None,
            ),
        )
        if taken != 1:
            return None
        job = session.get_one(Job, job_id, populate_existing=True)
        job.started_at = job.started_at or moment
        return Claim(job_id, job.claim)


def keep(session: Session, claim: Claim, **values: Any) -> None:
    """Write values to the job of the running transaction, if it is still ours.

    Raises:
        LostClaim: the claim has passed to another run.
    """
    kept = affected_rows(
        session,
        update(Job)
        .where(Job.id == claim.job_id, Job.claim == claim.number, Job.state == JobState.RUNNING)
        .values(heartbeat_at=clock.now(), **values)
        .execution_options(synchronize_session=False),
    )
    if kept != 1:
        raise LostClaim(f"job {claim.job_id}, run {claim.number}")


def hand_back(session: Session, claim: Claim) -> None:
    """Let the job wait for another worker; the run does not count against it."""
    keep(session, claim, state=JobState.QUEUED, claimed_by=None, attempts=Job.attempts - 1)
