"""`flask matching rules` and `rule`: the tables of rules from the command line."""

import json

import click

from app.commands.scouting import group
from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.errors import DomainError
from matching.services import rule_tables
from matching.services.rule_effects import effects_of

NUMBERS = ("scoring_rules", "process_rules")


@group.command("rules")
@click.argument("table", type=click.Choice(list(rule_tables.NAMES)), required=False)
def show_rules(table: str | None) -> None:
    """Print the rules in force with their version, source and certainty as JSON."""
    session = db.session()
    facts = {
        code: {
            "version": rule_tables.version_of(session, code),
            "rows": rule_tables.table_rows(session, code),
        }
        for code in ([table] if table else rule_tables.NAMES)
    }
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2))


@group.command("rule")
@click.argument("table", type=click.Choice(NUMBERS))
@click.argument("code")
@click.argument("value")
@click.option("--reason", required=True)
@click.option("--source", required=True, help="For example the number of a decree.")
@click.option("--certainty", default="local_draft", show_default=True)
@click.option("--dry-run", is_flag=True, help="Print the effect and keep nothing.")
def put_rule(
    table: str, code: str, value: str, reason: str, source: str, certainty: str, dry_run: bool
) -> None:
    """Change one number as a new version of its table."""
    with transaction(SYSTEM) as session:
        rows = rule_tables.table_rows(session, table)
        if code not in {row["code"] for row in rows}:
            raise click.ClickException(f"No rule {code} in {table}.")
        rows = [{**row, "value": value} if row["code"] == code else row for row in rows]
        try:
            if dry_run:
                rule_tables.check(session, table, rows)
                for effect in effects_of(session, table, rows):
                    click.echo(f"{effect.before!s:>10} {effect.after!s:>10}  {effect.label}")
                return
            fresh = rule_tables.put_rules(
                session,
                actor=SYSTEM,
                code=table,
                rows=rows,
                reason=reason,
                source=source,
                confidence=certainty,
                expected_version=rule_tables.version_of(session, table),
            )
        except DomainError as error:
            raise click.ClickException(str(error.message)) from error
        click.echo(f"Version {fresh.version} of {table} is in force.")
