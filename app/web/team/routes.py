"""The team's heat map: for supervisors, personnel managers of an OPD and officers."""

import tempfile
from collections.abc import Iterator
from typing import IO, Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.actor import RoleName
from app.core.db import db
from app.core.paging import ordered, stream
from app.core.permissions import Permission as P
from app.core.spreadsheet.reader import Cell
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import audit_read, can, current_actor, requires
from app.web.listing import XLSX, attachment, chosen_sort, listing
from app.web.profile import words
from courses.queries.team_proposals import live_proposals
from matching.queries.seats import roles_in_force
from skills.models import Employee
from skills.queries.claims import areas
from skills.queries.organisation import opd_in_force
from skills.queries.standards import requirements_of
from skills.queries.team import TeamFilter, TeamMap, team_map, team_statement, units_of

bp = Blueprint("team", __name__)
bp.context_processor(words.helpers)

SORTS = {"nama": (Employee.name,), "unit": (Employee.unit_id, Employee.name)}
MOST = 2000  # people in one file


@bp.get("/tim")
@requires(P.TEAM_READ)
def index() -> str:
    """Show people by competencies with the gaps."""
    session, actor = db.session(), current_actor()
    filters = _filters()
    roles = roles_in_force(session)
    page = listing(
        session, team_statement(actor, filters, day=clock.today()), sorts=SORTS, default="nama"
    )
    found = _map(page.rows, filters, roles)
    if page.rows:
        audit_read("skills:team:read", [person.id for person in page.rows])
    whole_city = actor.opd_ids(RoleName.OFFICER, RoleName.AUDITOR) is None
    return render_template(
        "team/index.html",
        page=page,
        map=found,
        gaps=found.gap_counts(),
        opd_options=[(row.id, row.short_name) for row in opd_in_force(session)]
        if whole_city and actor.has(RoleName.OFFICER, RoleName.AUDITOR)
        else [],
        unit_options=[(row.id, row.name) for row in units_of(session, actor, filters.opd_id)],
        area_options=[(row.id, words.named(row)) for row in areas(session)],
        role_options=[(role.code, words.named(role)) for role in roles],
        proposed=live_proposals(session, employee_ids=[row.id for row in page.rows]),
        may_propose=can(P.PROPOSAL_MAKE),
    )


@bp.get("/tim/unduh")
@requires(P.TEAM_READ)
def export() -> Any:
    """Give the map of all filtered people as a workbook."""
    session, filters = db.session(), _filters()
    statement = team_statement(current_actor(), filters, day=clock.today()).limit(MOST)
    wanted = ordered(statement, SORTS, chosen_sort(SORTS, "nama"))
    people = list(stream(session, wanted))
    found = _map(people, filters, roles_in_force(session))
    audit_read("skills:team:export", [person.id for person in people])
    columns = [
        ColumnSpec(_("NIP"), 20, ColumnKind.TEXT),
        ColumnSpec(_("Nama"), 32),
        ColumnSpec(_("Jabatan"), 32),
        ColumnSpec(_("Unit"), 28),
        ColumnSpec(_("Terpenuhi"), 10),
        ColumnSpec(_("Dituntut"), 10),
        *(ColumnSpec(words.named(column), 16) for column in found.competencies),
    ]
    sink: IO[bytes] = tempfile.TemporaryFile()
    write_xlsx(sink, [SheetSpec(_("Tim"), columns, _lines(found))])
    sink.seek(0)
    return attachment(sink, XLSX, f"peta-kompetensi-{clock.today():%Y%m%d}.xlsx")


def _lines(found: TeamMap) -> Iterator[list[Cell]]:
    for row in found.rows:
        person = row.employee
        yield [
            person.nip,
            person.display_name,
            person.position.name if person.position else "",
            person.unit.name if person.unit else "",
            row.met,
            row.asked,
            *(words.cell_words(cell) for cell in row.cells),
        ]


def _filters() -> TeamFilter:
    args = request.args
    return TeamFilter(
        opd_id=args.get("opd", type=int),
        unit_id=args.get("unit", type=int),
        area_id=args.get("bidang", type=int),
        text=args.get("q", "").strip()[:100] or None,
        expiring=bool(args.get("berakhir")),
    )


def _map(people: list[Employee], filters: TeamFilter, roles: Any) -> TeamMap:
    code = request.args.get("peran")
    role = next((role for role in roles if role.code == code), None)
    return team_map(
        db.session(),
        people,
        day=clock.today(),
        area_id=filters.area_id,
        standard=requirements_of(role.standard) if role is not None else None,
    )
