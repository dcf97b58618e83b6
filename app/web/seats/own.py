"""The civil servant's own page: open seats with the own fit, invitations, considerations."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, find_row, transaction
from app.core.errors import DomainError, NotFound, Stale
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.i18n import render
from app.web.seats import presenters
from app.web.seats.routes import bp, seat_or_404
from matching.models import Decision, Invitation, Seat
from matching.services import interest
from matching.services.own_fit import OwnFit, own_fits


@bp.get("/kursi/saya")
@requires(P.INTEREST_OWN)
def mine() -> str:
    """Show open seats with the own fit, invitations, and searches one was considered in."""
    session, person = db.session(), _me()
    seats = interest.open_seats(session)
    considered = interest.considerations(session, employee_id=person)
    return render_template(
        "seats/mine.html",
        seats=seats,
        roles=_by_role(seats, own_fits(session, employee_id=person, seats=seats)),
        said=interest.own_interests(session, employee_id=person),
        invitations=interest.invitations_of(session, employee_id=person),
        considered=considered,
        categories=interest.contest_categories(session),
        names=presenters.competency_names(session),
        today=clock.today(),
    )


def _by_role(seats: Sequence[Seat], fits: Mapping[int, OwnFit]) -> list[dict[str, Any]]:
    """Return the roles that are sought, the best own fit first, with their open seats."""
    own = current_actor().opd_id
    roles: dict[int, list[Seat]] = {}
    for seat in sorted(seats, key=lambda seat: (seat.opd_id != own, seat.opd.name)):
        roles.setdefault(seat.role_id, []).append(seat)
    found = [
        {"role": places[0].role, "seats": places, "fit": fits.get(role_id)}
        for role_id, places in roles.items()
    ]
    return sorted(
        found, key=lambda item: (-item["fit"].low if item["fit"] else 1.0, item["role"].name)
    )


@bp.post("/kursi/<int:seat_id>/minat")
@requires(P.INTEREST_OWN)
def say_interest(seat_id: int) -> Any:
    """Say that one is interested or not, or take it back."""
    state, person = request.form.get("state", ""), _me()

    def work(session: Any) -> None:
        seat = seat_or_404(seat_id)
        if state == "withdraw":
            interest.withdraw(session, seat=seat, employee_id=person)
        else:
            interest.say(session, seat=seat, employee_id=person, state=state)

    return _done(work, _("Pilihan Anda tersimpan; tidak memengaruhi nilai apa pun."), "terbuka")


@bp.post("/kursi/undangan/<int:invitation_id>")
@requires(P.INTEREST_OWN)
def answer_invitation(invitation_id: int) -> Any:
    """Accept or decline an invitation."""

    def work(session: Any) -> None:
        invitation = find_row(session, Invitation, invitation_id)
        if invitation is None or invitation.entry.employee_id != _me():
            raise NotFound
        accept = request.form.get("answer") == "accept"
        note = request.form.get("note", "")
        interest.answer_invitation(session, invitation=invitation, accept=accept, note=note)

    return _done(work, _("Jawaban Anda tersimpan."), "undangan")


@bp.post("/kursi/pertimbangan/<int:decision_id>/keberatan")
@requires(P.INTEREST_OWN)
def file_contest(decision_id: int) -> Any:
    """Contest a search one was considered in."""

    def work(session: Any) -> None:
        decision = find_row(session, Decision, decision_id)
        if decision is None:
            raise NotFound
        interest.file_contest(
            session,
            decision=decision,
            employee_id=_me(),
            category_code=request.form.get("category_code", ""),
            text=request.form.get("text", ""),
        )

    return _done(work, _("Keberatan Anda diterima dan akan dijawab."), "pertimbangan")


def _me() -> int:
    employee_id = current_actor().employee_id
    if employee_id is None:
        raise NotFound
    return employee_id


def _done(work: Any, words: str, part: str) -> Any:
    try:
        with transaction(current_actor()) as session:
            work(session)
    except (NotFound, Stale):
        raise
    except DomainError as error:
        flash(render(error.message), "danger")
    else:
        flash(words, "success")
    return redirect(url_for(".mine") + f"#{part}", 303)
