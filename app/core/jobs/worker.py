"""The worker: Huey's consumer with processes, a memory limit, and a keeper beside them."""

import logging
import resource
import threading
import time
from typing import Any

import structlog
from flask import Flask
from huey.consumer import Consumer, Scheduler
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import db
from app.core.jobs.process import identity
from app.core.jobs.queue import JobQueue, queue_of
from app.core.jobs.sweep import beat, forget, sweep
from app.core.notifications.delivery import deliver_due

log = structlog.get_logger()

_ROUND = 10.0  # seconds between two rounds of the keeper
_MAIL_ROUND = 2.0
_JUMP = 30.0  # seconds by which clock and stopwatch may differ between two rounds


def build_consumer(app: Flask, *, processes: int, memory_mb: int) -> Consumer:
    """Return the consumer of the application's queue, ready to run.

    Args:
        app: the application.
        processes: how many jobs run at once; PDF work holds the interpreter, so no threads.
        memory_mb: address space of one process; a job that needs more fails alone.
    """
    queue = queue_of(app)
    keeper = _keeper_class(app, queue)
    _on_start(app, queue, memory_mb)
    consumer = _Consumer(
        queue.huey,
        scheduler=keeper,
        workers=processes,
        worker_type="process",
        max_delay=0.5,
        health_check_interval=1,
        shutdown_timeout=4,
        graceful_signal="TERM",
    )
    queue.should_stop = consumer.stop_flag.is_set
    return consumer


class _Consumer(Consumer):
    """Huey's consumer with our keeper in the place of its scheduler."""

    def __init__(self, huey: Any, *, scheduler: type[Scheduler], **options: Any) -> None:
        self.scheduler_class = scheduler
        super().__init__(huey, **options)


def _on_start(app: Flask, queue: JobQueue, memory_mb: int) -> None:
    @queue.huey.on_startup(name="prepare")
    def prepare() -> None:
        _leave_parent(app)
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, resource.RLIM_INFINITY))


def _leave_parent(app: Flask) -> None:
    """Open connections of its own in a forked process."""
    with app.app_context():
        db.engine.dispose(close=False)
    logging.getLogger("huey").setLevel(logging.WARNING)


def _keeper_class(app: Flask, queue: JobQueue) -> type[Scheduler]:
    name = identity()

    class Keeper(Scheduler):
        """A process of its own: signs of life, sweep, mail. It never waits for a job."""

        process_name = "Keeper"

        def initialize(self) -> None:
            """Start delivering mail."""
            _leave_parent(app)
            self._wall, self._steady = time.time(), time.monotonic()
            threading.Thread(target=self._deliver, name="mail", daemon=True).start()

        def loop(self, now: Any = None) -> None:
            """Do one round."""
            started = time.monotonic()
            try:
                with app.app_context():
                    beat(name)
                    sweep(queue, trust_clock=self._clock_is_steady())
            except Exception as error:  # the next round tries again; the process must live
                log.warning("keeper_round_failed", error=repr(error))
            self.sleep_for_interval(started, _ROUND)

        def shutdown(self) -> None:
            """Say goodbye, so that readiness tells the truth at once."""
            try:
                with app.app_context():
                    forget(name)
            except SQLAlchemyError as error:
                log.warning("keeper_goodbye_failed", error=repr(error))

        def _clock_is_steady(self) -> bool:
            wall, steady = time.time(), time.monotonic()
            jump = abs((wall - self._wall) - (steady - self._steady))
            self._wall, self._steady = wall, steady
            return jump < _JUMP

        def _deliver(self) -> None:
            while not self.stop_flag.wait(_MAIL_ROUND):
                try:
                    with app.app_context():
                        deliver_due(app.config["SETTINGS"])
                except Exception as error:  # as above
                    log.warning("mail_round_failed", error=repr(error))

    return Keeper
