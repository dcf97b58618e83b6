"""`flask reference load`: the reference files of the repository into the database."""

import click
from flask.cli import AppGroup

from app.core.actor import SYSTEM
from app.core.db import transaction
from courses.services.catalogue_load import load_catalogue
from matching.services.role_load import load_roles
from skills.reference_files import load_all
from skills.services.reference_load import load_reference

group = AppGroup("reference", help="Dictionary, standards, OPD, roles and courses.")


@group.command("load")
def load() -> None:
    """Load the reference files; running it again changes nothing."""
    files = load_all()
    with transaction(SYSTEM) as session:
        added = load_reference(session, files)
        added["role"] = load_roles(session, files)
        added["course"] = load_catalogue(session, files)
    told = ", ".join(f"{key} {count}" for key, count in added.items() if count)
    click.echo(f"Reference data: added {told}." if told else "Reference data: up to date.")
