"""Background work from the command line."""

import logging
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

jobs_cli = AppGroup("jobs", help="Background jobs.")


@click.command("worker")
@click.option(
    "--processes",
    type=click.IntRange(1, 32),
    default=2,
    show_default=True,
    envvar="WORKER_PROCESSES",
    help="Jobs that run at once.",
)
@click.option(
    "--memory-mb",
    type=click.IntRange(256),
    default=3072,
    show_default=True,
    envvar="WORKER_MEMORY_MB",
    help="Memory limit of one process.",
)
@with_appcontext
def worker(processes: int, memory_mb: int) -> None:
    """Run background jobs and deliver mail until stopped (SIGTERM ends in order)."""
    from app.core.jobs.worker import build_consumer

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    if app.config["SETTINGS"].jobs_mode == "inline":
        raise click.ClickException("JOBS_MODE=inline runs jobs in the web process; no worker.")
    build_consumer(app, processes=processes, memory_mb=memory_mb).run()


@jobs_cli.command("sweep")
def sweep_command() -> None:
    """Put back what killed workers left; the worker does this by itself."""
    from app.core.jobs.queue import queue_of
    from app.core.jobs.sweep import sweep

    click.echo(f"{sweep(queue_of())} job(s) queued again.")
