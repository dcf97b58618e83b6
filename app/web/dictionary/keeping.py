"""What officers do with frameworks and competencies: add, edit, new editions, retire, delete."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import Conflict, DomainError, InvalidInput, NotFound
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.claims.forms import put_error
from app.web.dictionary.forms import CompetencyForm, FrameworkForm, lines_of
from app.web.dictionary.routes import (
    bp,
    competency_view,
    find_competency,
    find_framework,
    framework_view,
)
from app.web.i18n import render
from skills.models import Competency, Framework
from skills.queries.dictionary import find_item
from skills.queries.frameworks import areas_of
from skills.services import dictionary as services
from skills.services.editions import Wording, cancel_prepared
from skills.services.mappings import read_mappings, set_mappings
from skills.services.reference_usage import use_words, uses_of_competency

__all__ = ["bp"]


@bp.get("/kamus/kerangka/baru")
@requires(P.REFERENCE_MANAGE)
def new_framework() -> str:
    """Show the form of a framework."""
    return render_template("dictionary/framework_form.html", form=FrameworkForm(), row=None)


@bp.get("/kamus/kerangka/<int:framework_id>/ubah")
@requires(P.REFERENCE_MANAGE)
def edit_framework(framework_id: int) -> str:
    """Show the form of a known framework."""
    row = find_framework(framework_id)
    return render_template("dictionary/framework_form.html", form=FrameworkForm(obj=row), row=row)


@bp.post("/kamus/kerangka/baru")
@requires(P.REFERENCE_MANAGE)
def create_framework() -> Any:
    """Add a framework as a draft."""
    return _save_framework(None)


@bp.post("/kamus/kerangka/<int:framework_id>/ubah")
@requires(P.REFERENCE_MANAGE)
def change_framework(framework_id: int) -> Any:
    """Change what a framework is called, its source and its time."""
    return _save_framework(find_framework(framework_id))


def _save_framework(row: Framework | None) -> Any:
    form = FrameworkForm()
    if row is not None:
        form.code.data = row.code
    if not form.validate_on_submit() and (row is None or set(form.errors) - {"code"}):
        return render_template("dictionary/framework_form.html", form=form, row=row), 422
    values = services.FrameworkInput(
        code=row.code if row else form.code.data,
        name=form.name.data,
        name_en=form.name_en.data or form.name.data,
        kind=form.kind.data,
        version=form.version.data,
        source=form.source.data or "",
        confidence=row.confidence if row else "local_draft",
        valid_from=form.valid_from.data,
        valid_until=form.valid_until.data,
    )
    try:
        with transaction(current_actor()) as session:
            target = session.merge(row) if row is not None else None
            kept = services.save_framework(session, framework=target, values=values).id
    except InvalidInput as error:
        put_error(form, error)
        return render_template("dictionary/framework_form.html", form=form, row=row), 422
    flash(_("Kamus disimpan."), "success")
    return redirect(url_for("dictionary.framework", framework_id=kept), 303)


@bp.post("/kamus/kerangka/<int:framework_id>/keadaan")
@requires(P.REFERENCE_MANAGE)
def framework_state(framework_id: int) -> Any:
    """Put a framework into force, or retire it; a refusal is told on its page."""
    try:
        with transaction(current_actor()) as session:
            services.set_framework_state(
                session,
                framework=find_framework(framework_id),
                state=request.form.get("keadaan", ""),
            )
    except (Conflict, InvalidInput) as error:
        told = [(render(error.message), None)]
        return framework_view(find_framework(framework_id), told), 409
    flash(_("Keadaan kamus diubah."), "success")
    return redirect(url_for("dictionary.framework", framework_id=framework_id), 303)


def _competency_form(framework: Framework, row: Competency | None) -> CompetencyForm:
    form = CompetencyForm(obj=row) if request.method == "GET" and row else CompetencyForm()
    areas = areas_of(db.session(), framework.id)
    form.parent_id.choices = [(0, _("Tanpa bidang"))] + [
        (area.id, f"{area.code} {area.name}") for area in areas if row is None or area.id != row.id
    ]
    if request.method == "GET" and row is not None:
        form.parent_id.data, form.months.data = row.parent_id or 0, row.shelf_life_months
        form.keywords.data = "\n".join(row.keywords)
        form.mappings.data = "\n".join(
            f"{one.target_framework}:{one.target_code}:{one.target_name}" for one in row.mappings
        )
        for level in row.levels:
            form[f"level_{level.level}"].data = "\n".join(level.behaviours)
    return form


@bp.get("/kamus/kerangka/<int:framework_id>/butir")
@requires(P.REFERENCE_MANAGE)
def new_item(framework_id: int) -> str:
    """Show the form of a new competency or area."""
    framework = find_framework(framework_id)
    form = _competency_form(framework, None)
    form.kind.data, form.parent_id.data = framework.kind, request.args.get("bidang", 0, type=int)
    return _form_page(framework, None, form)


def _form_page(framework: Framework, row: Competency | None, form: CompetencyForm) -> str:
    uses = uses_of_competency(db.session(), row.id) if row is not None else {}
    told = [render(message) for message in use_words(uses)]
    return render_template(
        "dictionary/item_form.html",
        framework=framework,
        row=row,
        form=form,
        uses=told,
        today=clock.today(),
    )


@bp.post("/kamus/kerangka/<int:framework_id>/butir")
@requires(P.REFERENCE_MANAGE)
def create_item(framework_id: int) -> Any:
    """Add a competency or an area."""
    framework = find_framework(framework_id)
    form = _competency_form(framework, None)
    if not form.validate_on_submit():
        return _form_page(framework, None, form), 422
    try:
        with transaction(current_actor()) as session:
            row = services.create_competency(
                session, framework=find_framework(framework_id), values=_values(form, None)
            )
            set_mappings(session, row, read_mappings(lines_of(form.mappings.data)))
            target = _after(row)
    except InvalidInput as error:
        put_error(form, error)
        return _form_page(find_framework(framework_id), None, form), 422
    flash(_("Butir kamus ditambahkan."), "success")
    return redirect(target, 303)


def _after(row: Competency) -> str:
    if row.is_area:
        return url_for("dictionary.framework", framework_id=row.framework_id)
    return url_for("dictionary.show", competency_id=row.id)


def _values(form: CompetencyForm, row: Competency | None) -> services.CompetencyInput:
    levels = {n: lines_of(form[f"level_{n}"].data) for n in range(1, 6)}
    is_area = row.is_area if row is not None else bool(form.is_area.data)
    return services.CompetencyInput(
        code=row.code if row is not None else form.code.data,
        name=form.name.data,
        name_en=form.name_en.data or form.name.data,
        kind=form.kind.data,
        parent_id=form.parent_id.data or None,
        is_area=is_area,
        two_stage=bool(form.two_stage.data),
        shelf_life_months=form.months.data,
        wording=Wording(
            form.definition.data or "",
            lines_of(form.keywords.data),
            {} if is_area else {level: texts for level, texts in levels.items() if texts},
        ),
    )


def _item(item_id: int) -> Competency:
    row = find_item(db.session(), item_id)
    if row is None:
        raise NotFound
    return row


@bp.get("/kamus/<int:item_id>/ubah")
@requires(P.REFERENCE_MANAGE)
def edit_item(item_id: int) -> str:
    """Show the form of a known competency or area."""
    row = _item(item_id)
    return _form_page(row.framework, row, _competency_form(row.framework, row))


@bp.post("/kamus/<int:item_id>/ubah")
@requires(P.REFERENCE_MANAGE)
def change_item(item_id: int) -> Any:
    """Change a competency: names and settings in place, a used wording by a new edition."""
    row = _item(item_id)
    form = _competency_form(row.framework, row)
    form.code.data = row.code
    if not form.validate_on_submit() and set(form.errors) - {"code"}:
        return _form_page(row.framework, row, form), 422
    try:
        with transaction(current_actor()) as session:
            row = _item(item_id)
            made = services.change_competency(
                session,
                competency=row,
                values=_values(form, row),
                valid_from=form.valid_from.data or clock.today(),
                reason=form.reason.data or "",
                expected_revision=int(form.revision.data or 0),
            )
            set_mappings(session, row, read_mappings(lines_of(form.mappings.data)))
            target = _after(row)
    except InvalidInput as error:
        put_error(form, error)
        row = _item(item_id)
        return _form_page(row.framework, row, form), 422
    flash(
        _("Edisi baru disimpan; yang lama tetap dapat dibaca.") if made else _("Disimpan."),
        "success",
    )
    return redirect(target, 303)


@bp.post("/kamus/<int:item_id>/keadaan")
@requires(P.REFERENCE_MANAGE)
def item_state(item_id: int) -> Any:
    """Put a competency into force, retire it, delete it, or cancel an edition that waits."""
    wanted, row = request.form.get("keadaan", ""), _item(item_id)
    target = url_for("dictionary.framework", framework_id=row.framework_id)
    try:
        with transaction(current_actor()) as session:
            row = _item(item_id)
            if wanted == "hapus":
                services.delete_competency(session, competency=row)
            elif wanted == "batal-edisi":
                cancel_prepared(session, competency=row)
                target = _after(row)
            else:
                services.set_competency_state(session, competency=row, state=wanted)
                target = _after(row)
    except (Conflict, InvalidInput) as error:
        return _refused(item_id, error)
    flash(_("Dihapus.") if wanted == "hapus" else _("Disimpan."), "success")
    return redirect(target, 303)


def _refused(item_id: int, error: DomainError) -> Any:
    told, row = [(render(error.message), None)], _item(item_id)
    if row.is_area:
        return framework_view(row.framework, told), 409
    return competency_view(find_competency(item_id), errors=told), 409
