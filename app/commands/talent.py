"""`flask talent`: measured parts, boxes, alerts of succession, demonstration data."""

import csv
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import transaction
from app.demo.talent import write_talent
from matching.services.succession_alerts import send_alerts
from matching.services.talent_box import compute_period, record_inputs

group = AppGroup("talent", help="Nine boxes, pools and succession.")


@group.command("compute")
@click.option("--period", type=int, help="Year; the last one by default.")
@click.option("--method", help="Code of the method; the default one otherwise.")
def compute(period: int | None, method: str | None) -> None:
    """Compute the boxes of everybody in service for a year."""
    with transaction(SYSTEM) as session:
        year = period or clock.today().year - 1
        count = compute_period(session, actor=SYSTEM, period=year, method_code=method)
    click.echo(f"{count} assessments of {year}.")


@group.command("inputs")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def inputs(path: Path) -> None:
    """Take over a CSV file with the columns nip, period, part, points, source."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = {"nip", "period", "part", "points", "source"} - set(rows[0] if rows else ())
    if missing:
        raise click.ClickException(f"Columns missing: {', '.join(sorted(missing))}")
    with transaction(SYSTEM) as session:
        count = record_inputs(session, actor=SYSTEM, rows=rows)
    click.echo(f"{count} points recorded.")


@group.command("alerts")
def alerts() -> None:
    """Tell the officers which seats lose their holder or successors; each only once."""
    with transaction(SYSTEM) as session:
        count = send_alerts(session)
    click.echo(f"{count} notices sent.")


@group.command("demo")
@click.option("--seed", type=int, default=1, show_default=True)
def demo(seed: int) -> None:
    """Add talent data to the demonstration city; refused in production."""
    if current_app.config["SETTINGS"].is_production:
        raise click.ClickException("There is no demonstration data in production.")
    with transaction(SYSTEM) as session:
        counts = write_talent(session, seed=seed)
    click.echo("Added " + ", ".join(f"{name} {n:,}" for name, n in counts.items()) + ".")
