"""Roles and the seats that ask for them: seen by everybody, kept by officers."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.i18n import Message
from app.core.permissions import Permission as P
from app.web.access import check, current_actor, requires
from app.web.i18n import render
from app.web.roles import fields
from matching.models import Role, Seat
from matching.queries import roles as queries
from matching.queries.seats import find_seat, roles_in_force
from matching.role_rules import thin_reasons
from matching.services import roles
from matching.services import seats as seat_services
from matching.services.gates import Gates, gate_labels
from matching.services.process_rules import process_rules
from matching.services.scoring_rules import scoring_rules
from matching.services.scouting import scales
from skills.queries.standards import requirements_of

bp = Blueprint("roles", __name__)


@bp.get("/peran")
@requires(P.SEAT_READ)
def index() -> str:
    """List the roles with their seats; those with too little to rank on are flagged."""
    session = db.session()
    found = roles_in_force(session)
    return render_template(
        "roles/index.html",
        rows=found,
        seats=queries.seat_counts(session),
        thin=_thin(found),
    )


def _thin(roles: Sequence[Role]) -> dict[int, list[Message]]:
    session = db.session()
    asked, words = scoring_rules(session).least_requirements, process_rules(session).least_words
    return {
        role.id: thin_reasons(
            requirements_of(role.standard), role.text, least_requirements=asked, least_words=words
        )
        for role in roles
    }


@bp.get("/peran/<int:role_id>")
@requires(P.SEAT_READ)
def show(role_id: int) -> str:
    """Show a version: what it asks, its gates, its seats, and the other versions."""
    session, role = db.session(), _role(role_id)
    return render_template(
        "roles/show.html",
        role=role,
        thin=_thin([role])[role.id],
        gates=list(gate_labels(Gates.from_role(role.gates), clock.today()).values()),
        versions=queries.versions_of(session, role.code),
        seats=queries.seats_of_role(session, role.id),
        newest=roles.newest_role(session, role.code),
        most=max((item.weight for item in role.standard.items), default=1),
    )


def _role(role_id: int) -> Role:
    role = queries.find_role(db.session(), role_id)
    if role is None:
        raise NotFound
    return role


@bp.route("/peran/baru", methods=["GET", "POST"])
@requires(P.ROLE_MANAGE)
def new() -> Any:
    """Make a role with what it asks."""
    if request.method == "GET":
        return _form(None, fields.kept(None), {})
    values = fields.given()
    try:
        asked = fields.role_input(values)
        with transaction(current_actor()) as session:
            made = roles.create_role(
                session, code=values["code"], values=asked, scales=scales(session)
            )
            role_id = made.id
    except DomainError as error:
        return _form(None, values, {error.field or "code": render(error.message)}), 422
    flash(_("Peran dibuat. Buka kursinya di OPD yang membutuhkan."), "success")
    return redirect(url_for(".show", role_id=role_id), 303)


@bp.route("/peran/<int:role_id>/ubah", methods=["GET", "POST"])
@requires(P.ROLE_MANAGE)
def edit(role_id: int) -> Any:
    """Change a role; a version that was used is followed by a new one."""
    role = _role(role_id)
    if request.method == "GET":
        return _form(role, fields.kept(role), {})
    values = fields.given()
    try:
        asked = fields.role_input(values)
        with transaction(current_actor()) as session:
            changed = roles.change_role(
                session, role=_role(role_id), values=asked, scales=scales(session), expected=role_id
            )
            now, number = changed.id, changed.version
    except DomainError as error:
        status = 422 if error.field else 409
        return _form(_role(role_id), values, {error.field or "name": render(error.message)}), status
    if now == role_id:
        flash(_("Peran disimpan."), "success")
    else:
        flash(_("Versi %(number)s dibuat; kursinya memakai versi ini.", number=number), "success")
    return redirect(url_for(".show", role_id=now), 303)


def _form(role: Role | None, values: dict[str, Any], errors: dict[str, str]) -> str:
    session = db.session()
    return render_template(
        "roles/edit.html",
        role=role,
        used=role is not None and roles.is_used(session, role),
        values=values,
        lines=fields.lines(values),
        errors=errors,
        **fields.options(session),
    )


@bp.post("/peran/<int:role_id>/pensiunkan")
@requires(P.ROLE_MANAGE)
def retire(role_id: int) -> Any:
    """Let nobody open a seat of this role any more."""
    reason = request.form.get("reason", "")
    try:
        with transaction(current_actor()) as session:
            roles.retire_role(session, role=_role(role_id), reason=reason)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("Peran tidak dipakai lagi; riwayatnya tetap terbaca."), "success")
    return redirect(url_for(".show", role_id=role_id), 303)


@bp.route("/kursi/<int:seat_id>/ubah", methods=["GET", "POST"])
@requires(P.SEAT_DECIDE)
def seat(seat_id: int) -> Any:
    """Change the places of a seat and whether it is a key seat, close it or open it again."""
    found = _seat(seat_id)
    if request.method == "GET":
        return render_template("roles/seat.html", seat=found, errors={}, values={})
    form = request.form
    try:
        with transaction(current_actor()) as session:
            _change(session, _seat(seat_id))
    except DomainError as error:
        errors = {error.field or "places": render(error.message)}
        page = render_template("roles/seat.html", seat=_seat(seat_id), errors=errors, values=form)
        return page, 422 if error.field else 409
    flash(_("Kursi disimpan."), "success")
    return redirect(url_for("seats.show", seat_id=seat_id), 303)


def _change(session: Any, found: Seat) -> None:
    form = request.form
    step = form.get("step")
    if step == "close":
        seat_services.close_seat(session, seat=found, reason=form.get("reason", ""))
    elif step == "reopen":
        seat_services.reopen_seat(session, seat=found)
    else:
        seat_services.change_seat(
            session,
            seat=found,
            places=form.get("places", 0, type=int),
            is_key=form.get("is_key") == "1",
            term_months=_months(form.get("term_months", "")),
            expected_version=form.get("version", 0, type=int),
        )


def _months(text: str) -> int | None:
    """Return the months that were typed; what is no number is refused as a term of none."""
    try:
        return int(text) if text.strip() else None
    except ValueError:
        return 0


def _seat(seat_id: int) -> Seat:
    found = find_seat(db.session(), seat_id)
    if found is None:
        raise NotFound
    check(P.SEAT_DECIDE, found)
    return found
