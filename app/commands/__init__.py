"""Command groups; each module holds one subject and calls services."""

import click

from app.commands import accounts, audit, certificates, demo, reference, skills, talent
from app.commands.jobs import jobs_cli, worker
from app.commands.people import people_cli
from app.commands.talent_rules import group as matching_group

GROUPS: tuple[click.Command, ...] = (
    accounts.group,
    audit.group,
    certificates.group,
    demo.group,
    matching_group,
    jobs_cli,
    people_cli,
    worker,
    reference.group,
    talent.group,
    skills.group,
)
