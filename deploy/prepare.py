"""Bring the database to the state the source expects, in one process; harmless to repeat.

Migrates, loads the reference data, and fills a new development database with the demonstration
city. A production start gets no demonstration data and no account.
"""

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask.cli import ScriptInfo

from app import create_app
from app.core.db import db
from config import UnsafeConfiguration

DEMO_SEED = "2026"


def main() -> None:
    """Prepare the database named by the environment."""
    os.umask(0o077)
    try:
        app = create_app()
    except UnsafeConfiguration as error:
        sys.exit(f"e-karir does not start: {error}")
    settings = app.config["SETTINGS"]
    # Written before the first table, removed after the last row: a load that was cut short shows.
    pending = settings.instance / "demo-pending"
    people = os.environ.get("DEMO_PEOPLE", "800")
    wants_demo = settings.environment == "development" and people != "0"

    with app.app_context():
        current, heads = _revisions(app)
        if not current and wants_demo:
            pending.touch()
        if current != heads:
            print("Migrating the database", flush=True)
            call(app, "db", "upgrade")
    call(app, "reference", "load")
    if wants_demo and pending.exists():
        load_demo(app, people, settings.instance / "demo-accounts.txt")
        call(app, "matching", "fit")
        pending.unlink()


def load_demo(app: Flask, people: str, credentials: Path) -> None:
    """Load the demonstration city, and say what to do when a former try left parts of it."""
    print(f"Loading a demonstration city of {people} people (no real person)", flush=True)
    arguments = ("--people", people, "--seed", DEMO_SEED, "--credentials", str(credentials))
    try:
        call(app, "demo", "load", *arguments)
    except Exception:
        print(
            "The demonstration city could not be loaded. If an earlier start was interrupted, "
            "remove this development database with `make reset` and start again.",
            file=sys.stderr,
        )
        raise


def call(app: Flask, *arguments: str) -> Any:
    """Run one command of `flask --app app` without starting another process."""
    info = ScriptInfo(create_app=lambda: app)
    with app.app_context():
        return app.cli.main(args=list(arguments), obj=info, standalone_mode=False)


def _revisions(app: Flask) -> tuple[set[str], set[str]]:
    folder = app.extensions["migrate"].directory
    heads = set(ScriptDirectory(str(folder)).get_heads())
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()), heads


if __name__ == "__main__":
    main()
