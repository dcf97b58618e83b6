"""No test reaches another host: a connection that leaves the machine fails at once."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


class LeavesTheMachine(AssertionError):
    """A test tried to reach another host."""


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    original = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
            self.close()
            raise LeavesTheMachine(f"connection to {address[0]}:{address[1]}")
        return original(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()


def is_local(host: str) -> bool:
    """Return whether the host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False
