"""A second process that renders and signs while the first one writes to the database.

A plain child at the other end of a pair of sockets, and not a pool: a worker of the queue may have
no children of its own that a pool would need, and this one ends by itself when the worker is
killed, because its socket closes. One group is on its way at a time, so that neither end waits for
the other to read.
"""

import logging
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from courses.certificates.batch import BatchSetup, Issued, Press
from courses.certificates.facts import CertificateFacts

_ROOT = Path(__file__).resolve().parents[2]
_IDLE = 300.0  # seconds without work after which it ends
_log = logging.getLogger(__name__)


class PressProcess:
    """The near end: sends one group, and fetches it when it is needed."""

    def __init__(self, setup: BatchSetup) -> None:
        """Start the process; it prepares the template while others go on."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "courses.certificates.press_process", str(theirs.fileno())],
                cwd=_ROOT,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # a key pressed in the terminal is for the worker
            )
        self._line = Connection(ours.detach())
        self._line.send(setup)
        self._waiting = False

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._child.pid

    def send(self, group: Sequence[CertificateFacts], signed_at: datetime) -> bool:
        """Ask for a group; return whether the process took it."""
        try:
            self._line.send((signed_at, tuple(group)))
        except OSError:
            self.close()
            return False
        self._waiting = True
        return True

    def receive(self) -> list[Issued]:
        """Wait for the group that was sent; nothing where none was, or where the process died.

        Whoever asks makes what is missing itself.
        """
        if not self._waiting:
            return []
        self._waiting = False
        try:
            made: list[Issued] = self._line.recv()
        except (EOFError, OSError):
            _log.warning("the second process of certificates ended; this one goes on alone")
            self.close()
            return []
        except BaseException:
            self.close()  # what it answers later belongs to nobody
            raise
        return made

    def close(self) -> None:
        """End the process."""
        self._waiting = False
        self._line.close()
        self._child.kill()
        self._child.wait()


def serve(line: Connection) -> None:
    """Make groups until the other end closes, or leaves this one without work."""
    press = Press(line.recv())
    while line.poll(_IDLE):
        try:
            signed_at, group = line.recv()
        except EOFError:
            return
        press.setup = replace(press.setup, signed_at=signed_at)
        line.send(list(press.issue(group)))


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
