"""Seats and scouting: the list of seats, the ranked list of one, shortlist, decision, coverage."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.actor import RoleName
from app.core.db import db, transaction
from app.core.errors import Conflict, DomainError, NotFound, Stale
from app.core.permissions import Permission as P
from app.web.access import audit_read, can, check, current_actor, requires
from app.web.i18n import named, render
from app.web.listing import listing
from app.web.seats import presenters
from app.web.seats.forms import (
    DecisionForm,
    SeatForm,
    ShortlistForm,
    asks_nothing,
    criteria_from_args,
    odd_criteria,
)
from app.web.seats.gate_fields import gate_fields
from matching.enums import SeatState
from matching.models import Role, Seat, ShortlistEntry
from matching.queries.coverage import coverage
from matching.queries.seats import (
    SeatFilter,
    decisions_of,
    find_entry,
    find_seat,
    open_placements,
    roles_in_force,
    seats_statement,
)
from matching.services import (
    assurance,
    decisions,
    explain,
    fairness_sheet,
    interest,
    panel,
    runs,
    scouting,
    stability,
)
from matching.services.own_fit import own_fits
from matching.services.process_rules import process_rules
from matching.services.seats import open_seat
from skills.models import Opd
from skills.queries.organisation import opd_in_force

bp = Blueprint("seats", __name__)


@bp.get("/kursi")
@requires(P.SEAT_READ)
def index() -> str:
    """List the seats of the city; the state of the list is in the address."""
    args = request.args
    filters = SeatFilter(
        state=args.get("keadaan"),
        opd_id=args.get("opd", type=int),
        role_code=args.get("peran"),
        text=args.get("q", "").strip()[:100] or None,
    )
    session = db.session()
    page = listing(
        session,
        seats_statement(filters),
        sorts={
            "keadaan": (Seat.state != SeatState.VACANT, Opd.code, Role.code),
            "opd": (Opd.name, Role.name),
            "peran": (Role.name, Opd.name),
            "dibuka": (Seat.opened_on, Seat.code),
        },
        default="keadaan",
    )
    return render_template(
        "seats/index.html",
        page=page,
        placements=open_placements(session, [seat.id for seat in page.rows]),
        opd_options=[(row.id, row.short_name) for row in opd_in_force(session)],
        role_options=[(role.code, named(role)) for role in roles_in_force(session)],
        seat_words=presenters.seat_words(),
        figures=coverage(session, day=clock.today()),
    )


@bp.get("/kursi/<int:seat_id>")
@requires(P.SEAT_READ)
def show(seat_id: int) -> str:
    """Show a seat; those who scout see the ranked list, everybody else what is asked."""
    seat = seat_or_404(seat_id)
    session = db.session()
    values: dict[str, Any] = {
        "seat": seat,
        "placements": open_placements(session, [seat.id]).get(seat.id, []),
        "items": seat.role.standard.items,
        "may_scout": can(P.SEAT_REVIEW, seat),
        "may_list": can(P.SEAT_SCOUT, seat),
        "may_decide": can(P.SEAT_DECIDE, seat),
        "seat_words": presenters.seat_words(),
        "today": clock.today(),
        "remind_days": process_rules(session).remind_days,
        "today_iso": clock.today().isoformat(),
    }
    if values["may_scout"] and any(item.weight > 0 for item in values["items"]):
        values |= _scouting(seat)
    else:
        values |= _own_view(seat)
    if can(P.DECISION_READ):
        values["past"] = past = decisions_of(session, seat.id)
        values["history"] = presenters.history_events(past)
    return render_template("seats/show.html", **values)


def _own_view(seat: Seat) -> dict[str, Any]:
    """Return the own fit for an open seat and what the person said; nobody else's data."""
    person, session = current_actor().employee_id, db.session()
    if person is None or seat.state != SeatState.VACANT:
        return {}
    return {
        "own_fit": own_fits(session, employee_id=person, seats=[seat]).get(seat.role_id),
        "own_word": interest.own_interests(session, employee_id=person).get(seat.id),
    }


