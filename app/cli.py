"""The command line: thin groups over the services, one per subject."""

from flask import Flask

from app.commands import GROUPS


def register(app: Flask) -> None:
    """Add the groups to `flask --app app`."""
    for group in GROUPS:
        app.cli.add_command(group)
