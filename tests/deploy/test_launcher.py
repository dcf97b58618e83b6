"""The launcher keeps server and worker together, and the real one starts from nothing."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.servers import ROOT, free_port

# A stand-in server: answers /readyz, and ends when a file appears.
WEB = """
import http.server, os, pathlib, threading, time
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
def watch():
    while not pathlib.Path("{folder}/end-web").exists(): time.sleep(0.05)
    os._exit(3)
threading.Thread(target=watch, daemon=True).start()
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever()
"""
# A stand-in worker: leaves a line at each start, dies once, then lives.
WORKER = """
import pathlib, time
starts = pathlib.Path("{folder}/starts")
with starts.open("a") as f: f.write("x")
if len(starts.read_text()) == 1: raise SystemExit(9)
time.sleep(600)
"""
PROGRAM = """
import sys; sys.path.insert(0, "{root}/deploy")
import run
run.PREPARE = (sys.executable, "-c", "")
run.WEB = (sys.executable, "-c", {web!r})
run.WORKER = (sys.executable, "-c", {worker!r})
sys.exit(run.main())
"""


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The launcher over stand-ins for server and worker."""
    folder = {"folder": tmp_path}
    code = PROGRAM.format(root=ROOT, web=WEB.format(**folder), worker=WORKER.format(**folder))
    environment = {**os.environ, "PORT": str(free_port()), "EKARIR_INSTANCE": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=ROOT)
    yield process
    process.kill()
    process.wait()


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """Return the processes that the process started."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def is_running(pid: int) -> bool:
    """Return whether the process runs, one that waits to be buried left out."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_a_worker_that_dies_is_started_again(
    launcher: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    starts = tmp_path / "starts"

    wait_for(lambda: starts.exists() and len(starts.read_text()) == 2)
    assert launcher.poll() is None


def test_it_ends_with_an_error_when_the_server_ends(
    launcher: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    wait_for(lambda: len(children(launcher.pid)) == 2)
    (tmp_path / "end-web").touch()

    assert launcher.wait(timeout=20) == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_both_when_asked(
    launcher: subprocess.Popen[bytes], number: signal.Signals
) -> None:
    wait_for(lambda: len(children(launcher.pid)) == 2)
    started = children(launcher.pid)

    launcher.send_signal(number)

    assert launcher.wait(timeout=20) == 0
    assert not any(is_running(pid) for pid in started)


@pytest.mark.skipif(sys.platform != "linux", reason="the signal of a dead parent is Linux's")
def test_nothing_outlives_a_killed_launcher(launcher: subprocess.Popen[bytes]) -> None:
    wait_for(lambda: len(children(launcher.pid)) == 2)
    started = children(launcher.pid)

    launcher.kill()

    wait_for(lambda: not any(is_running(pid) for pid in started))


def test_a_port_in_use_is_said_at_once(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = {**os.environ, "PORT": str(taken.getsockname()[1])}
        done = _run(tmp_path, environment)

    assert done.returncode == 1
    assert "is in use" in done.stderr


def test_production_without_a_key_refuses_to_start(tmp_path: Path) -> None:
    environment = {**os.environ, "EKARIR_ENV": "production", "PORT": str(free_port())}
    environment.pop("SECRET_KEY", None)

    done = _run(tmp_path, environment)

    assert done.returncode != 0
    assert "does not start: SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.sqlite_only
def test_the_service_starts_from_an_empty_folder(tmp_path: Path) -> None:
    environment = {**os.environ, "PORT": str(free_port()), "DEMO_PEOPLE": "0"}
    environment |= {"EKARIR_INSTANCE": str(tmp_path), "EKARIR_ENV": "development"}
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/ekarir.db"
    output = tmp_path / "output"
    with output.open("wb") as handle:
        process = subprocess.Popen(COMMAND, env=environment, stdout=handle, stderr=handle, cwd=ROOT)
    try:
        wait_for(lambda: "is ready at" in output.read_text() or process.poll() is not None, 90)
        assert "is ready at" in output.read_text(), output.read_text()
        assert len(children(process.pid)) == 2
        assert (tmp_path / "ekarir.db").stat().st_mode & 0o077 == 0
    finally:
        process.terminate()
    assert process.wait(timeout=40) == 0


COMMAND = [sys.executable, "deploy/run.py"]


def _run(folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        COMMAND,
        cwd=ROOT,
        env={**environment, "EKARIR_INSTANCE": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
