"""The process beside the workers that never waits for a job: signs of life, sweep, mail."""

import threading
import time
from datetime import date
from typing import Any

import structlog
from flask import Flask
from huey.consumer import Scheduler
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.files.services import remove_orphans
from app.core.jobs.daily import start_due
from app.core.jobs.process import identity
from app.core.jobs.queue import JobQueue
from app.core.jobs.sweep import beat, forget, sweep
from app.core.notifications.delivery import deliver_due

log = structlog.get_logger()

_ROUND = 2.0  # seconds between two rounds of the keeper, and of mail
_BEAT = 10.0  # seconds between two signs of life
_TIDY = 3600.0  # seconds between two searches for files that belong to nothing
_JUMP = 30.0  # seconds by which clock and stopwatch may differ between two rounds


class Keeper(Scheduler):
    """Takes the place of Huey's scheduler, in a process of its own."""

    process_name = "Keeper"

    def __init__(self, huey: Any, stop_flag: Any, *, app: Flask, queue: JobQueue) -> None:
        super().__init__(huey, stop_flag, interval=1, periodic=False)
        self._app = app
        self._queue = queue
        self._name = identity()  # of the parent: a keeper that is replaced keeps the name
        self._wall = self._steady = self._next_beat = self._next_tidy = 0.0
        self._daily_done: date | None = None

    def initialize(self) -> None:
        """Start delivering mail."""
        leave_parent(self._app)
        self._wall, self._steady = time.time(), time.monotonic()
        threading.Thread(target=self._deliver, name="mail", daemon=True).start()

    def loop(self, now: Any = None) -> None:
        """Do one round."""
        started = time.monotonic()
        try:
            with self._app.app_context():
                self._round(started)
        except Exception as error:  # the next round tries again; the process must live
            log.warning("keeper_round_failed", error=repr(error))
        self.sleep_for_interval(started, _ROUND)

    def shutdown(self) -> None:
        """Say goodbye, so that readiness tells the truth at once."""
        try:
            with self._app.app_context():
                forget(self._name)
        except SQLAlchemyError as error:
            log.warning("keeper_goodbye_failed", error=repr(error))

    def _round(self, started: float) -> None:
        if started >= self._next_beat:
            beat(self._name)
            self._next_beat = started + _BEAT
        sweep(self._queue, trust_clock=self._clock_is_steady())
        if started >= self._next_tidy:
            remove_orphans(db.session())
            self._next_tidy = started + _TIDY
        self._start_daily()

    def _start_daily(self) -> None:
        today = clock.today()
        if self._daily_done == today:
            return
        # Noted first: what fails to start is tried again tomorrow, not every two seconds.
        self._daily_done = today
        with transaction(SYSTEM) as session:
            start_due(session, today)

    def _clock_is_steady(self) -> bool:
        wall, steady = time.time(), time.monotonic()
        jump = abs((wall - self._wall) - (steady - self._steady))
        self._wall, self._steady = wall, steady
        return jump < _JUMP

    def _deliver(self) -> None:
        while not self.stop_flag.wait(_ROUND):
            try:
                with self._app.app_context():
                    deliver_due(self._app.config["SETTINGS"])
            except Exception as error:  # as in loop
                log.warning("mail_round_failed", error=repr(error))


def leave_parent(app: Flask) -> None:
    """Open connections of its own in a forked process."""
    with app.app_context():
        db.engine.dispose(close=False)
