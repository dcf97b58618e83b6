"""`flask matching`: scouting from the command line."""

import json
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from matching.queries.pool import current_pool
from matching.queries.roles import seat_counts
from matching.queries.seats import find_seat_by_code, roles_in_force
from matching.role_rules import thin_reasons
from matching.services.assurance import assured
from matching.services.model import fit_model
from matching.services.process_rules import process_rules
from matching.services.runs import Replay, find_run, replay, run_label
from matching.services.scoring_rules import scoring_rules
from matching.services.scouting import Ranking, criteria_of, explanation_of, rank_for_role
from skills.queries.profile import employees_by_id
from skills.queries.standards import requirements_of
from skills.services.vectors import vector_width

group = AppGroup("matching", help="Scouting, seats and coverage.")


@group.command("search")
@click.option("--seat", "code", required=True, help="Code of the seat, e.g. ADM-JEPIN-017.")
@click.option("--top", default=20, show_default=True, help="How many people to show.")
@click.option("--order", type=click.Choice(["group", "fit"]), default="group", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="JSON with every contribution.")
def search(code: str, top: int, order: str, as_json: bool) -> None:
    """Rank the people in service for a seat, as its page does."""
    session = db.session()
    seat = find_seat_by_code(session, code)
    if seat is None:
        raise click.ClickException(f"No seat with the code {code}.")
    criteria = criteria_of(seat)
    criteria = type(criteria)(**{**vars(criteria), "order": order})
    ranking = rank_for_role(session, role=seat.role, criteria=criteria, top=top)
    if as_json:
        click.echo(json.dumps(_as_json(session, code, ranking), ensure_ascii=False, indent=2))
        return
    names = employees_by_id(session, [row.person.id for row in ranking.people])
    for step in ranking.steps:
        click.echo(f"{step.remaining:>6}  {step.label}")
    click.echo(f"{'rank':>4} {'fit':>6} {'high':>6} {'close':>7}  person")
    for row in ranking.people:
        person = names[row.person.id]
        click.echo(
            f"{row.rank:>4} {row.fit:>6.1f} {row.fit_high:>6.1f} {row.similarity:>7.3f}  "
            f"{person.display_name} ({person.opd.short_name})"
        )


@group.command("roles")
@click.option("--json", "as_json", is_flag=True, help="JSON with what each role asks.")
def show_roles(as_json: bool) -> None:
    """List the roles in force with their seats; those too thin to rank on are marked."""
    session = db.session()
    least = scoring_rules(session).least_requirements
    words = process_rules(session).least_words
    seats = seat_counts(session)
    facts = []
    for role in roles_in_force(session):
        asked = requirements_of(role.standard)
        count, filled = seats.get(role.id, (0, 0))
        thin = bool(thin_reasons(asked, role.text, least_requirements=least, least_words=words))
        facts.append(
            {
                "code": role.code,
                "version": role.version,
                "seats": count,
                "filled": filled,
                "thin": thin,
                "gates": role.gates,
                "requirements": [
                    {"competency": item.competency.code, "level": item.level}
                    for item in role.standard.items
                ],
            }
        )
        if not as_json:
            mark = "  too little to rank on" if thin else ""
            line = f"{role.code:<14} v{role.version} {len(asked):>3} asked {filled:>4}/{count}"
            click.echo(line + mark)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))


@group.command("fit")
def fit() -> None:
    """Fit the similarity model on everybody in service and put it into use."""
    with transaction(SYSTEM) as session:
        pool = current_pool(session, width=vector_width(session))
        version = fit_model(session, pool)
        click.echo(f"Model {version.checksum[:16]} fitted on {version.people} people.")


@group.command("replay")
@click.argument("run")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of sentences.")
def replay_run(run: str, as_json: bool) -> None:
    """Compute a kept ranking again from its frozen inputs and compare bit for bit.

    RUN is the number of the run or the start of its key. Exit code 1: altered, or not the same.
    """
    session = db.session()
    found = find_run(session, run)
    if found is None:
        raise click.ClickException(f"No kept ranking {run}.")
    result = replay(session, run=found)
    facts = {
        "run": found.id,
        "key": found.key,
        "same": result.same,
        "damage": list(result.damage),
        "first_difference": result.first_difference,
        "people": result.people,
        "model_changed_since": result.model_changed,
        "people_changed_since": result.changed_people,
        "criteria_changed_since": result.criteria_changed,
    }
    click.echo(json.dumps(facts, indent=2) if as_json else _replay_words(result))
    if not result.proven:
        raise SystemExit(1)


def _replay_words(result: Replay) -> str:
    lines = [f"Run {result.run.id} ({run_label(result.run)}), {result.run.created_at:%Y-%m-%d}"]
    if result.damage:
        lines.append(f"ALTERED: {', '.join(result.damage)} do not fit the hashes kept with it.")
    if result.same:
        lines.append(f"The same ranking of {result.people} people, bit for bit.")
    else:
        lines.append(f"NOT the same ranking; first difference: {result.first_difference or '-'}.")
    if result.scored is not None:
        changed = result.changed_people
        lines.append(f"Model in use now: {'another' if result.model_changed else 'the same'}.")
        lines.append(f"People whose data changed since, came or left: {changed}.")
        lines.append(f"Role text or scales changed: {'yes' if result.criteria_changed else 'no'}.")
    return "\n".join(lines)


def _as_json(session: Session, code: str, ranking: Ranking) -> dict[str, Any]:
    names = employees_by_id(session, [row.person.id for row in ranking.people])
    sure = assured(session, ranking.people, day=ranking.day)
    return {
        "seat": code,
        "day": ranking.day.isoformat(),
        "order": ranking.criteria.order,
        "order_hash": ranking.order_hash,
        "pool": ranking.pool_size,
        "gates": [
            {"name": step.name, "remaining": step.remaining, "unknown": step.unknown}
            for step in ranking.steps
        ],
        "groups": dict(ranking.groups),
        "people": [
            {
                "rank": row.rank,
                "employee_id": row.person.id,
                "name": names[row.person.id].display_name,
                "fit": row.fit,
                "fit_high": row.fit_high,
                "similarity": row.similarity,
                "assurance": sure[row.person.id].whole,
                **explanation_of(row),
            }
            for row in ranking.people
        ],
    }
