"""OPD: list, one with its units, new, rename, merge."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.clock import today
from app.core.db import db, transaction
from app.core.errors import Conflict, DomainError, InvalidInput, NotFound
from app.core.permissions import Permission
from app.web.access import check, current_actor, requires
from app.web.auth.forms import show_error
from app.web.listing import listing
from app.web.organisation.forms import MergeForm, OpdForm, UnitForm
from app.web.people.forms import options
from skills.models import Opd
from skills.queries import imports as import_queries
from skills.queries import organisation as queries
from skills.queries import people as people_queries
from skills.services import organisation as services

bp = Blueprint("opd", __name__, url_prefix="/opd")


@bp.get("")
@requires(Permission.OPD_MANAGE)
def index() -> Any:
    """List the OPD with their head counts."""
    session, given = db.session(), request.args
    statement = queries.opds_statement(
        q=given.get("q", ""), kind=given.get("jenis", ""), past="lama" in given
    )
    page = listing(session, statement, sorts=queries.SORTS, default="kode")
    return render_template(
        "organisation/index.html",
        page=page,
        counts=queries.head_counts(session, [opd.id for opd in page.rows]),
        kinds=[(kind, kind) for kind in queries.kinds(session)],
        today=today(),
    )


@bp.route("/baru", methods=["GET", "POST"])
@requires(Permission.OPD_MANAGE)
def new() -> Any:
    """Make an OPD."""
    form = OpdForm()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                opd_id = services.create_opd(session, values=form.values()).id
        except (InvalidInput, Conflict) as error:
            show_error(form, error)
        else:
            flash(_("Perangkat daerah dibuat."), "success")
            return redirect(url_for("opd.show", opd_id=opd_id), 303)
    status = 422 if request.method == "POST" else 200
    return render_template("organisation/edit.html", form=form, opd=None), status


@bp.get("/<int:opd_id>")
@requires(Permission.OPD_MANAGE)
def show(opd_id: int) -> Any:
    """Show an OPD with its tree of units."""
    return _show_page(_opd(opd_id))


def _opd(opd_id: int, session: Any = None) -> Opd:
    found = queries.find_opd(session or db.session(), opd_id)
    if found is None:
        raise NotFound
    check(Permission.OPD_MANAGE, found)
    return found


def _show_page(opd: Opd, form: UnitForm | None = None) -> str:
    session = db.session()
    into = queries.find_opd(session, opd.merged_into_id) if opd.merged_into_id else None
    return render_template(
        "organisation/show.html",
        opd=opd,
        into=into,
        tree=queries.unit_tree(session, opd.id),
        people=queries.head_counts(session, [opd.id]).get(opd.id, 0),
        form=form or _unit_form(opd),
        today=today(),
    )


def _unit_form(opd: Opd) -> UnitForm:
    form = UnitForm()
    form.parent_id.choices = options(people_queries.unit_choices(db.session(), opd.id), "–")
    return form


@bp.post("/<int:opd_id>/unit")
@requires(Permission.OPD_MANAGE)
def add_unit(opd_id: int) -> Any:
    """Add a unit."""
    form = _unit_form(_opd(opd_id))
    if not form.validate_on_submit():
        return _show_page(_opd(opd_id), form), 422
    try:
        with transaction(current_actor()) as session:
            services.add_unit(
                session,
                opd=_opd(opd_id, session),
                name=form.name.data or "",
                parent_id=form.parent_id.data,
            )
    except (InvalidInput, Conflict) as error:
        show_error(form, error)
        return _show_page(_opd(opd_id), form), 422
    flash(_("Unit kerja ditambahkan."), "success")
    return redirect(url_for("opd.show", opd_id=opd_id), 303)


@bp.route("/<int:opd_id>/ubah", methods=["GET", "POST"])
@requires(Permission.OPD_MANAGE)
def edit(opd_id: int) -> Any:
    """Rename an OPD or set its dates; the audit trail keeps the old name."""
    opd = _opd(opd_id)
    form = OpdForm(obj=opd)
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                found = _opd(opd_id, session)
                services.change_opd(session, opd=found, values=form.values(found.code))
        except (InvalidInput, Conflict) as error:
            show_error(form, error)
            opd = _opd(opd_id)
        else:
            flash(_("Perubahan disimpan."), "success")
            return redirect(url_for("opd.show", opd_id=opd_id), 303)
    status = 422 if request.method == "POST" else 200
    return render_template("organisation/edit.html", form=form, opd=opd), status


@bp.route("/<int:opd_id>/gabung", methods=["GET", "POST"])
@requires(Permission.OPD_MANAGE)
def merge(opd_id: int) -> Any:
    """Preview (GET) and do (POST) a merger into another OPD."""
    opd = _opd(opd_id)
    form = _merge_form(opd)
    if request.method == "POST":
        return _merge(opd_id, form)
    moves, status = None, 200
    if "target_id" in request.args:
        if form.validate():
            moves, status = _preview(opd, form)
        else:
            status = 422
    return render_template("organisation/merge.html", opd=opd, form=form, moves=moves), status


def _merge_form(opd: Opd) -> MergeForm:
    asked = request.method == "POST" or "target_id" in request.args
    given = request.form if request.method == "POST" else request.args
    form = MergeForm(
        given if asked else None, meta={} if request.method == "POST" else {"csrf": False}
    )
    if not asked:
        form.on.data = today()
    others = [pair for pair in import_queries.opd_choices(db.session()) if pair[0] != opd.id]
    form.target_id.choices = options(others, "–")
    return form


def _preview(opd: Opd, form: MergeForm) -> tuple[Any, int]:
    target = _opd(form.target_id.data)
    try:
        return services.preview_merge(db.session(), source=opd, target=target), 200
    except DomainError as error:
        show_error(form, error)
        return None, 422


def _merge(opd_id: int, form: MergeForm) -> Any:
    if not form.validate():
        page = render_template("organisation/merge.html", opd=_opd(opd_id), form=form, moves=None)
        return page, 422
    actor, target_id = current_actor(), form.target_id.data
    try:
        with transaction(actor) as session:
            services.merge_opd(
                session,
                source=_opd(opd_id, session),
                target=_opd(target_id, session),
                on=form.on.data or today(),
                reason=form.reason.data or "",
                actor=actor,
            )
    except InvalidInput as error:
        show_error(form, error)
        page = render_template("organisation/merge.html", opd=_opd(opd_id), form=form, moves=None)
        return page, 422
    flash(_("Perangkat daerah digabung."), "success")
    return redirect(url_for("opd.show", opd_id=target_id), 303)
