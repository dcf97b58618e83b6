"""`flask people …`: staff files in and out again without a browser."""

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.message_json import from_json

people_cli = AppGroup("people", help="Staff data.")


@people_cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the rows with their status to this .xlsx or .csv file.",
)
@click.option("--full", is_flag=True, help="The file lists all staff: name who is missing.")
@click.option("--create-opd", is_flag=True, help="Create OPD that are not known.")
@click.option("--sheet", help="Name of the worksheet.")
def import_command(
    file: Path, dry_run: bool, report: Path | None, full: bool, create_opd: bool, sheet: str | None
) -> None:
    """Import a SIASN export or a simpler list (XLSX or CSV)."""
    if report is not None and report.suffix not in (".xlsx", ".csv"):
        raise click.BadParameter("use a name ending in .xlsx or .csv", param_hint="--report")
    try:
        batch_id = _prepare(file, full, sheet)
        _check(batch_id, create_opd)
        if not dry_run:
            _apply(batch_id)
        _finish(batch_id, report, keep=not dry_run)
    except DomainError as error:
        raise click.ClickException(str(error.message)) from error


def _prepare(file: Path, full: bool, sheet: str | None) -> int:
    from skills.services import imports

    with imports.read_upload(db.session(), file, name=file.name, sheet=sheet) as upload:
        dropped = ", ".join(column.header for column in upload.mapping.personal)
        with transaction(SYSTEM) as session:
            batch = imports.start_import(session, upload=upload, is_full=full, actor=SYSTEM)
            imports.choose_columns(
                session, batch=batch, choices={}, is_full=full, expected_version=batch.version
            )
            batch_id = batch.id
    click.echo(f"Batch {batch_id}: {upload.rows} rows." + (f" Dropped: {dropped}." * bool(dropped)))
    return batch_id


def _check(batch_id: int, create_opd: bool) -> None:
    from skills.models import ImportBatch
    from skills.services import imports
    from skills.services.import_run import DirectRun, check_file

    run = DirectRun(SYSTEM, _tell)
    check_file(run, batch_id=batch_id)
    summary: Any = db.session.get_one(ImportBatch, batch_id).summary
    if create_opd and summary["unknown_opds"]:
        with transaction(SYSTEM) as session:
            batch = session.get_one(ImportBatch, batch_id)
            imports.choose_opds(
                session,
                batch=batch,
                choices=dict.fromkeys(summary["unknown_opds"], "new"),
                expected_version=batch.version,
            )
        check_file(run, batch_id=batch_id)


def _apply(batch_id: int) -> None:
    from skills.enums import ImportState
    from skills.models import ImportBatch
    from skills.services.import_run import DirectRun, apply_file

    with transaction(SYSTEM) as session:
        session.get_one(ImportBatch, batch_id).state = ImportState.RUNNING
    apply_file(DirectRun(SYSTEM, _tell), batch_id=batch_id)


def _finish(batch_id: int, report: Path | None, *, keep: bool) -> None:
    from skills.models import ImportBatch
    from skills.services import imports
    from skills.services.import_report import write_result

    session = db.session()
    batch = session.get_one(ImportBatch, batch_id)
    if report is not None:
        write_result(session, batch, report)
        click.echo(f"Report: {report}")
    _tell_summary(dict(batch.summary), done=keep)
    with transaction(SYSTEM) as own:
        batch = own.get_one(ImportBatch, batch_id)
        if keep:
            imports.close_applied(own, batch=batch, actor=SYSTEM)
        else:
            imports.discard(own, batch=batch, actor=SYSTEM)


def _tell(done: int, total: int | None) -> None:
    click.echo(f"  {done} of {total} rows" if total else f"  {done} rows", err=True)


def _tell_summary(summary: dict[str, Any], *, done: bool) -> None:
    counts = summary["counts"]
    words = "Written" if done else "Would write"
    click.echo(
        f"{words}: {counts['create']} new, {counts['update']} changed, "
        f"{counts['unchanged']} unchanged, {counts['error']} with errors."
    )
    for entry in summary["unknown_opds"].values():
        click.echo(f"Unknown OPD ({entry['rows']} rows): {entry['name']}")
    if summary.get("missing"):
        click.echo(f"Missing from the file: {len(summary['missing'])} people in service.")


@people_cli.command("undo")
@click.argument("batch_id", type=int)
def undo_command(batch_id: int) -> None:
    """Undo a whole import; what was changed since stays and is listed."""
    from skills.models import ImportBatch
    from skills.services.import_run import DirectRun
    from skills.services.import_undo import undo_file

    if db.session.get(ImportBatch, batch_id) is None:
        raise click.ClickException(f"There is no batch {batch_id}.")
    try:
        found = undo_file(DirectRun(SYSTEM), batch_id=batch_id)
    except DomainError as error:
        raise click.ClickException(str(error.message)) from error
    click.echo(f"Restored {found.restored}, removed {found.deleted}.")
    for item in found.refused:
        click.echo(f"Kept {item['nip']} {item['label']}: {from_json(item['reason'])}")
