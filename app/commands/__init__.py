"""Command groups; each module holds one subject and calls services."""

import click

from app.commands import accounts, audit, certificates, demo, matching, reference, skills, talent
from app.commands.jobs import jobs_cli, worker
from app.commands.people import people_cli

GROUPS: tuple[click.Command, ...] = (
    accounts.group,
    audit.group,
    certificates.group,
    demo.group,
    matching.group,
    jobs_cli,
    people_cli,
    worker,
    reference.group,
    talent.group,
    skills.group,
)
