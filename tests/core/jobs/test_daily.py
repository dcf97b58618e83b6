"""What is due once a day is started once a day, however often somebody looks."""

from datetime import date

from sqlalchemy import select

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.jobs.daily import start_due
from app.core.jobs.models import Job


def keys(app):
    with app.app_context():
        return sorted(db.session.scalars(select(Job.key).where(Job.key.startswith("daily:"))))


def test_each_kind_is_started_once_for_each_day(app):
    for day in (date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 2)):
        with app.app_context(), transaction(SYSTEM) as session:
            kinds = start_due(session, day)

    assert "skills.expire" in kinds
    assert keys(app) == sorted(f"daily:{k}:2026-03-0{d}" for k in kinds for d in (1, 2))