def ranking_for(seat: Seat, *, top: int) -> scouting.Ranking:
    """Return the ranking of a seat with the criteria in the address of this request."""
    criteria = criteria_from_args(scouting.criteria_of(seat), request.args, _own_opd(seat))
    return scouting.rank_for_role(db.session(), role=seat.role, criteria=criteria, top=top)


def _scouting(seat: Seat) -> dict[str, Any]:
    session = db.session()
    ranking = ranking_for(seat, top=presenters.LIST_LENGTH)
    entries = decisions.entries_of(session, seat)
    masked = request.args.get("samar") == "1"
    people = presenters.people_of(session, [row.person.id for row in ranking.people])
    shown = [row.person.id for row in ranking.people] + [entry.employee_id for entry in entries]
    if shown:
        audit_read("matching:ranking:read", shown, subject=seat, order=ranking.order_hash[:16])
    sure = assurance.assured(session, ranking.people, day=ranking.day)
    return {
        "ranking": ranking,
        "people": people,
        "rows": presenters.candidate_rows(seat, ranking, people, entries, masked, sure),
        "entries": entries,
        "masked": masked,
        "gates": gate_fields(session, ranking.criteria.gates),
        **_told(scouting.criteria_of(seat)),
        "address": _address(seat.id, None),
        "kept": [pair for pair in request.args.items(multi=True) if pair[0] != "people"],
        "intervals": stability.list_intervals(ranking.scored),
        "documents": explain.decisive_documents(
            session, ranking.scored, [int(at) for at in ranking.scored.rows[:10]]
        ),
        "names": presenters.requirement_names(seat),
        "interests": interest.states_of(session, seat_id=seat.id),
        "shortlist_form": ShortlistForm(order_hash=ranking.order_hash),
        **_process(seat, entries, masked),
    }


def _process(seat: Seat, entries: Sequence[ShortlistEntry], masked: bool) -> dict[str, Any]:
    """Return what follows the list: panel, fairness sheet, objections, decision."""
    session = db.session()
    return {
        "contests": interest.contests_of_seat(session, seat_id=seat.id),
        "panel": panel.panel_of(session, entries),
        "own_scores": panel.own_scores(
            session, account_id=current_actor().account_id or 0, entries=entries
        ),
        "entry_words": presenters.entry_words(),
        "fairness_read": fairness_sheet.acknowledged(
            session,
            seat_id=seat.id,
            number=decisions.current_round(session, seat.id),
            entries=entries,
        ),
        "decision_form": DecisionForm.for_entries(seat, entries, masked=masked),
    }


def _told(usual: scouting.Criteria) -> dict[str, Any]:
    """Return what the address asks that cannot be, for the page to say so."""
    return {
        "odd": odd_criteria(usual, request.args),
        "asks_nothing": asks_nothing(usual, request.args),
    }


def _own_opd(seat: Seat) -> int | None:
    """OPD managers scout among their own people only."""
    city = (RoleName.OFFICER, RoleName.EXECUTIVE, RoleName.AUDITOR)
    actor = current_actor()
    return None if actor.has(*city) and actor.opd_ids(*city) is None else seat.opd_id


@bp.post("/kursi/<int:seat_id>/daftar-pendek")
@requires(P.SEAT_SCOUT)
def shortlist(seat_id: int) -> Any:
    """Put the chosen people on the shortlist with the ranking frozen as seen."""
    form = ShortlistForm()
    back = redirect(_address(seat_id, "kandidat"), 303)
    if not form.validate_on_submit():
        flash(_("Pilih paling sedikit satu orang dan isi alasannya."), "danger")
        return back
    actor = current_actor()
    try:
        with transaction(actor) as session:
            seat = seat_or_404(seat_id, P.SEAT_SCOUT)
            ranking = ranking_for(seat, top=presenters.LIST_LENGTH)
            chosen = presenters.chosen_candidates(ranking, form.people.data, form.order_hash.data)
            run = runs.keep_run(session, actor=actor, seat=seat, ranking=ranking)
            added = decisions.shortlist(
                session,
                actor=actor,
                seat=seat,
                run=run,
                candidates=chosen,
                reason=form.reason.data,
            )
    except Stale:
        raise
    except Conflict as error:
        flash(render(error.message), "warning")
        return back
    flash(_("%(count)s orang masuk daftar pendek.", count=len(added)), "success")
    return redirect(_address(seat_id, "daftar-pendek"), 303)


