"""`flask reference …`: the reference files into the database, and out again in open formats."""

import json
from pathlib import Path
from typing import IO

import click
from flask import current_app
from flask.cli import AppGroup

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.spreadsheet.writer import ColumnSpec, SheetSpec, write_csv, write_xlsx
from courses.services.catalogue_load import load_catalogue
from matching.services.role_load import load_roles
from skills.queries.frameworks import case_package, framework_by_code
from skills.queries.sheet_exports import sheet_lines
from skills.reference_files import load_all
from skills.services.reference_load import load_reference
from skills.sheets.columns import COLUMNS

group = AppGroup("reference", help="Dictionary, standards, OPD, roles and courses.")


@group.command("load")
def load() -> None:
    """Load the reference files; running it again changes nothing."""
    files = load_all()
    with transaction(SYSTEM) as session:
        added = load_reference(session, files)
        added["role"] = load_roles(session, files)
        added["course"] = load_catalogue(session, files)
    told = ", ".join(f"{key} {count}" for key, count in added.items() if count)
    click.echo(f"Reference data: added {told}." if told else "Reference data: up to date.")


@group.command("case")
@click.argument("code")
@click.option("--out", type=click.File("w", encoding="utf-8"), default="-", help="File to write.")
def case(code: str, out: IO[str]) -> None:
    """Write the framework CODE as a package of 1EdTech CASE (JSON)."""
    settings = current_app.config["SETTINGS"]
    framework = framework_by_code(db.session(), code)
    if framework is None:
        raise click.ClickException(f"There is no framework {code}.")
    package = case_package(
        db.session(), framework, base_url=settings.base_url, creator=settings.agency_name
    )
    json.dump(package, out, ensure_ascii=False, indent=1)
    out.write("\n")


@group.command("export")
@click.argument("kind", type=click.Choice(["dictionary", "standard"]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--code", help="Only this framework or standard.")
def export(kind: str, file: Path, code: str | None) -> None:
    """Write the dictionary or the standards to an .xlsx or .csv FILE that an import reads again."""
    if file.suffix not in (".xlsx", ".csv"):
        raise click.BadParameter("use a name ending in .xlsx or .csv", param_hint="FILE")
    headers = [column.label for column in COLUMNS[kind]]
    lines = sheet_lines(db.session(), kind, code)
    if file.suffix == ".csv":
        write_csv(file, headers, lines)
    else:
        write_xlsx(file, [SheetSpec(kind, [ColumnSpec(header, 24) for header in headers], lines)])
    click.echo(f"Written to {file}.")
