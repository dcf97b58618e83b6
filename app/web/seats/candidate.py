"""One person for one seat, opened to the last number; several people side by side."""

from itertools import pairwise
from typing import Any

from flask import current_app, redirect, render_template, request, url_for

from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, requires
from app.web.seats import presenters
from app.web.seats.catalogue import offers_in_force
from app.web.seats.routes import bp, ranking_for, seat_or_404
from matching.services import assurance, decisions, explain, interest, stability, whatif
from matching.services.scouting import RankedPerson, Ranking

SIDE_BY_SIDE = 5


@bp.get("/kursi/<int:seat_id>/kandidat/<int:employee_id>")
@requires(P.SEAT_REVIEW)
def candidate(seat_id: int, employee_id: int) -> str:
    """Show why a person stands where they stand, and what would change it."""
    seat = seat_or_404(seat_id, P.SEAT_REVIEW)
    session = db.session()
    ranking = ranking_for(seat, top=presenters.LIST_LENGTH)
    found = _person(ranking, employee_id)
    at = ranking.scored.inputs.pool.position_of(employee_id)
    if found is None or at is None:
        raise NotFound
    offers, courses = offers_in_force(session)
    plan = whatif.cheapest_plan(
        session, ranking.scored, at, offers, hours_first=request.args.get("hemat") != "biaya"
    )
    masked = request.args.get("samar") == "1"
    audit_read("matching:candidate:read", [employee_id], subject=seat)
    people = presenters.people_of(session, [employee_id])
    sure = assurance.assured(session, [found], day=ranking.day)
    row = presenters.candidate_rows(
        seat, ranking, people, decisions.entries_of(session, seat), masked, sure, only=[found]
    )[0]
    documents = explain.decisive_documents(session, ranking.scored, [at])
    return render_template(
        "seats/candidate.html",
        seat=seat,
        ranking=ranking,
        row=row,
        masked=masked,
        interval=stability.list_intervals(ranking.scored).get(employee_id),
        documents=documents,
        names=presenters.requirement_names(seat),
        phrases=explain.matched_phrases(session, ranking.scored, at),
        plan=plan,
        courses=courses,
        endpoints=current_app.view_functions,
        neighbours=_neighbours(session, ranking, found, masked),
        interest=interest.states_of(session, seat_id=seat.id).get(employee_id),
    )


@bp.get("/kursi/<int:seat_id>/banding")
@requires(P.SEAT_REVIEW)
def compare(seat_id: int) -> str:
    """Show up to five people side by side, requirement by requirement."""
    seat = seat_or_404(seat_id, P.SEAT_REVIEW)
    session = db.session()
    ranking = ranking_for(seat, top=presenters.LIST_LENGTH)
    wanted = list(dict.fromkeys(request.args.getlist("orang", type=int)))[:SIDE_BY_SIDE]
    chosen = [found for person in wanted if (found := _person(ranking, person)) is not None]
    chosen.sort(key=lambda found: found.rank)
    masked = request.args.get("samar") == "1"
    ids = [found.person.id for found in chosen]
    if ids:
        audit_read("matching:compare:read", ids, subject=seat)
    people = presenters.people_of(session, ids)
    entries = decisions.entries_of(session, seat)
    sure = assurance.assured(session, chosen, day=ranking.day)
    return render_template(
        "seats/compare.html",
        seat=seat,
        ranking=ranking,
        rows=presenters.candidate_rows(seat, ranking, people, entries, masked, sure, only=chosen),
        sure=sure,
        found=chosen,
        names=presenters.requirement_names(seat),
        intervals=stability.list_intervals(ranking.scored),
        swaps=[_swaps(ranking, left, right) for left, right in pairwise(chosen)],
        masked=masked,
        limit=SIDE_BY_SIDE,
    )


@bp.get("/kursi/<int:seat_id>/banding/pilih")
@requires(P.SEAT_REVIEW)
def compare_chosen(seat_id: int) -> Any:
    """Turn ticked people of the list into the address of their comparison."""
    query: dict[str, Any] = request.args.to_dict(flat=False)
    people = query.pop("people", [])[:SIDE_BY_SIDE]
    for name in ("csrf_token", "order_hash", "reason"):
        query.pop(name, None)
    return redirect(url_for(".compare", seat_id=seat_id, **{**query, "orang": people}), 303)


def _person(ranking: Ranking, employee_id: int) -> RankedPerson | None:
    """Return a person of the list by id; those outside the list are not shown at all."""
    rank = ranking.scored.rank_of(employee_id)
    if rank is None:
        return None
    return ranking.scored.person(int(ranking.scored.rows[rank - 1]), rank)


def _swaps(ranking: Ranking, left: RankedPerson, right: RankedPerson) -> Any:
    rows = [int(ranking.scored.rows[found.rank - 1]) for found in (left, right)]
    return {"left": left, "right": right, "swaps": stability.swaps(ranking.scored, *rows)[:3]}


def _neighbours(
    session: Any, ranking: Ranking, found: RankedPerson, masked: bool
) -> list[dict[str, Any]]:
    """Return the people just before and after, with the weights at which they would swap."""
    scored, beside = ranking.scored, []
    for rank in (found.rank - 1, found.rank + 1):
        if 1 <= rank <= len(scored.rows):
            beside.append(scored.person(int(scored.rows[rank - 1]), rank))
    people = presenters.people_of(session, [other.person.id for other in beside])
    audit_read("matching:candidate:read", list(people), subject=("seat", None))
    return [
        {
            "name": presenters.shown_name(people[other.person.id], other.rank, masked),
            "found": other,
            "swaps": _swaps(ranking, found, other)["swaps"][:1],
        }
        for other in beside
    ]
