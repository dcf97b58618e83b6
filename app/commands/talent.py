"""`flask talent`: measured parts, boxes, alerts of succession, demonstration data."""

import csv
import json
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.demo.talent import write_talent
from matching.queries import talent
from matching.services.shelf_forecast import forecast
from matching.services.succession import coverage_of
from matching.services.succession_alerts import send_alerts
from matching.services.talent_box import compute_period, find_method, record_inputs

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


@group.command("boxes")
@click.option("--period", type=int, help="Year; the newest one by default.")
@click.option("--method", help="Code of the method; the default one otherwise.")
@click.option("--box", type=click.IntRange(0, 9), help="List the people of a box; 0: without one.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def boxes(period: int | None, method: str | None, box: int | None, as_json: bool) -> None:
    """Show how many people are in each box, or who is in one."""
    session = db.session()
    years = talent.periods(session)
    code = find_method(session, method).code
    filters = talent.BoxFilter(period or (years[0] if years else 0), code, box=box)
    cells = talent.cells(session, filters.anywhere())
    people = [] if box is None else session.scalars(talent.people_statement(filters)).all()
    facts = {
        "period": filters.period,
        "method": code,
        "boxes": {str(key): cells[key].count for key in sorted(cells)},
        "people": [
            {
                "employee_id": row.employee_id,
                "name": row.employee.display_name,
                "opd": row.employee.opd.short_name,
                "performance": row.performance,
                "potential": row.potential,
                "box": row.box_in_force,
                "computed_box": row.box,
            }
            for row in people
        ],
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for key in sorted(cells, reverse=True):
        click.echo(f"{key or '-':>3} {cells[key].count:>7,}")
    for row in people:
        click.echo(f"  {row.employee.display_name} ({row.employee.opd.short_name})")


@group.command("succession")
@click.option("--rate", type=float, help="Transfers in a year; as the rules in force say.")
@click.option("--runs", default=300, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--seed", default=1, show_default=True, help="The same seed, the same figures.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def show_succession(rate: float | None, runs: int, seed: int, as_json: bool) -> None:
    """Show the chance of each key seat being filled over the coming years."""
    if rate is not None and not 0 <= rate <= 1:
        raise click.ClickException("The rate must be between 0 and 1.")
    rows = coverage_of(db.session(), rate=rate, runs=runs, seed=seed)
    if as_json:
        facts = [
            {
                "seat": row.seat.code,
                "holders": [person.display_name for person in row.holders],
                "successors": [line.employee.display_name for line in row.successors],
                "ready": row.ready,
                "covered": [round(value, 4) for value in row.covered],
                "second_order": [round(value, 4) for value in row.second_order],
                "certainly_empty_in": row.first_gap,
            }
            for row in rows
        ]
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for row in rows:
        years = " ".join(f"{100 * value:4.0f}" for value in row.covered)
        click.echo(f"{row.seat.code:<22} {len(row.successors)} ({row.ready} ready) {years}")


@group.command("forecast")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def show_forecast(day: datetime, as_json: bool) -> None:
    """Show the pool on a day if nobody recertifies."""
    if day.date() < clock.today():
        raise click.ClickException("The day lies in the past.")
    found = forecast(db.session(), day=day.date())
    rows = sorted(found.competencies, key=lambda row: (-row.fallen, row.competency.code))
    if as_json:
        facts = {
            "day": day.date().isoformat(),
            "people": found.people,
            "levels_fallen": found.fallen,
            "people_fallen": found.people_fallen,
            "competencies": [
                {"code": r.competency.code, "now": r.people_now, "then": r.people_then}
                for r in rows
            ],
            "roles": [{"code": r.role.code, "now": r.now, "then": r.then} for r in found.roles],
        }
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"{found.fallen:,} levels of {found.people_fallen:,} people fall.")
    for row in rows:
        if row.fallen:
            code = row.competency.code
            click.echo(f"{code:<12} {row.people_now:>6} -> {row.people_then:>6}")


@group.command("demo")
@click.option("--seed", type=int, default=1, show_default=True)
def demo(seed: int) -> None:
    """Add talent data to the demonstration city; refused in production."""
    if current_app.config["SETTINGS"].is_production:
        raise click.ClickException("There is no demonstration data in production.")
    with transaction(SYSTEM) as session:
        counts = write_talent(session, seed=seed)
    click.echo("Added " + ", ".join(f"{name} {n:,}" for name, n in counts.items()) + ".")
