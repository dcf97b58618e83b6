"""`flask certificates`: the log of certificates and its published roots."""

import sys

import click
from flask.cli import AppGroup

from app.core.db import db
from courses.services.certificate_audit import audit_log
from courses.services.certificate_log import tree_head

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


def _published(text: str) -> tuple[int, str]:
    size, _sep, value = text.partition(":")
    if not size.isdigit() or len(value) != 64:
        raise click.BadParameter("expected SIZE:ROOT as printed by `flask certificates root`")
    return int(size), value
