"""Needs rolled up by competency and OPD, and the people behind a figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import named
from app.web.listing import ExportColumn
from app.web.memory_listing import listing_of, workbook_of
from app.web.planning.site import bp
from courses.models import Course
from courses.need_rules import Need, NeedCell, roll_up, together
from courses.planning_access import reach_of
from courses.planning_rules import DutyState
from courses.queries.jp import accounts
from courses.queries.need_overview import (
    BASES,
    Lacking,
    all_needs,
    competencies_by_id,
    courses_in_force,
    lacking_people,
    opd_names,
)
from skills.models import Competency
from skills.queries.claims import areas

COLUMNS = 10  # competencies of the map, those that most people lack
SORTS = {
    "orang": lambda row: (row.cell.people, row.cell.levels, -row.cell.competency_id),
    "level": lambda row: (row.cell.levels, row.cell.people, -row.cell.competency_id),
    "nama": lambda row: (named(row.competency), row.cell.competency_id),
    "jp": lambda row: (row.cell.short, row.cell.people, -row.cell.competency_id),
    "peran": lambda row: (row.cell.for_role, row.cell.people, -row.cell.competency_id),
}
PEOPLE_SORTS = {
    "kurang": lambda row: (row.need.missing, row.employee.name, row.employee.id),
    "nama": lambda row: (row.employee.name, row.employee.id),
    "opd": lambda row: (row.employee.opd.short_name, row.employee.name, row.employee.id),
}


@dataclass(frozen=True)
class CompetencyNeed:
    """A competency with its gaps and the courses that teach it."""

    competency: Competency
    cell: NeedCell
    courses: tuple[Course, ...]


@bp.get("/kebutuhan")
@requires(P.NEED_READ)
def overview() -> str:
    """Show which competencies are lacking where, and what the JP duty still asks."""
    session, opd_id = db.session(), request.args.get("opd", type=int)
    found, short = _found(opd_id), _short(opd_id)
    cells = roll_up(found, short=short)
    rows = _by_competency(cells)
    shown = {row.cell.competency_id for row in rows}
    offices = together([c for c in cells if c.competency_id in shown], by_opd=True)
    top = [row.competency for row in rows[:COLUMNS]]
    return render_template(
        "planning/needs.html",
        page=listing_of(rows, sorts=SORTS, default="-orang"),
        people=len({need.employee_id for need in found if need.competency_id in shown}),
        gaps=sum(row.cell.people for row in rows),
        unknown=sum(row.cell.unknown for row in rows),
        short=len(short),
        top=top,
        offices=offices,
        heat=_heat(cells, [row.id for row in top]),
        opd_names=opd_names(session),
        area_options=[(row.id, named(row)) for row in areas(session)],
        basis_options=_bases(),
        today=clock.today(),
    )


def _short(opd_id: int | None) -> frozenset[int]:
    """Return who within reach is short of the JP duty of this year."""
    rows = accounts(
        db.session(), year=clock.today().year, reach=reach_of(current_actor()), opd_id=opd_id
    )
    return frozenset(row.employee_id for row in rows if row.state is DutyState.SHORT)


def _bases() -> list[tuple[str, str]]:
    return [("jabatan", _("Standar jabatan")), ("peran", _("Peran yang dicalonkan"))]


def _found(opd_id: int | None, competency_id: int | None = None) -> list[Need]:
    basis = request.args.get("dasar")
    return all_needs(
        db.session(),
        day=clock.today(),
        reach=reach_of(current_actor()),
        opd_id=opd_id,
        competency_ids=None if competency_id is None else [competency_id],
        basis=basis if basis in BASES else None,
    )


def _by_competency(cells: list[NeedCell]) -> list[CompetencyNeed]:
    """Return the needs by competency that the filters leave, the most people first."""
    session = db.session()
    known, teaching = competencies_by_id(session), _teaching()
    area, text = request.args.get("bidang", type=int), request.args.get("q", "").strip().lower()
    rows = []
    for cell in together(cells):
        competency = known.get(cell.competency_id)
        if competency is None or (area and competency.parent_id != area):
            continue
        if text and text not in f"{competency.name} {competency.name_en} {competency.code}".lower():
            continue
        rows.append(CompetencyNeed(competency, cell, teaching.get(competency.id, ())))
    return rows


def _teaching() -> Mapping[int, tuple[Course, ...]]:
    found: dict[int, tuple[Course, ...]] = {}
    for course in courses_in_force(db.session()):
        for row in course.competencies:
            found[row.competency_id] = (*found.get(row.competency_id, ()), course)
    return found


def _heat(cells: list[NeedCell], columns: list[int]) -> Mapping[int, list[tuple[int, int]]]:
    """Return by OPD the people of each column with a shade 0 to 4, steeper for small counts."""
    counts = {(cell.opd_id, cell.competency_id): cell.people for cell in cells}
    most = max((counts.get(key, 0) for key in counts if key[1] in columns), default=0)
    found: dict[int, list[tuple[int, int]]] = {}
    for office in {cell.opd_id for cell in cells}:
        row = [counts.get((office, column), 0) for column in columns]
        found[office] = [(count, ceil(4 * sqrt(count / most)) if most else 0) for count in row]
    return found


@bp.get("/kebutuhan/unduh.xlsx")
@requires(P.NEED_READ)
def download() -> Any:
    """Return the needs by OPD and competency as a workbook."""
    opd_id = request.args.get("opd", type=int)
    cells = roll_up(_found(opd_id), short=_short(opd_id))
    shown = {row.cell.competency_id: row for row in _by_competency(cells)}
    offices = opd_names(db.session())
    columns = [
        ExportColumn(_("OPD"), lambda row: offices.get(row.opd_id, ""), width=24),
        ExportColumn(_("Kode"), lambda row: shown[row.competency_id].competency.code, width=12),
        ExportColumn(
            _("Kompetensi"), lambda row: named(shown[row.competency_id].competency), width=44
        ),
        ExportColumn(_("Orang"), lambda row: row.people, width=10),
        ExportColumn(_("Belum diketahui"), lambda row: row.unknown, width=16),
        ExportColumn(_("Calon peran"), lambda row: row.for_role, width=14),
        ExportColumn(_("Level kurang"), lambda row: row.levels, width=14),
        ExportColumn(_("Kurang JP"), lambda row: row.short, width=12),
        ExportColumn(
            _("Pelatihan"),
            lambda row: ", ".join(c.code for c in shown[row.competency_id].courses),
            width=30,
        ),
    ]
    rows = [cell for cell in cells if cell.competency_id in shown]
    return workbook_of(rows, columns, name="kebutuhan-pelatihan")


@bp.get("/kebutuhan/<int:competency_id>")
@requires(P.NEED_READ)
def lacking(competency_id: int) -> str:
    """Show the people who lack a competency, to propose some of them for training."""
    competency, rows = _lacking(competency_id)
    page = listing_of(rows, sorts=PEOPLE_SORTS, default="-kurang")
    audit_read("courses:need:read", [row.employee.id for row in page.rows])
    courses = _teaching().get(competency_id, ())
    return render_template(
        "planning/lacking.html",
        competency=competency,
        page=page,
        courses={course.id: course for course in courses},
        opd_options=sorted(opd_names(db.session()).items(), key=lambda item: item[1]),
        basis_options=_bases(),
    )


def _lacking(competency_id: int) -> tuple[Competency, list[Lacking]]:
    competency = competencies_by_id(db.session()).get(competency_id)
    if competency is None:
        raise NotFound
    found = _found(request.args.get("opd", type=int), competency_id)
    text = request.args.get("q", "").strip().lower()
    rows = lacking_people(db.session(), found, courses_in_force(db.session()))
    return competency, [row for row in rows if not text or text in row.employee.name.lower()]


@bp.get("/kebutuhan/<int:competency_id>/unduh.xlsx")
@requires(P.NEED_READ)
def lacking_download(competency_id: int) -> Any:
    """Return the people who lack a competency as a workbook."""
    competency, rows = _lacking(competency_id)
    audit_read("courses:need:export", [row.employee.id for row in rows], subject=competency)
    columns = [
        ExportColumn(_("NIP"), lambda row: row.employee.nip, ColumnKind.TEXT, 22),
        ExportColumn(_("Nama"), lambda row: row.employee.display_name, width=32),
        ExportColumn(_("OPD"), lambda row: row.employee.opd.short_name, width=24),
        ExportColumn(_("Level terverifikasi"), lambda row: row.need.held, width=18),
        ExportColumn(_("Level yang dituntut"), lambda row: row.need.required, width=18),
        ExportColumn(
            _("Dasar"),
            lambda row: _("peran yang dicalonkan") if row.need.for_role else _("jabatan"),
            width=22,
        ),
    ]
    return workbook_of(rows, columns, name=f"kebutuhan-{competency.code.lower()}")
