"""Data quality: scores by OPD, work lists of each check, and their files."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import audit_read, current_actor, requires
from app.web.listing import ExportColumn
from app.web.memory_listing import listing_of, sorted_rows, workbook_of
from app.web.quality import words
from skills.quality_rules import DIMENSIONS, CheckRule, mean_quality
from skills.queries.organisation import find_opd
from skills.services import data_quality
from skills.services.ip_asn import visible_scope

bp = Blueprint("quality", __name__, url_prefix="/mutu-data")
bp.context_processor(words.helpers)


def _by_part(name: str, row: Any) -> tuple[Any, str]:
    return row.quality.scores[name], row.name


_OPD_SORTS: dict[str, Callable[[Any], Any]] = {
    "nama": lambda row: row.name,
    "pegawai": lambda row: row.people,
    "total": lambda row: (row.quality.total, row.name),
    "cacat": lambda row: (row.flawed, row.name),
    **{name: partial(_by_part, name) for name in DIMENSIONS},
}
_PEOPLE_SORTS: dict[str, Callable[[Any], Any]] = {
    "nama": lambda row: row.name,
    "total": lambda row: (row.quality.total, row.name),
}


@bp.get("")
@requires(P.EMPLOYEE_EDIT)
def index() -> str:
    """Show the scores within one's reach, the work lists and the trend."""
    session = db.session()
    people = _people()
    counts = data_quality.failures(people)
    rules = data_quality.current_rules(session)[0]
    return render_template(
        "quality/index.html",
        mean=mean_quality([person.quality for person in people]),
        people=len(people),
        dimensions=DIMENSIONS,
        lists=[(rule, counts.get(rule.code, 0)) for rule in rules],
        page=listing_of(data_quality.by_opd(session, people), sorts=_OPD_SORTS, default="total"),
        trend=data_quality.trend(session),
    )


@bp.post("/potret")
@requires(P.EMPLOYEE_IMPORT)
def snapshot() -> Any:
    """Keep the scores of today for the trend."""
    with transaction(current_actor()) as session:
        data_quality.take_snapshot(session, day=clock.today())
    flash(_("Potret mutu hari ini tersimpan."), "success")
    return redirect(url_for("quality.index"), code=303)


@bp.get("/daftar/<code>")
@requires(P.EMPLOYEE_EDIT)
def work_list(code: str) -> str:
    """List the people whose record fails a check."""
    rule, people, opd = _failing(code)
    page = listing_of(people, sorts=_PEOPLE_SORTS, default="nama")
    audit_read("skills:quality:list", [row.employee_id for row in page.rows], check=code)
    return render_template("quality/work_list.html", rule=rule, page=page, opd=opd)


@bp.get("/daftar/<code>/unduh.xlsx")
@requires(P.EMPLOYEE_EDIT)
def download(code: str) -> Response:
    """Give a work list as a workbook."""
    rule, people, _opd = _failing(code)
    rows = sorted_rows(people, sorts=_PEOPLE_SORTS, default="nama")
    audit_read("skills:quality:export", [row.employee_id for row in rows], check=code)
    columns = [
        ExportColumn(_("NIP"), lambda row: row.nip, ColumnKind.TEXT, 22),
        ExportColumn(_("Nama"), lambda row: row.name, width=36),
        ExportColumn(_("Temuan"), lambda row: words.check_name(rule), width=36),
        ExportColumn(_("Mutu rekaman"), lambda row: row.quality.total),
    ]
    return workbook_of(rows, columns, name=f"mutu-{code.replace('_', '-')}")


def _people(opd_id: int | None = None) -> list[data_quality.PersonQuality]:
    scope = visible_scope(current_actor(), opd_id=opd_id)
    return data_quality.qualities(db.session(), day=clock.today(), where=scope)


def _failing(code: str) -> tuple[CheckRule, list[data_quality.PersonQuality], Any]:
    session = db.session()
    rules = {rule.code: rule for rule in data_quality.current_rules(session)[0]}
    if code not in rules:
        raise NotFound
    opd_id = request.args.get("opd", type=int)
    people = [person for person in _people(opd_id) if code in person.quality.failed]
    return rules[code], people, find_opd(session, opd_id) if opd_id else None
