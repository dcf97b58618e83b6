"""Two periods side by side: who moved from which box to which."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from app.core.db import db
from app.core.permissions import Permission as P
from app.web.access import audit_read, requires
from app.web.listing import ExportColumn
from app.web.memory_listing import listing_of, sorted_rows, workbook_of
from app.web.talent import presenters
from app.web.talent.routes import bp, chosen_filter, chosen_method, opd_options
from matching.queries import talent as queries
from matching.services.talent_box import methods

BOXES = (*range(9, 0, -1), 0)
_SORTS: dict[str, Callable[[Any], Any]] = {
    "nama": lambda row: row.employee.name,
    "opd": lambda row: (row.employee.opd.name, row.employee.name),
    "pindah": lambda row: (bool(row.before and row.now), row.now - row.before, row.employee.name),
}


@bp.get("/banding")
@requires(P.TALENT_READ)
def compare() -> str:
    """Show the flow between the boxes of two periods and the people behind each number."""
    session, method = db.session(), chosen_method()
    years = queries.periods(session)
    filters, earlier, everybody = _moves(method, years)
    flow = Counter((row.before, row.now) for row in everybody)
    page = None
    if everybody:
        page = listing_of(_wanted(everybody), sorts=_SORTS, default="-pindah")
        audit_read("matching:talent:compare", [row.employee.id for row in page.rows])
    return render_template(
        "talent/compare.html",
        method=method,
        filters=filters,
        earlier=earlier,
        page=page,
        flow=flow,
        most=max(flow.values(), default=1),
        boxes=BOXES,
        counts=Counter(_direction(row) for row in everybody),
        opd_options=opd_options(),
        **presenters.choices(methods(session), years or [filters.period]),
    )


@bp.get("/banding/unduh.xlsx")
@requires(P.TALENT_READ)
def download_moves() -> Response:
    """Give the movements of the list as a workbook."""
    method = chosen_method()
    filters, earlier, everybody = _moves(method, queries.periods(db.session()))
    rows = sorted_rows(_wanted(everybody), sorts=_SORTS, default="-pindah")
    audit_read("matching:talent:export", [row.employee.id for row in rows], compared=earlier)
    columns = [
        ExportColumn(_("Nama"), lambda row: row.employee.display_name, width=34),
        ExportColumn(_("Perangkat daerah"), lambda row: row.employee.opd.name, width=36),
        ExportColumn(_("Kotak %(year)s", year=earlier), lambda row: row.before or None),
        ExportColumn(_("Kotak %(year)s", year=filters.period), lambda row: row.now or None),
    ]
    return workbook_of(rows, columns, name=f"perpindahan-{earlier}-{filters.period}")


def _moves(method: Any, years: list[int]) -> tuple[queries.BoxFilter, int, list[queries.Movement]]:
    filters = chosen_filter(method, years).anywhere()
    before = [year for year in years if year < filters.period]
    wanted = request.args.get("dari", type=int)
    default = before[0] if before else filters.period - 1
    earlier = wanted if wanted in years and wanted != filters.period else default
    return filters, earlier, queries.movement_list(db.session(), filters, earlier)


def _direction(row: queries.Movement) -> str:
    if not row.before or not row.now:
        return "same" if row.before == row.now else "unknown"
    return "same" if row.before == row.now else ("up" if row.now > row.before else "down")


_WAYS = {"naik": "up", "turun": "down", "tetap": "same", "belum": "unknown"}


def _wanted(rows: list[queries.Movement]) -> list[queries.Movement]:
    was, now = request.args.get("asal", type=int), request.args.get("tujuan", type=int)
    way = _WAYS.get(request.args.get("arah", ""))
    return [
        row
        for row in rows
        if (was is None or row.before == was)
        and (now is None or row.now == now)
        and (way is None or _direction(row) == way)
    ]
