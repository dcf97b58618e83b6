"""Work that is due once a day: the keeper starts one job per kind and local day.

The job's key names the day, so that several hosts and restarts start it once.
"""

from datetime import date

from sqlalchemy.orm import Session

from app.core.actor import SYSTEM
from app.core.i18n import Message
from app.core.jobs.services import enqueue

_due: dict[str, str] = {}


def daily(kind: str, title: str) -> None:
    """Let a registered kind of job run every day.

    Args:
        kind: as given to `job_kind`; it takes no parameters.
        title: what the job does, for the list of jobs.
    """
    _due[kind] = title


def start_due(session: Session, day: date) -> list[str]:
    """Start what is due on a day and has not been started; return the kinds."""
    for kind, title in sorted(_due.items()):
        enqueue(session, kind=kind, title=Message(title), actor=SYSTEM, key=f"daily:{kind}:{day}")
    return sorted(_due)
