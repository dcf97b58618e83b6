"""One run of a job: claim, work, close; every way out leaves a state that says what happened."""

import secrets
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.i18n import N_, Message
from app.core.jobs import claims, items
from app.core.jobs.claims import Cancelled, Claim, HandBack, LostClaim
from app.core.jobs.context import JobContext, actor_of_job
from app.core.jobs.models import ItemState, Job, JobItem, JobState
from app.core.jobs.registry import ItemJobKind, JobKind, find
from app.core.jobs.watch import Watch
from app.core.message_json import jsonable, to_json
from app.core.notifications.services import notify

log = structlog.get_logger()

TOO_OFTEN = N_(
    "Pekerjaan berhenti berulang kali tanpa kemajuan. Laporkan nomor pekerjaan ini kepada admin."
)
FAULT = N_(
    "Terjadi gangguan di sistem (nomor %(reference)s). Bagian yang sudah selesai tetap tersimpan."
)
NOTHING_DONE = N_("Tidak ada satu pun data yang berhasil diproses.")


def run(
    job_id: int, *, should_stop: Callable[[], bool] = lambda: False, watched: bool = False
) -> None:
    """Work on a waiting job until it ends, is handed back or is lost; else do nothing.

    Args:
        job_id: the job.
        should_stop: whether this process is asked to end.
        watched: keep the claim alive and enforce the time limits (worker processes only).
    """
    claim = claims.take(job_id)
    if claim is None:
        return
    with Watch(db.engine, claim) if watched else nullcontext() as watch:
        try:
            _work(claim, should_stop, watch)
        except LostClaim as error:
            log.warning("job_claim_lost", detail=str(error))
        except Cancelled:
            _close(claim, JobState.CANCELLED)
        except (HandBack, KeyboardInterrupt) as stop:
            with transaction(_actor(job_id)) as session:
                claims.hand_back(session, claim)
            if isinstance(stop, KeyboardInterrupt):
                raise
        except DomainError as refusal:
            _close(claim, JobState.FAILED, error=refusal.message)
        except Exception as fault:
            _close(claim, JobState.FAILED, error=fault_message(fault, job_id))


def fault_message(fault: Exception, job_id: int) -> Message:
    """Log a fault of ours and return the sentence with its reference."""
    reference = secrets.token_hex(4)
    log.error("job_fault", job=job_id, reference=reference, exc_info=fault)
    return Message(FAULT, {"reference": reference})


def _work(claim: Claim, should_stop: Callable[[], bool], watch: Watch | None) -> None:
    session = db.session()
    job = session.get_one(Job, claim.job_id, populate_existing=True)
    kind, params, actor = find(job.kind), dict(job.params), actor_of_job(session, job)
    cancelled, runs = job.cancel_requested, job.attempts
    session.rollback()
    if cancelled:
        raise Cancelled
    if runs > claims.MAX_RUNS:
        raise DomainError(TOO_OFTEN)
    if isinstance(kind, ItemJobKind):
        items.work(claim, kind, actor, should_stop, watch)
        _finish_items(claim, kind)
    else:
        _run_whole(JobContext(claim, params, actor, should_stop), claim, kind, watch)


def _run_whole(context: JobContext, claim: Claim, kind: JobKind, watch: Watch | None) -> None:
    with watch.limit(kind.timeout) if watch else nullcontext():
        returned = kind.run(context)
    if returned:
        context.result(returned)
    _close(claim, JobState.DONE, result=context.outcome, **context.pending)


def _finish_items(claim: Claim, kind: ItemJobKind) -> None:
    with transaction(_actor(claim.job_id)) as session:
        job = session.get_one(Job, claim.job_id, populate_existing=True)
        result = kind.finish(session, job) if kind.finish else None
        session.flush()
        nothing = job.done + job.skipped == 0
        state = JobState.FAILED if nothing else JobState.DONE
        error = Message(NOTHING_DONE) if nothing else None
        _settle(session, claim, state, error=error, result=result)


def _close(claim: Claim, state: JobState, **facts: Any) -> None:
    """End the job in a transaction of its own, unless the claim is gone meanwhile."""
    try:
        with transaction(_actor(claim.job_id)) as session:
            if state is JobState.CANCELLED:
                _cancel_items(session, claim.job_id)
            _settle(session, claim, state, **facts)
    except LostClaim as error:
        log.warning("job_claim_lost", detail=str(error))


def _settle(
    session: Session,
    claim: Claim,
    state: JobState,
    *,
    error: Message | None = None,
    result: dict[str, Any] | None = None,
    **counters: int,
) -> None:
    values: dict[str, Any] = {"state": state, "finished_at": clock.now(), "claimed_by": None}
    values["error"] = to_json(error) if error else None
    if result is not None:
        values["result"] = jsonable(result)
    claims.keep(session, claim, **values, **counters)
    _tell(session, claim, state)


def _tell(session: Session, claim: Claim, state: JobState) -> None:
    sentences = {
        JobState.DONE: N_("Pekerjaan selesai: %(title)s"),
        JobState.FAILED: N_("Pekerjaan gagal: %(title)s"),
    }
    job = session.get_one(Job, claim.job_id, populate_existing=True)
    if job.created_by_id is None or state not in sentences:
        return
    notify(
        session,
        account_id=job.created_by_id,
        kind="job",
        message=Message(sentences[state], {"title": job.title_message}),
        url=f"/pekerjaan/{job.id}",
        key=f"job:{job.id}:{claim.number}",
    )


def _cancel_items(session: Session, job_id: int) -> None:
    session.execute(
        update(JobItem)
        .where(JobItem.job_id == job_id, JobItem.state == ItemState.QUEUED)
        .values(state=ItemState.CANCELLED)
        .execution_options(synchronize_session=False)
    )


def _actor(job_id: int) -> Actor:
    session = db.session()
    actor = actor_of_job(session, session.get_one(Job, job_id, populate_existing=True))
    session.rollback()
    return actor
