"""The year plan as a workbook and as PDF."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Response, render_template
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.pdf import PdfMetadata, Stylesheet, parse_stylesheet, render_pdf
from app.core.permissions import Permission as P
from app.core.runtime import settings
from app.web.access import requires
from app.web.i18n import named
from app.web.listing import ExportColumn
from app.web.memory_listing import workbook_of
from app.web.planning.plans import plan_or_404
from app.web.planning.site import bp, plan_words
from courses.queries.plan_ledger import duty_gap, plan_policy
from courses.queries.plans import plan_figures

_SHEET = Path(__file__).parents[1] / "templates/pdf/year_plan.css"
QUARTERS = {1: "I", 2: "II", 3: "III", 4: "IV"}


@bp.get("/rencana/<int:plan_id>/rencana.xlsx")
@requires(P.PLAN_READ)
def plan_workbook(plan_id: int) -> Any:
    """Give the plan as a workbook."""
    found = plan_or_404(plan_id)
    columns = [
        ExportColumn(_("Triwulan"), lambda row: QUARTERS[row.quarter], width=10),
        ExportColumn(_("Kode"), lambda row: row.course.code, width=12),
        ExportColumn(_("Pelatihan"), lambda row: named(row.course), width=44),
        ExportColumn(
            _("Kompetensi"),
            lambda row: ", ".join(item.competency.code for item in row.course.competencies),
            width=24,
        ),
        ExportColumn(_("Membutuhkan"), lambda row: row.needed, width=14),
        ExportColumn(_("Level dicapai"), lambda row: row.levels, width=14),
        ExportColumn(_("Orang kurang JP"), lambda row: row.short_people, width=16),
        ExportColumn(_("Kewajiban JP tertutup"), lambda row: row.duty_hours, width=20),
        ExportColumn(_("Melewati ambang JP"), lambda row: row.above_people, width=18),
        ExportColumn(_("Sesi"), lambda row: row.sessions, width=8),
        ExportColumn(_("Kursi per sesi"), lambda row: row.seats, width=14),
        ExportColumn(_("Kursi"), lambda row: row.sessions * row.seats, width=10),
        ExportColumn(_("JP per sesi"), lambda row: row.jp, width=12),
        ExportColumn(_("JP"), lambda row: row.sessions * row.jp, width=10),
        ExportColumn(_("Biaya per peserta"), lambda row: row.cost, width=18),
        ExportColumn(_("Biaya"), lambda row: row.sessions * row.seats * row.cost, width=18),
        ExportColumn(_("Catatan"), lambda row: row.note, width=36),
    ]
    rows = sorted(found.items, key=lambda row: (row.quarter, row.course.code))
    return workbook_of(rows, columns, name=f"rencana-{found.year}-edisi-{found.edition}")


@bp.get("/rencana/<int:plan_id>/rencana.pdf")
@requires(P.PLAN_READ)
def plan_paper(plan_id: int) -> Any:
    """Give the plan as PDF."""
    found = plan_or_404(plan_id)
    title = _(
        "Rencana pengembangan kompetensi %(year)s, edisi %(edition)s",
        year=found.year,
        edition=found.edition,
    )
    html = render_template(
        "pdf/year_plan.html",
        title=title,
        plan=found,
        figures=plan_figures(found),
        gap=duty_gap(db.session(), year=found.year),
        policy=plan_policy(db.session()),
        rows=sorted(found.items, key=lambda row: (row.quarter, row.course.code)),
        quarters=QUARTERS,
        state=plan_words()[found.state][0],
        place=settings().city_name.removeprefix("Kota "),
        day=clock.today(),
    )
    meta = PdfMetadata(
        title=title,
        language=str(get_locale() or "id"),
        created=clock.now(),
        author=settings().agency_name,
    )
    content = render_pdf(html, metadata=meta, stylesheets=[_stylesheet()])
    answer = Response(content, mimetype="application/pdf")
    name = f"rencana-{found.year}-edisi-{found.edition}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@lru_cache(maxsize=1)
def _stylesheet() -> Stylesheet:
    return parse_stylesheet(_SHEET.read_text("utf-8"))
