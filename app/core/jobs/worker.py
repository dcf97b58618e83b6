"""The worker: Huey's consumer with processes, a memory limit, and a keeper beside them."""

import resource
from typing import Any

from flask import Flask
from huey.consumer import Consumer

from app.core.jobs.keeper import Keeper, leave_parent
from app.core.jobs.queue import JobQueue, queue_of


class _Consumer(Consumer):
    """Huey's consumer with our keeper in the place of its scheduler."""

    def __init__(self, app: Flask, queue: JobQueue, **options: Any) -> None:
        self._app = app
        self._queue = queue
        super().__init__(queue.huey, **options)

    def _create_scheduler(self) -> Keeper:
        return Keeper(self.huey, self.stop_flag, app=self._app, queue=self._queue)


def build_consumer(app: Flask, *, processes: int, memory_mb: int) -> Consumer:
    """Return the consumer of the application's queue, ready to run.

    Args:
        app: the application.
        processes: how many jobs run at once; PDF work holds the interpreter, so no threads.
        memory_mb: address space of one process; a job that needs more fails alone.
    """
    queue = queue_of(app)
    limit = (memory_mb << 20, resource.RLIM_INFINITY)

    def prepare() -> None:
        leave_parent(app)
        resource.setrlimit(resource.RLIMIT_AS, limit)

    queue.huey.on_startup(name="prepare")(prepare)
    consumer = _Consumer(
        app,
        queue,
        workers=processes,
        worker_type="process",
        max_delay=0.5,
        health_check_interval=1,
        shutdown_timeout=4,
        graceful_signal="TERM",
    )
    queue.should_stop = consumer.stop_flag.is_set
    return consumer
