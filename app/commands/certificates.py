"""`flask certificates`: the log of certificates and its published roots."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.errors import DomainError
from courses.queries.board import find_organiser
from courses.services.certificate_audit import audit_log
from courses.services.certificate_log import tree_head
from courses.services.legacy_import import import_legacy

group = AppGroup("certificates", help="Certificates and their public log.")


@group.command("audit")
@click.option(
    "--root", "roots", multiple=True, metavar="SIZE:ROOT", help="A root published before."
)
def audit(roots: tuple[str, ...]) -> None:
    """Recompute the log; names what was deleted, changed or back-dated and ends with 1."""
    found = audit_log(db.session(), dict(_published(text) for text in roots))
    head = tree_head(db.session())
    for finding in found:
        place = "log" if finding.position is None else f"row {finding.position}"
        click.echo(f"{place}: {finding.text}", err=True)
    if found:
        click.echo(f"{len(found)} finding(s) in {head.size} row(s).", err=True)
        sys.exit(1)
    click.echo(f"The log is whole: {head.size} row(s), root {head.root}.")


@group.command("root")
def root() -> None:
    """Print size and root, to be kept outside and given to `audit --root` later."""
    head = tree_head(db.session())
    click.echo(f"{head.size}:{head.root}")


@group.command("import-legacy")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organiser", "code", default="BKPSDM", help="Code of the organiser.")
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
def import_old(path: Path, code: str, dry_run: bool) -> None:
    """Take over certificates from before as records that the public check knows."""
    with transaction(SYSTEM) as session:
        organiser = find_organiser(session, code)
        if organiser is None:
            raise click.BadParameter(f"no organiser {code}")
        try:
            rows = import_legacy(session, path=path, organiser=organiser, write=not dry_run)
        except DomainError as error:
            raise click.ClickException(str(error.message)) from error
    for row in rows:
        click.echo(f"{row.line}\t{row.number}\t{row.state}\t{row.code or row.reason or ''}")
    refused = sum(row.state == "refused" for row in rows)
    click.echo(f"{len(rows)} row(s), {refused} refused.", err=True)
    if refused:
        sys.exit(1)


def _published(text: str) -> tuple[int, str]:
    size, _sep, value = text.partition(":")
    if not size.isdigit() or len(value) != 64:
        raise click.BadParameter("expected SIZE:ROOT as printed by `flask certificates root`")
    return int(size), value