@bp.post("/kursi/<int:seat_id>/daftar-pendek/<int:entry_id>/keluar")
@requires(P.SEAT_SCOUT)
def remove(seat_id: int, entry_id: int) -> Any:
    """Take a person off the shortlist with a reason."""
    reason = request.form.get("reason", "")
    try:
        with transaction(current_actor()) as session:
            seat_or_404(seat_id, P.SEAT_SCOUT)
            entry = find_entry(session, seat_id=seat_id, entry_id=entry_id)
            if entry is None:
                raise NotFound
            decisions.remove_from_shortlist(session, entry=entry, reason=reason)
    except DomainError as error:
        if isinstance(error, (NotFound, Stale)):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("Kandidat dikeluarkan dari daftar pendek."), "success")
    return redirect(url_for(".show", seat_id=seat_id) + "#daftar-pendek", 303)


@bp.post("/kursi/<int:seat_id>/keputusan")
@requires(P.SEAT_DECIDE)
def decide(seat_id: int) -> Any:
    """Record the decision on a seat and place the person."""
    form = DecisionForm()
    try:
        with transaction(current_actor()) as session:
            seat = seat_or_404(seat_id, P.SEAT_DECIDE)
            # Before the form: a seat that is filled has no shortlist to choose from any more.
            decisions.check_vacant(session, seat, form.version.data)
            form.offer(decisions.entries_of(session, seat))
            if not form.validate():
                raise DomainError(form.first_error())
            decision = decisions.decide(
                session,
                actor=current_actor(),
                seat=seat,
                employee_id=form.employee_id.data,
                backup_id=form.backup_id.data or None,
                reason=form.reason.data,
                dissent=form.dissent.data or "",
                letter_number=form.letter_number.data,
                since=form.since.data,
                planned_until=form.planned_until.data,
                expected_version=form.version.data,
            )
            name = decision.employee.display_name
    except DomainError as error:
        if isinstance(error, (NotFound, Stale)):
            raise
        flash(render(error.message), "danger")
        return redirect(url_for(".show", seat_id=seat_id) + "#keputusan", 303)
    flash(_("Keputusan tersimpan: %(name)s mengisi kursi ini.", name=name), "success")
    return redirect(url_for(".show", seat_id=seat_id), 303)


@bp.route("/kursi/baru", methods=["GET", "POST"])
@requires(P.SEAT_DECIDE)
def new() -> Any:
    """Open a seat of a role in an OPD."""
    form = SeatForm()
    form.offer(roles_in_force(db.session()), opd_in_force(db.session()))
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                seat = open_seat(
                    session,
                    role_id=form.role_id.data,
                    opd_id=form.opd_id.data,
                    places=form.places.data,
                )
                seat_id = seat.id
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Kursi dibuka."), "success")
            return redirect(url_for(".show", seat_id=seat_id), 303)
    return render_template("seats/new.html", form=form), 422 if form.errors else 200


@bp.get("/cakupan")
@requires(P.COVERAGE_READ)
def show_coverage() -> str:
    """Show the number the city is judged by, OPD by OPD."""
    figures = coverage(db.session(), day=clock.today())
    return render_template(
        "seats/coverage.html", figures=figures, tiles=presenters.coverage_tiles(figures)
    )


def _address(seat_id: int, part: str | None) -> str:
    """Return the address of a seat with the criteria of this request, at a part of the page."""
    query: dict[str, Any] = request.args.to_dict(flat=False)
    return url_for(".show", seat_id=seat_id, _anchor=part, **query)


def seat_or_404(seat_id: int, permission: P = P.SEAT_READ) -> Seat:
    """Return a seat that the signed-in person may do this to.

    Raises:
        NotFound: there is none, or not for this person.
    """
    seat = find_seat(db.session(), seat_id)
    if seat is None:
        raise NotFound
    check(permission, seat)
    return seat
