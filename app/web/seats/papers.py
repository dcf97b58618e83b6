"""Papers of a decision: the decision file and the draft letter as PDF, and the replay page."""

from pathlib import Path
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from app.core.db import db, find_row, transaction
from app.core.errors import NotFound
from app.core.pdf import PdfMetadata, parse_stylesheet, render_pdf
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.seats import presenters
from app.web.seats.routes import bp, seat_or_404
from matching.models import Decision, ScoutingRun, Seat
from matching.services import letters, runs

SHEET = Path(__file__).resolve().parents[1] / "static" / "css" / "papers.css"


@bp.get("/kursi/<int:seat_id>/keputusan/<int:decision_id>/berkas.pdf")
@requires(P.DECISION_READ)
def decision_file(seat_id: int, decision_id: int) -> Response:
    """Give the decision file: inputs, weights, gates, ranking, fairness, reasons, signatures."""
    seat, decision = _decision(seat_id, decision_id, P.DECISION_READ)
    shown = letters.people_of_file(db.session(), decision)
    audit_read("matching:file:read", shown, decision)
    content = decision_pdf(seat, decision)
    return _download(content, f"berkas-{seat.code}-{decision.round}.pdf")


def decision_pdf(seat: Seat, decision: Decision) -> bytes:
    """Return the decision file as PDF."""
    facts = letters.decision_file(db.session(), decision=decision)
    return _pdf(
        "seats/decision_file.html",
        _("Berkas keputusan %(seat)s", seat=seat.code),
        decision,
        seat=seat,
        facts=facts,
        names=presenters.requirement_names(seat),
        requirements=facts.run.parameters["requirements"],
        subject_words=presenters.subject_words(),
        group_words=presenters.protected_words(),
    )


@bp.post("/kursi/<int:seat_id>/keputusan/<int:decision_id>/nomor")
@requires(P.SEAT_DECIDE)
def letter_number(seat_id: int, decision_id: int) -> Any:
    """Take a number for the draft letter, after the pattern of the series."""
    with transaction(current_actor()) as session:
        _seat, decision = _decision(seat_id, decision_id)
        number = letters.ensure_number(session, decision=decision)
    flash(_("Nomor konsep surat: %(number)s.", number=number), "success")
    return redirect(url_for(".show", seat_id=seat_id) + "#riwayat", 303)


@bp.get("/kursi/<int:seat_id>/keputusan/<int:decision_id>/surat.pdf")
@requires(P.DECISION_READ)
def letter(seat_id: int, decision_id: int) -> Response:
    """Give the draft letter (SK) of a decision."""
    seat, decision = _decision(seat_id, decision_id, P.DECISION_READ)
    audit_read("matching:letter:read", [decision.employee_id], decision)
    with force_locale("id"):  # an official letter is written in Indonesian
        content = _pdf(
            "seats/letter.html",
            _("Konsep keputusan %(seat)s", seat=seat.code),
            decision,
            seat=seat,
            decision=decision,
            texts=letters.letter_texts(db.session(), at=decision.decided_at),
            placements=letters.placements_of(db.session(), decision),
        )
    return _download(content, f"konsep-sk-{seat.code}-{decision.round}.pdf")


@bp.get("/kursi/<int:seat_id>/hasil/<int:run_id>/ulang")
@requires(P.SEAT_REVIEW)
def replay(seat_id: int, run_id: int) -> str:
    """Compute a kept ranking again from its frozen inputs and say whether it is the same."""
    seat = seat_or_404(seat_id, P.SEAT_REVIEW)
    session = db.session()
    run = find_row(session, ScoutingRun, run_id)
    if run is None or run.seat_id != seat.id:
        raise NotFound
    return render_template("seats/replay.html", seat=seat, result=runs.replay(session, run=run))


def _decision(
    seat_id: int, decision_id: int, permission: P = P.SEAT_DECIDE
) -> tuple[Seat, Decision]:
    seat = seat_or_404(seat_id, permission)
    decision = find_row(db.session(), Decision, decision_id)
    if decision is None or decision.seat_id != seat.id:
        raise NotFound
    return seat, decision


def _pdf(template: str, title: str, decision: Decision, /, **values: Any) -> bytes:
    agency = current_app.config["SETTINGS"].agency_name
    metadata = PdfMetadata(
        title=title,
        language=str(get_locale() or "id"),
        created=decision.decided_at,
        author=agency,
    )
    html = render_template(template, title=title, **values)
    return render_pdf(html, metadata=metadata, stylesheets=[parse_stylesheet(SHEET.read_text())])


def _download(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/pdf", headers=headers)
