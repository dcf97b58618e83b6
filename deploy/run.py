"""Start the whole service on one host: prepared database, application server, job worker.

A small parent that holds no application code: it starts gunicorn and `flask worker`, brings the
worker back when it dies, stops both on SIGTERM or Ctrl-C, and ends with an error when the server
ends by itself, so that a service manager or a terminal notices.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 90
# gunicorn finishes running requests within its own grace of 30 s.
STOP_SECONDS = 35
RESTART_SECONDS = (1, 2, 5, 10, 30)
PR_SET_PDEATHSIG = 1

WEB = (sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy/gunicorn.conf.py"))
WORKER = (sys.executable, "-m", "flask", "--app", "app", "worker")
PREPARE = (sys.executable, str(ROOT / "deploy/prepare.py"))


class Stopping(Exception):
    """The operator or the service manager asked to stop."""


class Worker:
    """The job worker, brought back with growing patience when it dies."""

    def __init__(self) -> None:
        self.failures = 0
        self.start_again_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def keep_alive(self, now: float) -> None:
        """Start the worker if it is not running and its pause is over."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self._note_death(now)
        if now >= self.start_again_at:
            self.started_at = now
            self.process = start(WORKER)

    def _note_death(self, now: float) -> None:
        assert self.process is not None
        self.failures = 0 if now - self.started_at > 60 else self.failures
        pause = RESTART_SECONDS[min(self.failures, len(RESTART_SECONDS) - 1)]
        code = self.process.returncode
        print(f"The job worker ended ({code}); starting it again in {pause} s", file=sys.stderr)
        self.failures += 1
        self.start_again_at = now + pause
        self.process = None


def main() -> int:
    """Run until stopped; return the exit code."""
    # Database, keys and uploads hold personal data: they are nobody else's to read.
    os.umask(0o077)
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    if not port_is_free(host, port):
        print(f"Port {port} is in use. Choose another: PORT=8001 make run", file=sys.stderr)
        return 1
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, _raise_stopping)
    children: list[subprocess.Popen[bytes]] = []
    try:
        prepared = subprocess.run(PREPARE, cwd=ROOT, check=False)
        if prepared.returncode:
            return prepared.returncode
        return serve(children, f"http://{host}:{port}")
    except Stopping:
        print("\nStopping", flush=True)
        return 0
    finally:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, signal.SIG_IGN)
        stop(children)


def serve(children: list[subprocess.Popen[bytes]], address: str) -> int:
    """Start server and worker, announce readiness once, and watch over both."""
    web = start(WEB)
    children.append(web)
    worker = Worker() if os.environ.get("JOBS_MODE", "worker") == "worker" else None
    give_up_at, announced = time.monotonic() + READY_SECONDS, False
    while web.poll() is None:
        now = time.monotonic()
        if worker is not None:
            worker.keep_alive(now)
            children[1:] = [worker.process] if worker.process else []
        if not announced and is_ready(address):
            announce(address)
            announced = True
        elif not announced and now > give_up_at:
            print(f"Not ready after {READY_SECONDS} s; see {address}/readyz", file=sys.stderr)
            return 1
        time.sleep(0.2)
    print(f"The application server ended by itself ({web.returncode})", file=sys.stderr)
    return web.returncode or 1


def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a child that Ctrl-C does not reach directly and that never outlives this process."""
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=_end_with_parent)


def stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask the children to end, and make them after the grace."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def port_is_free(host: str, port: int) -> bool:
    """Say whether the server could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def is_ready(address: str) -> bool:
    """Say whether server, database, migrations and worker all answer."""
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def announce(address: str) -> None:
    """Print where the service is and, for a demonstration city, how to sign in."""
    instance = Path(os.environ.get("EKARIR_INSTANCE", ROOT / "instance"))
    accounts = instance / "demo-accounts.txt"
    print(f"\ne-karir is ready at {address}   (Ctrl-C stops it)", flush=True)
    if accounts.exists() and os.environ.get("EKARIR_ENV", "development") == "development":
        print(f"\nDemonstration sign-ins (kept in {accounts}):\n")
        print(accounts.read_text(), flush=True)


def _raise_stopping(_number: int, _frame: FrameType | None) -> None:
    raise Stopping


def _end_with_parent() -> None:
    # Linux only; elsewhere a killed parent leaves its children to the service manager.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
