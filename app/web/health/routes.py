"""Answers for machines: is the process alive, is the service ready."""

from typing import Any

from flask import Blueprint, current_app

from app.core import health
from app.core.db import db
from app.web.access import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz() -> Any:
    """Say that the process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def readyz() -> Any:
    """Say whether database, migrations and queue are ready; details stay in the log."""
    parts = health.readiness(db.session(), current_app.config["SETTINGS"].jobs_mode)
    ready = all(parts.values())
    return {"status": "ok" if ready else "unavailable", "parts": parts}, 200 if ready else 503
