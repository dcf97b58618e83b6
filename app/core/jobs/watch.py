"""A thread beside a running job that keeps the claim alive and ends what hangs."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self

import structlog
from sqlalchemy import Engine, update
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.jobs.claims import Claim
from app.core.jobs.models import Job, JobState

log = structlog.get_logger()

_BEAT = 5.0  # seconds between two signs of life
_GRACE = 10.0  # seconds between asking an item to end and ending the process


class TimeLimit(Exception):
    """The work took longer than its kind allows."""


class Watch:
    """Signs of life and time limits of one run, in a worker process of its own.

    Work in Python code is interrupted by an alarm; work that sits in a C library does not see it,
    then the process is killed: the attempt is on record and the job goes on elsewhere.
    """

    def __init__(self, engine: Engine, claim: Claim) -> None:
        self._engine = engine
        self._claim = claim
        self._deadline: float | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="job-watch", daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the thread."""
        self._ended.set()
        self._thread.join(timeout=_BEAT)

    @contextmanager
    def limit(self, seconds: int) -> Iterator[None]:
        """Raise `TimeLimit` in the main thread when the block takes longer."""
        former = signal.signal(signal.SIGALRM, _alarm)
        self._deadline = time.monotonic() + seconds + _GRACE
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self._deadline = None
            signal.signal(signal.SIGALRM, former)

    def _run(self) -> None:
        next_beat = time.monotonic() + _BEAT
        while not self._ended.wait(0.5):
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                log.error("job_hangs", job=self._claim.job_id)
                os.kill(os.getpid(), signal.SIGKILL)
            if time.monotonic() >= next_beat:
                next_beat = time.monotonic() + _BEAT
                self._beat()

    def _beat(self) -> None:
        mine = (
            Job.id == self._claim.job_id,
            Job.claim == self._claim.number,
            Job.state == JobState.RUNNING,
        )
        try:
            with self._engine.begin() as connection:
                connection.execute(update(Job).where(*mine).values(heartbeat_at=clock.now()))
        except SQLAlchemyError as error:
            # A long write of the job itself holds the lock of SQLite; its commit is a sign of life.
            log.info("job_beat_missed", job=self._claim.job_id, error=type(error).__name__)


def _alarm(_signal: int, _frame: FrameType | None) -> None:
    raise TimeLimit
