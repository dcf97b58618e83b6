"""Succession on the seat: who follows, who follows the follower, and what five years bring."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound, Stale
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import named, render
from app.web.listing import ExportColumn
from app.web.memory_listing import listing_of, sorted_rows, workbook_of
from matching.models import Seat, SeatSuccessor
from matching.queries.seats import find_seat, open_placements
from matching.queries.succession import find_successor, past_successors
from matching.services import succession, succession_alerts
from matching.services.process_rules import process_rules
from matching.services.succession import Coverage
from matching.succession_rules import YEARS
from skills.queries.organisation import opd_in_force
from skills.queries.profile import employees_by_id

bp = Blueprint("succession", __name__)


def readiness_words() -> dict[str, str]:
    """Return the words of readiness."""
    return {"now": _("Siap sekarang"), "one_year": _("Satu tahun"), "two_years": _("Dua tahun")}


def alert_words() -> dict[str, tuple[str, str]]:
    """Return word and tone of the alerts."""
    return {
        "successor_gone": (_("Calon sudah tidak aktif"), "danger"),
        "holder_leaves": (_("Pengisi segera berhenti"), "danger"),
        "term_ends": (_("Masa tugas berakhir"), "warning"),
        "successor_leaves": (_("Calon segera berhenti"), "warning"),
        "no_successor": (_("Tanpa calon pengganti"), "warning"),
    }


_SORTS: dict[str, Callable[[Any], Any]] = {
    "kursi": lambda row: (row.seat.role.name, row.seat.opd.name),
    "opd": lambda row: (row.seat.opd.name, row.seat.role.name),
    "siap": lambda row: (row.ready, len(row.successors), row.seat.code),
    "celah": lambda row: (not row.holders, row.first_gap or 9, row.covered[-1], row.seat.code),
    "akhir": lambda row: (row.covered[-1], row.seat.code),
}


@bp.get("/suksesi")
@requires(P.SUCCESSION_READ)
def index() -> str:
    """Show every key seat over five years, and what needs attention."""
    percent = _percent()
    everything = succession.coverage_of(db.session(), rate=percent / 100)
    page = listing_of(_wanted(everything), sorts=_SORTS, default="celah")
    _read_of(page.rows)
    return render_template(
        "succession/index.html",
        page=page,
        alerts=succession_alerts.alerts(db.session()),
        words=alert_words(),
        percent=percent,
        first_year=clock.today().year,
        opd_options=[(row.id, row.short_name) for row in opd_in_force(db.session())],
        figures={
            "seats": len(everything),
            "without": sum(row.ready == 0 for row in everything),
            "gaps": sum(row.first_gap is not None and bool(row.holders) for row in everything),
            "means": _means([row.covered for row in everything]),
        },
    )


@bp.get("/suksesi/unduh.xlsx")
@requires(P.SUCCESSION_READ)
def download() -> Response:
    """Give the seats of the list as a workbook, in the order of the list."""
    found = _wanted(succession.coverage_of(db.session(), rate=_percent() / 100))
    rows = sorted_rows(found, sorts=_SORTS, default="celah")
    _read_of(rows)
    first = clock.today().year + 1
    columns = [
        ExportColumn(_("Kursi"), lambda row: row.seat.code),
        ExportColumn(_("Peran"), lambda row: named(row.seat.role), width=36),
        ExportColumn(_("Perangkat daerah"), lambda row: row.seat.opd.name, width=36),
        ExportColumn(_("Pengisi"), lambda row: _names(row.holders), width=32),
        ExportColumn(
            _("Calon pengganti, berurutan"),
            lambda row: _names([line.employee for line in row.successors]),
            width=44,
        ),
        ExportColumn(_("Siap sekarang"), lambda row: row.ready),
        *(_year_column(first + at, at) for at in range(YEARS)),
        ExportColumn(
            _("Pasti kosong mulai"),
            lambda row: first - 1 + row.first_gap if row.first_gap else None,
        ),
    ]
    return workbook_of(rows, columns, name="suksesi")


def _year_column(year: int, at: int) -> ExportColumn:
    return ExportColumn(
        _("Peluang terisi %(year)s (persen)", year=year),
        lambda row: round(100 * row.covered[at], 1),
    )


def _names(people: Sequence[Any]) -> str:
    return "; ".join(person.display_name for person in people)


def _percent() -> int:
    rate = request.args.get("mutasi", type=int)
    if rate is not None and 0 <= rate <= 50:
        return rate
    return round(100 * process_rules(db.session()).transfer_rate)


def _wanted(rows: Sequence[Coverage]) -> list[Coverage]:
    opd, shown = request.args.get("opd", type=int), request.args.get("tampil")
    text = request.args.get("q", "").strip().lower()[:100]
    return [
        row
        for row in rows
        if (not opd or row.seat.opd_id == opd)
        and (shown != "tanpa-siap" or row.ready == 0)
        and (shown != "celah" or (row.first_gap is not None and row.holders))
        and (not text or text in f"{row.seat.role.name} {row.seat.opd.name}".lower())
    ]


def _read_of(rows: Sequence[Coverage]) -> None:
    shown = {person.id for row in rows for person in row.holders}
    shown |= {line.employee_id for row in rows for line in row.successors}
    if shown:
        audit_read("matching:succession:read", sorted(shown))


def _means(rows: Sequence[Sequence[float]]) -> list[float]:
    return [sum(values) / len(rows) for values in zip(*rows, strict=True)] if rows else []


@bp.get("/suksesi/<int:seat_id>")
@requires(P.SUCCESSION_READ)
def show(seat_id: int) -> str:
    """Show the line of a seat, its chain, and suggestions from the ranking."""
    session, seat = db.session(), _seat(seat_id)
    line = succession.successors_of(session, [seat.id]).get(seat.id, [])
    held = open_placements(session, [seat.id]).get(seat.id, [])
    found = succession.suggestions(session, seat=seat)
    shown = (
        [row.employee_id for row in line]
        + [row.employee_id for row in held]
        + [row.person.id for row in found]
    )
    if shown:
        audit_read("matching:succession:read", shown, subject=seat)
    return render_template(
        "succession/show.html",
        seat=seat,
        line=line,
        held=[row for row in held if row.kind == "primary"],
        past=past_successors(session, seat.id),
        links=succession.chain(session, seat=seat),
        forecast=next(
            (row for row in succession.coverage_of(session) if row.seat.id == seat.id), None
        ),
        first_year=clock.today().year,
        suggestions=found,
        people=employees_by_id(session, [row.person.id for row in found]),
        readiness=readiness_words(),
    )


@bp.post("/suksesi/<int:seat_id>")
@requires(P.SUCCESSION_MANAGE)
def add(seat_id: int) -> Any:
    """Put somebody at the end of the line."""
    form = request.form

    def work(session: Any) -> None:
        succession.add_successor(
            session,
            actor=current_actor(),
            seat=_seat(seat_id),
            employee_id=form.get("employee_id", 0, type=int),
            readiness=form.get("readiness", ""),
            reason=form.get("reason", ""),
        )

    return _do(seat_id, work, _("Calon pengganti ditambahkan."))


@bp.post("/suksesi/<int:seat_id>/<int:row_id>/naik")
@requires(P.SUCCESSION_MANAGE)
def raise_row(seat_id: int, row_id: int) -> Any:
    """Swap a successor with the one before."""
    return _do(
        seat_id,
        lambda session: succession.move_up(
            session, row=_row(seat_id, row_id), expected_version=_version()
        ),
        _("Urutan diubah."),
    )


@bp.post("/suksesi/<int:seat_id>/<int:row_id>/kesiapan")
@requires(P.SUCCESSION_MANAGE)
def change(seat_id: int, row_id: int) -> Any:
    """Change how soon a successor is ready, with a reason; a stale form is refused."""
    form = request.form
    return _do(
        seat_id,
        lambda session: succession.change_readiness(
            session,
            row=_row(seat_id, row_id),
            readiness=form.get("readiness", ""),
            reason=form.get("reason", ""),
            expected_version=_version(),
        ),
        _("Kesiapan disimpan."),
    )


@bp.post("/suksesi/<int:seat_id>/<int:row_id>/keluar")
@requires(P.SUCCESSION_MANAGE)
def end(seat_id: int, row_id: int) -> Any:
    """Take somebody out of the line with a reason."""
    reason = request.form.get("reason", "")
    return _do(
        seat_id,
        lambda session: succession.end_successor(
            session, row=_row(seat_id, row_id), reason=reason, expected_version=_version()
        ),
        _("Calon pengganti dikeluarkan."),
    )


def _version() -> int:
    """Return the version that the form showed; a form without one is a stale form."""
    return request.form.get("version", 0, type=int)


def _do(seat_id: int, work: Any, done: str) -> Any:
    try:
        with transaction(current_actor()) as session:
            work(session)
    except DomainError as error:
        if isinstance(error, (NotFound, Stale)):
            raise
        flash(render(error.message), "danger")
    else:
        flash(done, "success")
    return redirect(url_for(".show", seat_id=seat_id), 303)


def _seat(seat_id: int) -> Seat:
    seat = find_seat(db.session(), seat_id)
    if seat is None:
        raise NotFound
    return seat


def _row(seat_id: int, row_id: int) -> SeatSuccessor:
    row = find_successor(db.session(), seat_id=seat_id, row_id=row_id)
    if row is None:
        raise NotFound
    return row
