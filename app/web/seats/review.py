"""Decisions of the whole city: the list, one file on a page, and its signatures."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, find_row, transaction
from app.core.errors import DomainError, NotFound, Stale
from app.core.permissions import Permission as P
from app.web.access import audit_read, can, current_actor, requires
from app.web.i18n import render
from app.web.listing import listing
from app.web.seats import presenters
from app.web.seats.routes import bp
from matching.models import Decision, Role
from matching.queries.seats import decisions_statement, find_seat
from matching.services import interest, letters, signatures
from skills.models import Employee, Opd
from skills.queries.organisation import opd_in_force


@bp.get("/keputusan")
@requires(P.DECISION_READ)
def decisions_list() -> str:
    """List the decisions of the city; those without a signature can be asked for."""
    session = db.session()
    page = listing(
        session,
        decisions_statement(
            unsigned=request.args.get("tanda_tangan") == "belum",
            opd_id=request.args.get("opd", type=int),
        ),
        sorts={
            "pada": (Decision.decided_at, Decision.id),
            "kursi": (Role.name, Opd.name, Decision.id),
            "opd": (Opd.name, Role.name, Decision.id),
            "orang": (Employee.name, Decision.id),
        },
        default="-pada",
    )
    if page.rows:
        audit_read("matching:decision:list", [row.employee_id for row in page.rows])
    return render_template(
        "seats/decisions.html",
        page=page,
        signed=signatures.signatures_of(session, [row.id for row in page.rows]),
        opd_options=[(row.id, row.short_name) for row in opd_in_force(session)],
    )


@bp.get("/keputusan/<int:decision_id>")
@requires(P.DECISION_READ)
def decision(decision_id: int) -> str:
    """Show the file of a decision as its PDF prints it, with signatures and objections."""
    session = db.session()
    row = _decision(decision_id)
    seat = find_seat(session, row.seat_id)
    assert seat is not None
    facts = letters.decision_file(session, decision=row)
    shown = letters.people_of_file(session, row)
    audit_read("matching:decision:read", shown, subject=row)
    mine = current_actor().account_id
    return render_template(
        "seats/decision.html",
        seat=seat,
        facts=facts,
        names=presenters.competency_names(session),
        entry_words=presenters.entry_words(),
        subject_words=presenters.subject_words(),
        group_words=presenters.protected_words(),
        contests=[
            c
            for c in interest.contests_of_seat(session, seat_id=seat.id)
            if c.decision_id == row.id
        ],
        may_sign=can(P.DECISION_SIGN) and all(s.account_id != mine for s in facts.signatures),
    )


@bp.post("/keputusan/<int:decision_id>/tanda-tangan")
@requires(P.DECISION_SIGN)
def sign(decision_id: int) -> Any:
    """Sign a decision as it was shown."""
    try:
        with transaction(current_actor()) as session:
            signatures.sign(
                session,
                actor=current_actor(),
                decision=_decision(decision_id),
                expected_hash=request.form.get("file_hash", ""),
                capacity=request.form.get("capacity", ""),
                note=request.form.get("note", ""),
            )
    except (NotFound, Stale):
        raise
    except DomainError as error:
        flash(render(error.message), "danger")
    else:
        flash(_("Keputusan ditandatangani."), "success")
    return redirect(url_for(".decision", decision_id=decision_id) + "#tanda-tangan", 303)


def _decision(decision_id: int) -> Decision:
    row = find_row(db.session(), Decision, decision_id)
    if row is None:
        raise NotFound
    return row
