"""Succession on the seat: who follows, who follows the follower, and what five years bring."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import render
from matching.models import Seat, SeatSuccessor
from matching.queries.seats import find_seat, open_placements
from matching.queries.succession import find_successor, past_successors
from matching.services import succession
from matching.succession_rules import TRANSFER_RATE
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
        "successor_leaves": (_("Calon segera berhenti"), "warning"),
        "no_successor": (_("Tanpa calon pengganti"), "warning"),
    }


@bp.get("/suksesi")
@requires(P.SUCCESSION_READ)
def index() -> str:
    """Show every key seat over five years, and what needs attention."""
    rate = request.args.get("mutasi", type=int)
    percent = rate if rate is not None and 0 <= rate <= 50 else round(100 * TRANSFER_RATE)
    session = db.session()
    rows = succession.coverage_of(session, rate=percent / 100)
    found = succession.alerts(session)
    shown = [person.id for row in rows for person in row.holders]
    shown += [line.employee_id for row in rows for line in row.successors]
    if shown:
        audit_read("matching:succession:read", shown)
    year = clock.today().year
    return render_template(
        "succession/index.html",
        rows=rows,
        alerts=found,
        words=alert_words(),
        percent=percent,
        years=range(1, 6),
        first_year=year,
        means=_means([row.covered for row in rows]),
    )


def _means(rows: list[Any]) -> list[float]:
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
        lambda session: succession.move_up(session, row=_row(seat_id, row_id)),
        _("Urutan diubah."),
    )


@bp.post("/suksesi/<int:seat_id>/<int:row_id>/keluar")
@requires(P.SUCCESSION_MANAGE)
def end(seat_id: int, row_id: int) -> Any:
    """Take somebody out of the line with a reason."""
    reason = request.form.get("reason", "")
    return _do(
        seat_id,
        lambda session: succession.end_successor(session, row=_row(seat_id, row_id), reason=reason),
        _("Calon pengganti dikeluarkan."),
    )


def _do(seat_id: int, work: Any, done: str) -> Any:
    try:
        with transaction(current_actor()) as session:
            work(session)
    except DomainError as error:
        if isinstance(error, NotFound):
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
