"""Shelf life as a forecast: the pool on a later day if nobody recertifies."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.permissions import Permission as P
from app.web.access import audit_read, requires
from app.web.i18n import named
from app.web.listing import ExportColumn
from app.web.memory_listing import listing_of, sorted_rows, workbook_of
from matching.services.shelf_forecast import CompetencyForecast, Forecast, forecast
from skills.queries.profile import employees_by_id
from skills.rules import months_after

bp = Blueprint("forecast", __name__, url_prefix="/masa-berlaku")
MONTHS = (6, 12, 24, 36)
_SORTS: dict[str, Callable[[Any], Any]] = {
    "nama": lambda row: row.competency.name,
    "sekarang": lambda row: (row.people_now, row.competency.name),
    "nanti": lambda row: (row.people_then, row.competency.name),
    "turun": lambda row: (row.fallen, row.people_now, row.competency.name),
}


def _day() -> date:
    """Return the day in the address: within ten years from now, else in a year."""
    today = clock.today()
    try:
        day = date.fromisoformat(request.args.get("tanggal", ""))
    except ValueError:
        return months_after(today, 12)
    return min(max(day, today), months_after(today, 120))


@bp.get("")
@requires(P.COVERAGE_READ)
def index() -> str:
    """Show what falls until a day, per competency and per role; a competency opens its people."""
    found = forecast(db.session(), day=_day())
    today = clock.today()
    wanted = request.args.get("kompetensi", type=int)
    return render_template(
        "forecast/index.html",
        found=found,
        page=listing_of(_wanted(found), sorts=_SORTS, default="-turun"),
        presets=[(months, months_after(today, months)) for months in MONTHS],
        people=_people(found, wanted),
        chosen=next((row for row in found.competencies if row.competency.id == wanted), None),
        last=months_after(today, 120),
    )


def _wanted(found: Forecast) -> list[CompetencyForecast]:
    text = request.args.get("q", "").strip().lower()[:100]
    return [
        row
        for row in found.competencies
        if row.people_now
        and (not text or text in f"{row.competency.code} {row.competency.name}".lower())
    ]


def _people(found: Forecast, competency_id: int | None) -> list[dict[str, Any]]:
    changes = [row for row in found.changes if row.competency_id == competency_id]
    people = employees_by_id(db.session(), [row.employee_id for row in changes])
    if people:
        audit_read("matching:forecast:read", sorted(people), competency_id=competency_id)
    rows = [
        {"person": people[row.employee_id], "before": row.before, "after": row.after}
        for row in changes
        if row.employee_id in people
    ]
    return sorted(rows, key=lambda row: (row["person"].name, row["person"].id))


@bp.get("/unduh.xlsx")
@requires(P.COVERAGE_READ)
def download() -> Response:
    """Give the competencies of the list as a workbook; it holds counts only."""
    found = forecast(db.session(), day=_day())
    columns = [
        ExportColumn(_("Kode"), lambda row: row.competency.code),
        ExportColumn(_("Kompetensi"), lambda row: named(row.competency), width=44),
        ExportColumn(_("Terverifikasi sekarang"), lambda row: row.people_now),
        ExportColumn(_("Pada %(day)s", day=found.day.isoformat()), lambda row: row.people_then),
        ExportColumn(_("Level turun atau berakhir"), lambda row: row.fallen),
        *(_level_column(level) for level in range(1, 6)),
    ]
    rows = sorted_rows(_wanted(found), sorts=_SORTS, default="-turun")
    return workbook_of(rows, columns, name="masa-berlaku")


def _level_column(level: int) -> ExportColumn:
    return ExportColumn(_("Level %(level)s nanti", level=level), lambda row: row.then.get(level, 0))
