"""`flask skills`: what the profiles need once a day, and on demand."""

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import transaction
from app.core.i18n import N_, Message
from app.core.jobs.services import enqueue
from skills.services.data_quality import snapshot_due, take_snapshot
from skills.services.level_policy import RECOMPUTE
from skills.services.shelf_life import run_daily

group = AppGroup("skills", help="Profiles and levels.")


@group.command("daily")
def daily() -> None:
    """Let ended levels fall back and send reminders; for a timer, once a day."""
    today = clock.today()
    with transaction(SYSTEM) as session:
        done = run_daily(session)
        if snapshot_due(session, day=today):
            take_snapshot(session, day=today)
    click.echo(f"{done.fallen} level(s) ended, {done.reminded} reminder(s), {done.people} people.")


@group.command("recompute")
def recompute() -> None:
    """Start the job that recomputes the levels of everybody."""
    with transaction(SYSTEM) as session:
        job = enqueue(
            session, kind=RECOMPUTE, title=Message(N_("Hitung ulang semua level")), actor=SYSTEM
        )
        job_id = job.id
    click.echo(f"Job {job_id} was queued.")
