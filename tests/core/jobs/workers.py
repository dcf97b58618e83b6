"""Real worker processes on the database of a test, to be killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def worker(app: Flask, *, processes: int = 2) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `flask worker` with the kinds of the tests until the block ends."""
    settings = app.config["SETTINGS"]
    environment = {
        **os.environ,
        "EKARIR_ENV": "testing",
        "EKARIR_INSTANCE": str(settings.instance),
        "SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "JOBS_MODE": "worker",
    }
    command = [sys.executable, "-m", "flask", "--app", "tests.core.jobs.worker_app", "worker"]
    with (settings.instance / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--processes", str(processes)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill_group(process)


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill a worker with all its processes, as a power cut does."""
    try:
        os.killpg(process.pid, 9)
    except ProcessLookupError:
        pass
    process.wait()


def wait_until(condition: Callable[[], bool], seconds: float = 90) -> None:
    """Wait for a condition; fail when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("the condition did not come true in time")
        time.sleep(0.1)
