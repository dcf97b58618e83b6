"""Command groups; each module holds one subject and calls services."""

import click

from app.commands.jobs import jobs_cli, worker

GROUPS: tuple[click.Command, ...] = (jobs_cli, worker)
