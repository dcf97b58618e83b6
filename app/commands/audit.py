"""The audit trail from the command line."""

import sys

import click
from flask.cli import AppGroup

from app.core.audit import verify_chain
from app.core.db import db

group = AppGroup("audit", help="The audit trail.")


@group.command("verify")
def verify() -> None:
    """Recompute the whole chain; names the first bad row and ends with 1 where it breaks."""
    count, broken = verify_chain(db.session())
    if broken is None:
        click.echo(f"The chain holds: {count} event(s).")
        return
    click.echo(f"The chain breaks at event {broken.event_id}: {broken.reason}.", err=True)
    click.echo(f"{count} event(s) before it are intact.", err=True)
    sys.exit(1)
