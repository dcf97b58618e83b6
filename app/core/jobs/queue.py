"""The engine that carries the message "there is work": Huey, in a file of its own or in Redis.

A message that gets lost costs time only: the sweep sends it again for every waiting job.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, current_app
from huey import RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer

from app.core.jobs import runner

if TYPE_CHECKING:
    from config import Settings

log = structlog.get_logger()

_EXTENSION = "ekarir_jobs"


class JobQueue:
    """The queue of one application; `should_stop` is set by the worker that runs in it."""

    def __init__(self, app: Flask, settings: "Settings") -> None:
        self.mode = settings.jobs_mode
        self.should_stop: Callable[[], bool] = lambda: False
        self._app = app
        self._settings = settings
        self._huey: Any = None
        self._task: Any = None

    @property
    def huey(self) -> Any:
        """The engine, opened at first use so that commands without jobs make no file."""
        if self._huey is None:
            self._huey = _build(self._settings)
            self._task = self._huey.task(name="run_job")(self._run)
        return self._huey

    def schedule(self, job_id: int) -> None:
        """Have the job run: here and now in inline mode, else by a worker."""
        if self.mode == "inline":
            runner.run(job_id)
            return
        try:
            if self.huey is not None:
                self._task(job_id)
        except Exception as error:  # the engine's stores raise errors of many families
            log.warning("job_not_queued", job=job_id, error=repr(error))

    def pending(self) -> set[int]:
        """Return the ids of jobs whose message waits in the engine."""
        return {task.args[0] for task in self.huey.pending() if task.args}

    def _run(self, job_id: int) -> None:
        with self._app.app_context():
            runner.run(job_id, should_stop=self.should_stop, watched=True)


def _build(settings: "Settings") -> Any:
    # Messages are pickled by the engine; the signature keeps others from writing them.
    signed = SignedSerializer(secret=settings.secret_key, salt="ekarir-jobs")
    common: dict[str, Any] = {"results": False, "serializer": signed}
    if settings.redis_url:
        return RedisHuey("ekarir", url=settings.redis_url, **common)
    settings.instance.mkdir(parents=True, exist_ok=True)
    path = str(settings.instance / "queue.db")
    return SqliteHuey("ekarir", filename=path, timeout=20, fsync=False, strict_fifo=True, **common)


def init_app(app: Flask, settings: "Settings") -> None:
    """Give the application its queue."""
    app.extensions[_EXTENSION] = JobQueue(app, settings)


def queue_of(app: Flask | None = None) -> JobQueue:
    """Return the queue of the application (by default the current one)."""
    queue: JobQueue = (app or current_app).extensions[_EXTENSION]
    return queue
