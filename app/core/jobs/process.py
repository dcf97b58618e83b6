"""Which process holds a job, told apart from a later process with the same number."""

import os
import signal
import socket
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def host() -> str:
    """Return a name of this host that differs between containers that share a host name."""
    try:
        namespace = os.readlink("/proc/self/ns/pid").strip("pid:[]")
    except OSError:
        namespace = "-"
    return f"{socket.gethostname()[:60]}/{namespace}"


def identity(pid: int | None = None) -> str:
    """Return `host|pid|start` of a process of this host (by default this one)."""
    number = pid or os.getpid()
    return f"{host()}|{number}|{_started(number)}"


def is_local(name: str | None) -> bool:
    """Return whether the named process ran on this host and its life can be checked."""
    parts = (name or "").split("|")
    return len(parts) == 3 and parts[0] == host() and parts[2] != "-"


def is_alive(name: str) -> bool:
    """Return whether the named local process still runs."""
    number = int(name.split("|")[1])
    return identity(number) == name


def kill(name: str) -> None:
    """End the named local process at once; it hangs where no signal of its own reaches it."""
    if is_local(name) and is_alive(name):
        os.kill(int(name.split("|")[1]), signal.SIGKILL)


def _started(pid: int) -> str:
    """Return the start time in clock ticks since boot, `-` where the system does not tell."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "-" if not Path("/proc/self/stat").exists() else "gone"
    fields = stat.rpartition(")")[2].split()
    # A zombie is dead already, it only waits for its parent.
    return "gone" if fields[0] in "ZX" else fields[19]
