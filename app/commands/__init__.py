"""Command groups; each module holds one subject and calls services."""

import click

GROUPS: tuple[click.Command, ...] = ()
