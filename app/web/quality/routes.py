"""Data quality: scores by OPD, work lists of each check, one record, and their files."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.actor import RoleName
from app.core.db import db, transaction
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import audit_read, check, current_actor, requires
from app.web.listing import ExportColumn
from app.web.memory_listing import listing_of, sorted_rows, workbook_of
from app.web.quality import words
from skills.quality_rules import DIMENSIONS, CheckRule, mean_quality
from skills.queries.organisation import opd_in_force
from skills.queries.people import find_person
from skills.services import data_quality
from skills.services.data_quality import CITY, PersonQuality
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
    "temuan": lambda row: (len(row.quality.failed), row.name),
}


@bp.get("")
@requires(P.QUALITY_READ)
def index() -> str:
    """Show the scores within one's reach, the work lists and the trend."""
    session = db.session()
    people = _people()
    counts = data_quality.failures(people)
    rules = data_quality.current_rules(session)[0]
    key = _trend_key()
    return render_template(
        "quality/index.html",
        mean=mean_quality([person.quality for person in people]),
        people=len(people),
        flawed=sum(1 for person in people if person.quality.failed),
        dimensions=DIMENSIONS,
        lists=[(rule, counts.get(rule.code, 0)) for rule in rules],
        page=listing_of(data_quality.by_opd(session, people), sorts=_OPD_SORTS, default="total"),
        trend=data_quality.trend(session, opd_key=key) if key is not None else [],
    )


def _trend_key() -> int | None:
    """Return whose snapshots the reader sees: the city's, or of the one OPD in reach."""
    roles = (RoleName.OFFICER, RoleName.AUDITOR, RoleName.EXECUTIVE)
    actor = current_actor()
    if actor.has(*roles) and actor.opd_ids(*roles) is None:
        return CITY
    mine = actor.opd_ids(RoleName.OPD_MANAGER) or frozenset()
    return min(mine) if len(mine) == 1 else None


@bp.post("/potret")
@requires(P.EMPLOYEE_IMPORT)
def snapshot() -> Any:
    """Keep the scores of today for the trend."""
    with transaction(current_actor()) as session:
        data_quality.take_snapshot(session, day=clock.today())
    flash(_("Potret mutu hari ini tersimpan."), "success")
    return redirect(url_for("quality.index"), code=303)


@bp.get("/daftar")
@bp.get("/daftar/<code>")
@requires(P.QUALITY_READ)
def work_list(code: str | None = None) -> str:
    """List the people whose record fails a check, or any check, narrowed by the address."""
    rule, people = _failing(code)
    page = listing_of(people, sorts=_PEOPLE_SORTS, default="nama" if code else "total")
    audit_read("skills:quality:list", [row.employee_id for row in page.rows], check=code)
    session = db.session()
    offices = opd_in_force(session)
    return render_template(
        "quality/work_list.html",
        rule=rule,
        page=page,
        rules={rule.code: rule for rule in data_quality.current_rules(session)[0]},
        dimensions=DIMENSIONS,
        offices={row.id: row.short_name for row in offices},
        opd_options=[(row.id, row.short_name) for row in offices] if _trend_key() == CITY else [],
    )


@bp.get("/daftar/unduh.xlsx")
@bp.get("/daftar/<code>/unduh.xlsx")
@requires(P.QUALITY_READ)
def download(code: str | None = None) -> Response:
    """Give a work list as a workbook: one row for each finding."""
    _rule, people = _failing(code)
    rows = sorted_rows(people, sorts=_PEOPLE_SORTS, default="nama" if code else "total")
    audit_read("skills:quality:export", [row.employee_id for row in rows], check=code)
    rules = {rule.code: rule for rule in data_quality.current_rules(db.session())[0]}
    findings = [
        (person, rules[one])
        for person in rows
        for one in person.quality.failed
        if code is None or one == code
    ]
    columns = [
        ExportColumn(_("NIP"), lambda row: row[0].nip, ColumnKind.TEXT, 22),
        ExportColumn(_("Nama"), lambda row: row[0].name, width=36),
        ExportColumn(_("Ukuran"), lambda row: words.dimension_name(row[1].dimension), width=20),
        ExportColumn(_("Temuan"), lambda row: words.check_name(row[1]), width=36),
        ExportColumn(_("Mutu rekaman"), lambda row: row[0].quality.total),
    ]
    return workbook_of(findings, columns, name="mutu-" + (code or "data").replace("_", "-"))


@bp.get("/pegawai/<int:employee_id>")
@requires(P.EMPLOYEE_READ)
def person(employee_id: int) -> str:
    """Show the quality of one record, and behind each finding the page that mends it."""
    session = db.session()
    employee = find_person(session, employee_id)
    if employee is None:
        raise NotFound
    check(P.EMPLOYEE_READ, employee)
    found = data_quality.quality_for(session, employee_id=employee_id, day=clock.today())
    if found is None:
        raise NotFound
    rules, version = data_quality.current_rules(session)
    audit_read("skills:quality:read", [employee_id], employee)
    return render_template(
        "quality/person.html",
        employee=employee,
        quality=found.quality,
        rules=rules,
        version=version,
        dimensions=DIMENSIONS,
        is_own=employee_id == current_actor().employee_id,
    )


def _people(opd_id: int | None = None) -> list[PersonQuality]:
    scope = visible_scope(current_actor(), opd_id=opd_id)
    return data_quality.qualities(db.session(), day=clock.today(), where=scope)


def _failing(code: str | None) -> tuple[CheckRule | None, list[PersonQuality]]:
    """Return the records that fail a check (any where none is named) within the filters."""
    rules = {rule.code: rule for rule in data_quality.current_rules(db.session())[0]}
    if code is not None and code not in rules:
        raise NotFound
    dimension, text = request.args.get("ukuran", ""), request.args.get("q", "").strip().lower()
    wanted = {code} if code else set(rules)
    if dimension in DIMENSIONS:
        wanted = {one for one in wanted if rules[one].dimension == dimension}
    return rules.get(code or ""), [
        person
        for person in _people(request.args.get("opd", type=int))
        if wanted.intersection(person.quality.failed)
        and (text in person.name.lower() or person.nip.startswith(text))
    ]
