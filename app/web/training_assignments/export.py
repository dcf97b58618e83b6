"""The hand-ins of an assignment as a workbook: who, when, points by criterion, state."""

import tempfile
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.permissions import Permission as P
from app.core.spreadsheet.reader import Cell
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import audit_read, requires
from app.web.listing import XLSX, attachment
from app.web.training_assignments.grading import chosen_standing
from app.web.training_assignments.mine import bp
from app.web.training_assignments.setup import managed
from app.web.training_assignments.words import STANDING_WORDS
from courses.assignments.rules import points_by_criterion
from courses.queries.assignments import Work, editions_of, works_of


@bp.get("/pelatihan/tugas/<int:assignment_id>/peserta.xlsx")
@requires(P.SESSION_MANAGE)
def works_sheet(assignment_id: int) -> Any:
    """Give every participant that the page shows, with the points of each criterion."""
    session = db.session()
    assignment = managed(session, assignment_id)
    chosen = chosen_standing(request.args.get("status", ""))
    rows = [row for row in works_of(session, assignment) if chosen in ("", row.standing)]
    audit_read(
        "courses:submission:export",
        [row.enrolment.employee_id for row in rows],
        subject=assignment,
    )
    # An older edition may have graded somebody by a criterion that the newest does not have.
    titles = list(
        dict.fromkeys(
            criterion.title
            for edition in editions_of(session, assignment.id)
            for criterion in edition.content.criteria
        )
    )
    target = tempfile.TemporaryFile()
    write_xlsx(
        target,
        [SheetSpec(_("Pengumpulan tugas"), _columns(titles), [_cells(r, titles) for r in rows])],
    )
    target.seek(0)
    return attachment(target, XLSX, f"tugas-{assignment.session.code}-{assignment.id}.xlsx")


def _columns(titles: list[str]) -> list[ColumnSpec]:
    text = ColumnKind.TEXT
    return [
        ColumnSpec(_("NIP"), 22, text),
        ColumnSpec(_("Nama"), 32, text),
        ColumnSpec(_("OPD"), 30, text),
        ColumnSpec(_("Status"), 20, text),
        ColumnSpec(_("Dikumpulkan"), 18, text),
        ColumnSpec(_("Percobaan"), 12),
        *(ColumnSpec(title, 18) for title in titles),
        ColumnSpec(_("Potongan (%)"), 14),
        ColumnSpec(_("Nilai"), 10),
        ColumnSpec(_("Edisi rubrik"), 14),
        ColumnSpec(_("Komentar"), 60, text),
    ]


def _cells(row: Work, titles: list[str]) -> list[Cell]:
    person, last = row.enrolment.employee, row.last
    points = points_by_criterion(last.rubric.content, last.chosen) if last and last.rubric else {}
    return [
        person.nip,
        person.display_name,
        person.opd.name,
        str(STANDING_WORDS[row.standing]),
        f"{clock.local(last.submitted_at):%Y-%m-%d %H:%M}" if last else None,
        last.number if last else None,
        *(points.get(title) for title in titles),
        last.deduction if last else None,
        last.score if last else None,
        last.rubric.number if last and last.rubric else None,
        last.comment if last else None,
    ]
