"""What the function of a whole job is given: parameters, progress, transactions."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.accounts.models import Account, AccountState
from app.core.accounts.sessions import actor_of
from app.core.actor import SYSTEM, Actor
from app.core.db import db, transaction
from app.core.jobs.claims import Cancelled, Claim, HandBack, keep
from app.core.jobs.models import Job

_WRITE_EVERY = 0.5  # seconds between two notes of progress


class JobContext:
    """The hand a running job holds; not shared between threads."""

    def __init__(
        self, claim: Claim, params: dict[str, Any], actor: Actor, should_stop: Callable[[], bool]
    ) -> None:
        self.job_id = claim.job_id
        self.params = params
        self.actor = actor
        self.outcome: dict[str, Any] | None = None
        self._claim = claim
        self._should_stop = should_stop
        self._session: Session | None = None
        self._pending: dict[str, Any] = {}
        self._next_write = 0.0
        self._next_look = 0.0

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit a part of the work in the creator's name, with the progress noted inside."""
        with transaction(self.actor) as session:
            self._session = session
            try:
                yield session
                session.flush()
                self._write(session)
            finally:
                self._session = None

    def progress(
        self,
        done: int,
        total: int | None = None,
        *,
        skipped: int | None = None,
        failed: int | None = None,
    ) -> None:
        """Note how many units are done of how many; inside a transaction, kept with its commit."""
        values = {"done": done, "total": total, "skipped": skipped, "failed": failed}
        self._pending |= {key: value for key, value in values.items() if value is not None}
        if self._session is None and time.monotonic() >= self._next_write:
            with transaction(SYSTEM) as session:
                self._write(session)

    def raise_if_cancelled(self) -> None:
        """End the run here when somebody asked for it, or when the worker must stop.

        Raises:
            Cancelled: the job was cancelled; an open transaction is rolled back.
            HandBack: the worker stops; the job will be started again.
        """
        if self._should_stop():
            raise HandBack
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + _WRITE_EVERY
        session = self._session or db.session()
        asked = session.scalar(select(Job.cancel_requested).where(Job.id == self.job_id))
        if self._session is None:
            session.rollback()
        if asked:
            raise Cancelled

    def result(self, facts: dict[str, Any]) -> None:
        """Set the result of the job; a dict returned by the function does the same."""
        self.outcome = {**(self.outcome or {}), **facts}

    @property
    def pending(self) -> dict[str, Any]:
        """The progress not yet written."""
        return dict(self._pending)

    def _write(self, session: Session) -> None:
        # A commit is progress: the count of runs without any starts anew.
        values = {**self._pending, "attempts": 1} if self._pending else {}
        keep(session, self._claim, **values)
        self._pending.clear()
        self._next_write = time.monotonic() + _WRITE_EVERY


def actor_of_job(session: Session, job: Job) -> Actor:
    """Return who acts in a job: its creator as of today, or the system.

    A closed account keeps its name in the audit trail and loses its rights.
    """
    if job.created_by_id is None:
        return SYSTEM
    account = session.get_one(Account, job.created_by_id)
    actor = actor_of(account)
    grants = actor.grants if account.state == AccountState.ACTIVE else ()
    return Actor(
        account_id=actor.account_id,
        employee_id=actor.employee_id,
        opd_id=actor.opd_id,
        label=actor.label,
        grants=grants,
        request_id=f"job-{job.id}",
        subordinate_ids=actor.subordinate_ids,
    )
