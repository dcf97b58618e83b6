"""The items of a job, one transaction each: effect, outcome and the choice of the next together."""

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.db import affected_rows, db, transaction
from app.core.errors import DomainError
from app.core.i18n import N_, Message
from app.core.jobs.claims import Cancelled, Claim, HandBack, keep
from app.core.jobs.models import ItemState, Job, JobItem
from app.core.jobs.registry import ItemJobKind, ItemOutcome
from app.core.jobs.watch import Watch
from app.core.message_json import jsonable, to_json

log = structlog.get_logger()

MAX_ATTEMPTS = 3
_PAUSE = 0.3  # seconds before an item is tried again at once, times its attempts
# SQLite lets one process write and wakes nobody up: a job that wrote without a break would starve
# the pages. Part of the time an item took is left to the others.
_SHARE = 0.25
_BREAK = (0.002, 0.05)  # seconds, least and most

_COUNTERS = {"done": Job.done, "skipped": Job.skipped, "failed": Job.failed}

POISON = N_("Gagal setelah %(count)s kali percobaan karena gangguan di sistem.")


@dataclass(frozen=True)
class _Picked:
    """An item whose attempt is on record already: a crash from here on counts against it."""

    item_id: int
    attempt: int


_CANCEL = _Picked(0, 0)


def work(
    claim: Claim,
    kind: ItemJobKind,
    actor: Actor,
    should_stop: Callable[[], bool],
    watch: Watch | None,
) -> None:
    """Work through the items that are left.

    Raises:
        Cancelled: asked for between two items.
        HandBack: the process must end; an item that was not started does not count.
        LostClaim: another run has the job.
    """
    with transaction(actor) as session:
        picked = _pick(session, claim)
    while picked is not None:
        if picked is _CANCEL:
            raise Cancelled
        if should_stop():
            _take_back(claim, actor, picked)
            raise HandBack
        present, started = picked, time.monotonic()
        try:
            with watch.limit(kind.timeout) if watch else nullcontext():
                if kind.prepare is not None:
                    kind.prepare(db.session(), claim.job_id, present.item_id)
                picked = _run_one(claim, kind, actor, present)
        except KeyboardInterrupt:
            _take_back(claim, actor, present)
            raise
        except Exception as error:
            picked = _note_failure(claim, actor, present, error)
        if watch is not None and db.engine.dialect.name == "sqlite":
            time.sleep(min(max((time.monotonic() - started) * _SHARE, _BREAK[0]), _BREAK[1]))


def _take_back(claim: Claim, actor: Actor, picked: _Picked) -> None:
    """Strike the attempt out: the process ends, the item is not to blame."""
    with transaction(actor) as session:
        keep(session, claim)
        _count_attempt(session, picked.item_id, -1)


def _run_one(claim: Claim, kind: ItemJobKind, actor: Actor, picked: _Picked) -> _Picked | None:
    with transaction(actor) as session:
        job = session.get_one(Job, claim.job_id, populate_existing=True)
        item = session.get_one(JobItem, picked.item_id, populate_existing=True)
        outcome = kind.run_item(session, job, item)
        session.flush()
        _settle(session, claim, picked.item_id, outcome)
        return _pick(session, claim)


def _settle(session: Session, claim: Claim, item_id: int, outcome: ItemOutcome) -> None:
    settled = affected_rows(
        session,
        update(JobItem)
        .where(JobItem.id == item_id, JobItem.state == ItemState.QUEUED)
        .values(
            state=outcome.state,
            outcome=jsonable(outcome.data),
            message=to_json(outcome.message) if outcome.message else None,
        )
        .execution_options(synchronize_session=False),
    )
    if settled == 1:
        # An end of an item is progress: the count of runs without any starts anew.
        keep(session, claim, attempts=1, **{outcome.state: _COUNTERS[outcome.state] + 1})


def _note_failure(claim: Claim, actor: Actor, picked: _Picked, error: Exception) -> _Picked | None:
    final: Message | None = None
    if isinstance(error, DomainError):
        final = error.message
    else:
        log.warning("job_item_fault", job=claim.job_id, item=picked.item_id, exc_info=error)
        if picked.attempt >= MAX_ATTEMPTS:
            final = Message(POISON, {"count": MAX_ATTEMPTS})
    with transaction(actor) as session:
        if final is not None:
            _settle(session, claim, picked.item_id, ItemOutcome(ItemState.FAILED, final))
        following = _pick(session, claim)
    if following is not None and following.item_id == picked.item_id:
        time.sleep(_PAUSE * picked.attempt)
    return following


def _pick(session: Session, claim: Claim) -> _Picked | None:
    """Choose the next item and record the attempt; fail those that ended too many runs."""
    keep(session, claim)
    if session.scalar(select(Job.cancel_requested).where(Job.id == claim.job_id)):
        # Not raised here: the item settled earlier in this transaction must be committed.
        return _CANCEL
    while True:
        row = session.execute(
            select(JobItem.id, JobItem.attempts)
            .where(JobItem.job_id == claim.job_id, JobItem.state == ItemState.QUEUED)
            .order_by(JobItem.attempts, JobItem.position)
            .limit(1)
        ).first()
        if row is None:
            return None
        if row.attempts >= MAX_ATTEMPTS:
            _settle(
                session,
                claim,
                row.id,
                ItemOutcome(ItemState.FAILED, Message(POISON, {"count": MAX_ATTEMPTS})),
            )
            continue
        _count_attempt(session, row.id, 1)
        return _Picked(row.id, row.attempts + 1)


def _count_attempt(session: Session, item_id: int, step: int) -> None:
    session.execute(
        update(JobItem)
        .where(JobItem.id == item_id, JobItem.state == ItemState.QUEUED)
        .values(attempts=JobItem.attempts + step)
        .execution_options(synchronize_session=False)
    )
