"""Servers of a run: the application as it is shipped (gunicorn, own database), and Redis."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.db import db
from tests.support.database import build_test_app, copied_database
from tests.support.parts import missing_part

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class LiveServer:
    """A running application and, for making data, one of this process on the same database."""

    url: str
    app: Flask
    log: Path

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Session for test data in an application context; committed at the end."""
        with self.app.app_context(), Session(db.engine, expire_on_commit=False) as own:
            yield own
            own.commit()


@contextmanager
def serve(folder: Path, database_url: str, **environment: str) -> Iterator[LiveServer]:
    """Run gunicorn on the database until the block ends.

    Args:
        folder: instance folder; the log is kept there too.
        database_url: a migrated database.
        environment: settings that differ, e.g. `JOBS_MODE="worker"`.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    application = build_test_app(folder, database_url, base_url=url)
    log = folder / "server.log"
    settings = {
        # Errors must show their page as they do for people; "testing" raises them instead.
        "EKARIR_ENV": "development",
        "EKARIR_INSTANCE": str(folder),
        "SECRET_KEY": str(application.config["SECRET_KEY"]),
        "DATABASE_URL": database_url,
        "JOBS_MODE": "inline",
        "PORT": str(port),
        "WEB_WORKERS": "1",
    }
    command = (sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py")
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **settings, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_answers(f"{url}/healthz", server, log)
        yield LiveServer(url, application, log)
    finally:
        server.terminate()
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        with application.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def live_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """Application server of the whole run; tests add their own data and count on no other's."""
    folder = tmp_path_factory.mktemp("live-server")
    with copied_database(request, folder) as address, serve(folder, address) as server:
        yield server


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Address of a private Redis that keeps nothing."""
    program = shutil.which("redis-server")
    if program is None:
        missing_part("Redis", "Install the package redis-server")
    with tempfile.TemporaryDirectory(prefix="ekarir-redis-", dir="/tmp") as folder:
        path = Path(folder) / "redis.sock"
        options = ("--port", "0", "--unixsocket", str(path), "--save", "", "--dir", folder)
        server = subprocess.Popen((program, *options), stdout=subprocess.DEVNULL)
        try:
            _wait_for(path.exists, "Redis did not start", seconds=10)
            yield f"unix://{path}"
        finally:
            server.terminate()
            server.wait(timeout=10)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_answers(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    def answers() -> bool:
        if server.poll() is not None:
            raise RuntimeError(f"The server ended by itself:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False

    _wait_for(answers, f"The server does not answer; see {log}", seconds=120)


def _wait_for(condition: object, complaint: str, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise RuntimeError(complaint)
        time.sleep(0.05)
