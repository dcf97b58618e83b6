"""Searching talent without a seat: text, a model person, or filters; the search is the address."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.actor import RoleName
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import render
from matching.services import searches
from matching.services.gates import Gates
from skills.queries.organisation import opd_in_force
from skills.queries.profile import employees_by_id
from skills.queries.standards import matched_competencies
from skills.services.reference_load import reference_rows

bp = Blueprint("scouting", __name__)
_KEPT = ("q", "mirip", "opd", "status", "pendidikan", "masa_kerja", "kompetensi", "level", "samar")


@bp.get("/pencarian-talenta")
@requires(P.SEAT_REVIEW)
def search() -> Any:
    """Find people by text, by a model person or by filters; everything is in the address."""
    session = db.session()
    error, answer, question = None, None, _question()
    if any(request.args.get(key) for key in _KEPT):
        try:
            answer = searches.look(session, question)
        except DomainError as refusal:
            error = render(refusal.message)
    people = employees_by_id(
        session, [found.person.id for found in answer.people] if answer else []
    )
    if people:
        audit_read("matching:search:read", list(people))
    like = employees_by_id(session, [question.like_id]) if question.like_id else {}
    page = render_template(
        "scouting/search.html",
        answer=answer,
        error=error,
        people=people,
        like=like.get(question.like_id or 0),
        masked=request.args.get("samar") == "1",
        saved=searches.saved_searches(session, account_id=current_actor().account_id or 0),
        address=_address(),
        opd_options=_opd_options(session),
        education_options=_education_options(session),
        competency_options=_competency_options(session),
    )
    return page, 422 if error else 200


def _question() -> searches.Question:
    args = request.args
    text = args.get("q", "")
    return searches.Question(
        text=text,
        like_id=args.get("mirip", type=int),
        gates=Gates(
            employment_kinds=tuple(kind for kind in args.getlist("status") if kind),
            education_min=args.get("pendidikan") or None,
            service_years_min=max(0, args.get("masa_kerja", 0, type=int)),
            opd_id=_own_opd(args.get("opd", type=int)),
        ),
        competency_id=args.get("kompetensi", type=int),
        level=min(5, max(1, args.get("level", 1, type=int))),
    )


def _own_opd(wanted: int | None) -> int | None:
    """OPD managers search among their own people only."""
    actor = current_actor()
    if actor.has(RoleName.OFFICER):
        return wanted
    reach = sorted(actor.opd_ids(RoleName.OPD_MANAGER) or ())
    return wanted if wanted in reach else (reach[0] if reach else -1)


def _address() -> str:
    pairs = [(key, value) for key in _KEPT for value in request.args.getlist(key) if value]
    return f"{url_for('.search')}?{urlencode(pairs)}"


def _opd_options(session: Any) -> list[tuple[int, str]]:
    return [(row.id, row.short_name) for row in opd_in_force(session)]


def _education_options(session: Any) -> list[tuple[str, str]]:
    return [(row["code"], row["name"]) for row in reference_rows(session, "education_levels")]


def _competency_options(session: Any) -> list[tuple[int, str]]:
    return [(row.id, row.name) for row in matched_competencies(session)]


@bp.post("/pencarian-talenta/simpan")
@requires(P.SEAT_REVIEW)
def save() -> Any:
    """Keep this search under a name, for oneself or for everybody who scouts."""
    address = request.form.get("address", "")
    places = (url_for(".search"), url_for("seats.index") + "/")
    target = address if address.startswith(places) else url_for(".search")
    try:
        with transaction(current_actor()) as session:
            searches.save_search(
                session,
                actor=current_actor(),
                name=request.form.get("name", ""),
                address=target,
                is_shared=request.form.get("shared") == "1",
            )
    except DomainError as error:
        flash(render(error.message), "danger")
    else:
        flash(_("Pencarian disimpan."), "success")
    return redirect(target, 303)


@bp.post("/pencarian-talenta/<int:search_id>/hapus")
@requires(P.SEAT_REVIEW)
def delete(search_id: int) -> Any:
    """Delete one's own saved search."""
    with transaction(current_actor()) as session:
        searches.delete_search(session, actor=current_actor(), search_id=search_id)
    return redirect(url_for(".search"), 303)
