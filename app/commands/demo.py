"""`flask demo load`: a demonstration city in an empty development database."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.demo.accounts import write_paper
from app.demo.load import FEWEST, is_populated, load_city, write_traces
from config import Settings

PAPER = "demo-accounts.txt"

group = AppGroup("demo", help="A demonstration city of invented people.")


@group.command("load")
@click.option("--people", type=click.IntRange(FEWEST, 50_000), default=800, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed, same city.")
@click.option(
    "--credentials",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Where the sign-ins are written; {PAPER} of the instance by default.",
)
def load(people: int, seed: int, credentials: Path | None) -> None:
    """Fill a database without employees; refused in production."""
    settings = _settings()
    if settings.is_production:
        raise click.ClickException("There is no demonstration city in production.")
    if is_populated(db.session()):
        click.echo("There are employees already: nothing was loaded.")
        return
    path = credentials or settings.instance / PAPER
    with transaction(SYSTEM) as session:
        loaded = load_city(session, people=people, seed=seed)
        loaded.counts |= write_traces(loaded)
        write_paper(path, loaded.sign_ins.values())
    click.echo("Loaded " + ", ".join(f"{name} {n:,}" for name, n in loaded.counts.items()) + ".")
    click.echo(f"Sign-ins: {path}")


@group.command("accounts")
@click.option("--credentials", type=click.Path(dir_okay=False, path_type=Path))
def show_accounts(credentials: Path | None) -> None:
    """Show the sign-ins of the demonstration city."""
    path = credentials or _settings().instance / PAPER
    if not path.exists():
        raise click.ClickException(f"{path} does not exist. Load the city with: flask demo load")
    click.echo(f"{path}\n")
    click.echo(path.read_text(encoding="utf-8"), nl=False)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
