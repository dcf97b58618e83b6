"""The accounts of hours of the people and OPD in reach, and of one person."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import audit_read, check, current_actor, requires
from app.web.jp.site import bp, chosen_year, state_words, year_options
from app.web.listing import ExportColumn
from app.web.memory_listing import listing_of, sorted_rows, workbook_of
from courses.planning_access import reach_of
from courses.planning_rules import DutyState
from courses.queries.jp import Account, accounts, duties, forms_in_force, hours_by_opd, person_year
from skills.queries.organisation import opd_in_force
from skills.queries.profile import find_employee

SORTS = {
    "nama": lambda row: (row.name, row.employee_id),
    "opd": lambda row: (row.opd, row.name, row.employee_id),
    "disetujui": lambda row: (row.approved, row.name, row.employee_id),
    "menunggu": lambda row: (row.waiting, row.name, row.employee_id),
    "akan": lambda row: (row.coming, row.name, row.employee_id),
    "perkiraan": lambda row: (row.forecast, row.name, row.employee_id),
}


@bp.get("/jp")
@requires(P.JP_READ)
def index() -> str:
    """List the accounts of the people in reach, with the OPD above them."""
    everybody, chosen = _accounts()
    page = listing_of(chosen, sorts=SORTS, default="perkiraan")
    audit_read("courses:jp:list", [row.employee_id for row in page.rows])
    offices = hours_by_opd(everybody)
    return render_template(
        "jp/index.html",
        page=page,
        everybody=everybody,
        offices=offices,
        met=sum(row.state is DutyState.MET for row in everybody),
        duties=duties(db.session(), year=chosen_year()),
        year=chosen_year(),
        years=year_options(),
        opd_options=[(row.id, row.short_name) for row in opd_in_force(db.session())],
        state_options=[(state.value, word) for state, (word, _tone) in state_words().items()],
    )


def _accounts() -> tuple[list[Account], list[Account]]:
    """Return all accounts of the filtered people, and those in the wanted state."""
    rows = accounts(
        db.session(),
        year=chosen_year(),
        reach=reach_of(current_actor()),
        opd_id=request.args.get("opd", type=int),
        text=request.args.get("q", "").strip()[:100],
    )
    wanted = request.args.get("keadaan")
    return rows, [row for row in rows if not wanted or row.state == wanted]


@bp.get("/jp/unduh.xlsx")
@requires(P.JP_READ)
def download() -> Any:
    """Return the accounts of the list as a workbook."""
    _everybody, chosen = _accounts()
    audit_read("courses:jp:export", [row.employee_id for row in chosen], year=chosen_year())
    rows = sorted_rows(chosen, sorts=SORTS, default="perkiraan")
    return workbook_of(rows, _columns(), name=f"jp-{chosen_year()}")


def _columns() -> list[ExportColumn]:
    words = state_words()
    return [
        ExportColumn(_("NIP"), lambda row: row.nip, ColumnKind.TEXT, 22),
        ExportColumn(_("Nama"), lambda row: row.name, width=32),
        ExportColumn(_("OPD"), lambda row: row.opd, width=24),
        ExportColumn(_("Status"), lambda row: row.kind, width=10),
        ExportColumn(_("JP disetujui"), lambda row: row.approved, width=14),
        ExportColumn(_("JP menunggu"), lambda row: row.waiting, width=14),
        ExportColumn(_("JP akan datang"), lambda row: row.coming, width=14),
        ExportColumn(_("Perkiraan akhir tahun"), lambda row: row.forecast, width=20),
        ExportColumn(_("Target"), lambda row: row.duty.least, width=10),
        ExportColumn(_("Batas peringatan"), lambda row: row.duty.most, width=16),
        ExportColumn(_("Keadaan"), lambda row: words[row.state][0], width=26),
    ]


@bp.get("/jp/pegawai/<int:employee_id>")
@requires(P.JP_READ)
def person(employee_id: int) -> str:
    """Show the account of one person with what it is made of."""
    employee = find_employee(db.session(), employee_id)
    if employee is None:
        raise NotFound
    check(P.JP_READ, employee)
    audit_read("courses:jp:read", [employee.id], subject=employee, year=chosen_year())
    return render_template(
        "jp/person.html",
        employee=employee,
        found=person_year(db.session(), employee=employee, year=chosen_year()),
        forms=forms_in_force(db.session()),
        year=chosen_year(),
        years=year_options(),
    )
