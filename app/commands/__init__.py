"""Command groups; each module holds one subject and calls services."""

import click

from app.commands import reference
from app.commands.jobs import jobs_cli, worker

GROUPS: tuple[click.Command, ...] = (jobs_cli, worker, reference.group)
