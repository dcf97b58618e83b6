"""More of `flask matching`: what the pages of scouting do, for scripts and for other systems."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.commands.matching import group
from app.core.actor import SYSTEM
from app.core.db import db, find_row, transaction
from app.core.errors import DomainError
from app.web.seats.catalogue import offers_in_force
from app.web.seats.papers import decision_pdf
from matching.models import Decision, Seat
from matching.queries.seats import find_seat_by_code
from matching.services import decisions, explain, fairness_sheet, lexicons, searches, stability
from matching.services.refit import model_state
from matching.services.scenarios import ScenarioSettings, solve_scenario
from matching.services.scouting import Scored, criteria_of, explanation_of, rank_for_role
from matching.services.whatif import cheapest_plan
from skills.models import Employee
from skills.queries.profile import employees_by_id

JSON = click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")


@group.command("seats")
@click.option("--vacant", is_flag=True, help="Only seats that need somebody.")
@JSON
def seats(vacant: bool, as_json: bool) -> None:
    """List the seats with role, OPD and state."""
    statement = select(Seat).order_by(Seat.code)
    if vacant:
        statement = statement.where(Seat.state == "vacant")
    rows = [
        {
            "seat": seat.code,
            "role": seat.role.name,
            "opd": seat.opd.short_name,
            "state": seat.state,
            "places": seat.places,
        }
        for seat in db.session().scalars(statement)
    ]
    _tell(rows, as_json)


@group.command("find")
@click.argument("text", default="")
@click.option("--like", "nip", help="NIP of a model person.")
@click.option("--top", default=20, show_default=True)
@JSON
def find(text: str, nip: str | None, top: int, as_json: bool) -> None:
    """Find people by free text or by a model person; ties end at the id."""
    session = db.session()
    like = _employee(session, nip).id if nip else None
    answer = _refused(
        lambda: searches.look(session, searches.Question(text=text, like_id=like), top=top)
    )
    people = employees_by_id(session, [row.person.id for row in answer.people])
    rows = [
        {
            "rank": row.rank,
            "nip": people[row.person.id].nip,
            "name": people[row.person.id].display_name,
            "opd": people[row.person.id].opd.short_name,
            "closeness": row.closeness,
            "phrases": list(row.phrases),
        }
        for row in answer.people
    ]
    _tell(rows, as_json)


@group.command("explain")
@click.option("--seat", "code", required=True)
@click.option("--nip", required=True)
def explain_one(code: str, nip: str) -> None:
    """Say as JSON why a person stands where they stand, and what would change it."""
    session = db.session()
    seat, scored, at = _ranked(session, code, nip)
    person = scored.person(at, scored.rank_of(int(scored.inputs.pool.ids[at])) or 0)
    offers, _courses = offers_in_force(session)
    plan = cheapest_plan(session, scored, at, offers)
    interval = stability.list_intervals(scored).get(person.person.id)
    documents = explain.decisive_documents(session, scored, [at])
    facts = {
        "seat": seat.code,
        "nip": nip,
        "rank": person.rank,
        "of": len(scored.rows),
        "fit": person.fit,
        "fit_high": person.fit_high,
        "similarity": person.similarity,
        **explanation_of(person),
        "phrases": explain.matched_phrases(session, scored, at),
        "documents": [vars(item) for item in documents],
        "cheapest_training": vars(plan) if plan else None,
        "rank_interval": vars(interval) if interval else None,
        "swaps_with_next": _swaps(scored, person.rank),
    }
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2, default=str))


def _swaps(scored: Scored, rank: int) -> list[dict[str, Any]]:
    if not 1 <= rank < len(scored.rows):
        return []
    first, second = int(scored.rows[rank - 1]), int(scored.rows[rank])
    return [vars(swap) for swap in stability.swaps(scored, first, second)]


@group.command("fairness")
@click.option("--seat", "code", required=True)
def fairness(code: str) -> None:
    """Give the fairness sheet of the present shortlist of a seat as JSON."""
    session = db.session()
    entries = decisions.entries_of(session, _seat(session, code))
    sheet = fairness_sheet.make_sheet(session, entries=entries)
    if sheet is None:
        raise click.ClickException(f"Nobody is on the shortlist of {code}.")
    click.echo(json.dumps(fairness_sheet.sheet_json(sheet), ensure_ascii=False, indent=2))


@group.command("scenario")
@click.argument("name")
@click.option("--least-fit", type=float, help="As the rules in force say by default.")
@click.option("--most-leavers", type=int, help="From any one OPD; no limit by default.")
@click.option("--own-opd-bonus", default=0.0, show_default=True)
@click.option("--keep-holders", is_flag=True, help="Seats that are held take part as well.")
@click.option("--keep-margin", default=10.0, show_default=True)
@click.option("--backups", is_flag=True)
@click.option("--must-fill", is_flag=True)
def scenario(name: str, **settings: Any) -> None:
    """Fill all seats at once under constraints, keep the answer and print it as JSON."""
    with transaction(SYSTEM) as session:
        row = _refused(
            lambda: solve_scenario(
                session, actor=SYSTEM, name=name, settings=ScenarioSettings(**settings)
            )
        )
        facts = {
            "scenario": row.id,
            "state": row.state,
            "figures": row.figures,
            "places": [
                {
                    "seat": place.seat.code,
                    "nip": place.employee.nip if place.employee else None,
                    "fit": place.fit,
                    "backup": place.backup.nip if place.backup else None,
                    "greedy_fit": place.greedy_fit,
                }
                for place in row.rows
            ],
        }
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2, default=str))


@group.command("file")
@click.argument("decision_id", type=int)
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def decision_file(decision_id: int, output: Path) -> None:
    """Write the decision file of a decision as PDF."""
    decision = find_row(db.session(), Decision, decision_id)
    if decision is None:
        raise click.ClickException(f"No decision {decision_id}.")
    with current_app.test_request_context():
        output.write_bytes(decision_pdf(decision.seat, decision))
    click.echo(f"{output}: {output.stat().st_size:,} bytes.")


@group.command("model")
def model() -> None:
    """Tell which model is in use, from how many people and with which abbreviations."""
    state = model_state(db.session())
    facts = {
        "in_use": state.active.checksum if state.active else None,
        "fitted_at": state.active.fitted_at if state.active else None,
        "people": state.active.people if state.active else None,
        "abbreviations": state.table_version,
        "behind": state.is_behind,
        "kept": [row.checksum for row in state.history],
    }
    click.echo(json.dumps(facts, indent=2, default=str))


@group.command("abbreviation")
@click.argument("short")
@click.argument("indonesian", default="")
@click.option("--english", default="")
@click.option("--drop", is_flag=True, help="Take the abbreviation out.")
def abbreviation(short: str, indonesian: str, english: str, drop: bool) -> None:
    """Add, replace or drop an abbreviation as a new version; `fit` puts it into the model."""
    with transaction(SYSTEM) as session:
        row = _refused(
            lambda: (
                lexicons.drop_abbreviation(session, actor=SYSTEM, short=short)
                if drop
                else lexicons.put_abbreviation(
                    session, actor=SYSTEM, short=short, indonesian=indonesian, english=english
                )
            )
        )
        click.echo(f"Version {row.version} with {len(row.rows)} abbreviations.")


def _ranked(session: Session, code: str, nip: str) -> tuple[Seat, Scored, int]:
    seat, person = _seat(session, code), _employee(session, nip)
    ranking = _refused(
        lambda: rank_for_role(session, role=seat.role, criteria=criteria_of(seat), top=0)
    )
    at = ranking.scored.inputs.pool.position_of(person.id)
    if at is None or ranking.scored.rank_of(person.id) is None:
        raise click.ClickException(f"{nip} does not pass the gates of {code}.")
    return seat, ranking.scored, at


def _seat(session: Session, code: str) -> Seat:
    seat = find_seat_by_code(session, code)
    if seat is None:
        raise click.ClickException(f"No seat with the code {code}.")
    return seat


def _employee(session: Session, nip: str) -> Employee:
    person = session.scalar(select(Employee).where(Employee.nip == nip))
    if person is None:
        raise click.ClickException(f"Nobody has the NIP {nip}.")
    return person


def _refused(work: Any) -> Any:
    """Do something; a refusal becomes an error of the command."""
    try:
        return work()
    except DomainError as error:
        raise click.ClickException(str(error.message)) from error


def _tell(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        words = [", ".join(cell) if isinstance(cell, list) else cell for cell in row.values()]
        click.echo("  ".join("-" if cell is None else str(cell) for cell in words))
