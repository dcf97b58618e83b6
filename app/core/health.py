"""Readiness of the parts the service stands on."""

from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.jobs.models import WorkerHeartbeat

_MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def readiness(session: Session, jobs_mode: str) -> dict[str, bool]:
    """Return which parts are ready: database, migrations at head, queue alive."""
    try:
        current = session.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    except SQLAlchemyError:
        session.rollback()
        return {"database": False, "migrations": False, "queue": False}
    return {
        "database": True,
        "migrations": set(current) == set(_heads()),
        "queue": jobs_mode == "inline" or _worker_alive(session),
    }


@lru_cache(maxsize=1)
def _heads() -> tuple[str, ...]:
    return tuple(ScriptDirectory(str(_MIGRATIONS)).get_heads())


def _worker_alive(session: Session) -> bool:
    latest = session.query(WorkerHeartbeat.seen_at).order_by(WorkerHeartbeat.seen_at.desc()).first()
    return latest is not None and clock.now() - latest[0] < timedelta(seconds=60)
